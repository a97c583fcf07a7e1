import { isType, type AnyEvent } from "@heliograph/client";
import { useEffect } from "react";
import { useSession } from "../session/session-context.js";
import { toast } from "../shared/toast.js";

/** A replay with at most this many events is not summarized. */
const WORTH_TELLING = 3;

/** Summarizes a replay in one notification instead of one for each event. */
export function CatchUpSummary(): null {
  const { client } = useSession();
  useEffect(
    () =>
      client.onBatch(({ events, replayed }) => {
        if (!replayed || events.length < WORTH_TELLING) return;
        const message = summaryOf(events);
        if (message !== "") toast({ id: "catch-up", title: "While you were away", message, "data-testid": "catch-up-summary" });
      }),
    [client],
  );
  return null;
}

/** Such as `4 new requests, 2 decided, 1 expired`; empty without events of approvals or agents. */
export function summaryOf(events: readonly AnyEvent[]): string {
  const created = events.filter((event) => isType(event, "approval:created")).length;
  const decided = events.filter((event) => isType(event, "approval:resolved")).length;
  const expired = events.filter((event) => isType(event, "approval:expired")).length;
  const agents = new Set(events.filter((event) => isType(event, "agent:status")).map((event) => event.subject.id)).size;
  return [
    part(created, "new request", "new requests"),
    part(decided, "decided", "decided"),
    part(expired, "expired", "expired"),
    part(agents, "agent changed", "agents changed"),
  ]
    .filter((text) => text !== "")
    .join(", ");
}

function part(count: number, one: string, many: string): string {
  return count === 0 ? "" : `${count} ${count === 1 ? one : many}`;
}
