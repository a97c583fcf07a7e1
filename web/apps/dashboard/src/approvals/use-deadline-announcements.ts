import type { Approval } from "@heliograph/client";
import { useEffect } from "react";
import { useAnnouncer } from "../shared/announcer.js";
import { useTexts } from "../shared/language.js";
import { requestTexts } from "./request-texts.js";

/**
 * Announces the deadline five minutes, one minute and twenty seconds before it. `left` is in milliseconds; `extendable` says whether the member
 * may move the deadline.
 */
export function useDeadlineAnnouncements(approval: Approval, left: number, extendable: boolean): void {
  const { lessThan, canExtend } = useTexts(requestTexts);
  const { polite } = useAnnouncer();
  const stage = left <= 0 || approval.status !== "pending" ? null : left <= 20_000 ? "seconds" : left <= 60_000 ? "minute" : left <= 300_000 ? "minutes" : null;
  const text = stage === null ? null : extendable ? canExtend(lessThan[stage]) : lessThan[stage];
  useEffect(() => {
    if (text !== null) polite(text);
  }, [text, polite]);
}
