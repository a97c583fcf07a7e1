import type { Approval } from "@heliograph/client";
import { useConnectionStatus } from "@heliograph/react";
import { useEffect } from "react";
import { mayDecide } from "../session/session.js";
import { useSession } from "../session/session-context.js";

/** A glance is no claim. */
const GLANCE = 3_000;
/** The lease is a minute. */
const RENEWAL = 40_000;

/** Tells others that this request is being looked at, while it is open here. A hint only: it failing changes nothing. */
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
