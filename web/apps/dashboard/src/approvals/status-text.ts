import type { Approval } from "@heliograph/client";
import { markedText } from "../shared/unicode.js";
import type { RequestTexts } from "./request-texts.js";
import type { ApprovalsTexts } from "./texts.js";

/** Such as `Approved by Mara`. What would not be seen in the name is marked. */
export function statusText(approval: Approval, { outcomes, by, byYou }: Pick<ApprovalsTexts, "outcomes" | "by" | "byYou">, me?: string): string {
  const outcome = outcomes[outcomeOf(approval)];
  const actor = approval.status === "pending" || approval.status === "expired" ? undefined : approval.resolution?.by;
  if (actor === undefined) return outcome;
  return actor.id !== undefined && actor.id === me ? byYou(outcome) : by(outcome, markedText(actor.name ?? actor.id ?? actor.type, "name"));
}

function outcomeOf({ status, resolution }: Approval): keyof ApprovalsTexts["outcomes"] {
  switch (status) {
    case "approved":
      return resolution?.argsEdited === true ? "changed" : "approved";
    case "rejected":
      return resolution?.outcome === "responded" ? "answered" : "rejected";
    case "pending":
    case "cancelled":
    case "expired":
      return status;
  }
}

/** Why a decision that was sent from here is not the one that counts. */
export function overtakenText(approval: Approval, me: string, { overtaken, somebody }: Pick<RequestTexts, "overtaken" | "somebody">): string {
  const by = approval.resolution?.by;
  const mine = by?.id === me;
  const who = by === undefined ? somebody : markedText(by.name ?? by.id ?? by.type, "name");
  switch (approval.status) {
    case "expired":
    case "pending":
      return overtaken.deadline;
    case "cancelled":
      return mine ? overtaken.cancelledByYou : overtaken.cancelledBy(who);
    default:
      return mine ? overtaken.decidedByYou : overtaken.decidedBy(who);
  }
}
