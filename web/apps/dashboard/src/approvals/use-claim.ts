import type { Approval } from "@heliograph/client";
import { useConnectionStatus } from "@heliograph/react";
import { useEffect } from "react";
import { mayDecide } from "../session/session.js";
import { useSession } from "../session/session-context.js";

/** Delay before a request that is open is claimed. Milliseconds. */
const GLANCE = 3_000;
/** Interval of renewals; a claim ends after a minute. Milliseconds. */
const RENEWAL = 40_000;

/** Claims the request while it is open here, so that others see it. Errors are ignored: a claim is only a hint. */
export function useClaim(approval: Approval): void {
  const { client, identity } = useSession();
  const { canWrite } = useConnectionStatus();
  const { id } = approval;
  const wanted = approval.status === "pending" && canWrite && mayDecide(identity);
  useEffect(() => {
    if (!wanted) return undefined;
    let renewal: ReturnType<typeof setInterval> | undefined;
    const claim = () => void client.rest.claim(id).catch(() => undefined);
    const first = setTimeout(() => {
      claim();
      renewal = setInterval(claim, RENEWAL);
    }, GLANCE);
    return () => {
      clearTimeout(first);
      clearInterval(renewal);
    };
  }, [client, id, wanted]);
}
