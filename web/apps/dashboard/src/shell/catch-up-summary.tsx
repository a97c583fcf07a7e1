import { isType, type AnyEvent } from "@heliograph/client";
import { useEffect } from "react";
import { useSession } from "../session/session-context.js";
import { useTexts } from "../shared/language.js";
import { toast } from "../shared/toast.js";
import { caughtUpTexts } from "./caught-up-texts.js";

/** A replay with at most this many events is not summarized. */
const WORTH_TELLING = 3;

/** Summarizes a replay in one notification instead of one for each event. */
export function CatchUpSummary(): null {
  const texts = useTexts(caughtUpTexts);
  const { client } = useSession();
  useEffect(
    () =>
      client.onBatch(({ events, replayed }) => {
        if (!replayed || events.length < WORTH_TELLING) return;
        const message = summaryOf(events, texts);
        if (message !== "") toast({ id: "catch-up", title: texts.title, message, "data-testid": "catch-up-summary" });
      }),
    [client, texts],
  );
  return null;
}

/** Such as `4 new requests, 2 decided, 1 expired`; empty without events of approvals or agents. */
export function summaryOf(events: readonly AnyEvent[], texts: typeof caughtUpTexts.en): string {
  const created = events.filter((event) => isType(event, "approval:created")).length;
  const decided = events.filter((event) => isType(event, "approval:resolved")).length;
  const expired = events.filter((event) => isType(event, "approval:expired")).length;
  const agents = new Set(events.filter((event) => isType(event, "agent:status")).map((event) => event.subject.id)).size;
  const part = (count: number, text: (count: number) => string) => (count === 0 ? [] : [text(count)]);
  return [...part(created, texts.created), ...part(decided, texts.decided), ...part(expired, texts.expired), ...part(agents, texts.agents)].join(", ");
}
