import type { Approval } from "@heliograph/client";
import { markedText } from "../shared/unicode.js";

/** Such as `Approved by Mara`. What would not be seen in the name is marked. */
export function statusText(approval: Approval, me?: string): string {
  const by = approval.resolution?.by;
  const who = by === undefined ? "" : by.id !== undefined && by.id === me ? " by you" : ` by ${markedText(by.name ?? by.id ?? by.type, "name")}`;
  switch (approval.status) {
    case "pending":
      return "Pending";
    case "approved":
      return `${approval.resolution?.argsEdited === true ? "Approved with changes" : "Approved"}${who}`;
    case "rejected":
      return `${approval.resolution?.outcome === "responded" ? "Answered" : "Rejected"}${who}`;
    case "cancelled":
      return `Cancelled${who}`;
    case "expired":
      return "Expired";
  }
}

/** Why a decision that was sent from here is not the one that counts. */
export function overtakenText(approval: Approval, me: string): string {
  const by = approval.resolution?.by;
  const mine = by?.id === me;
  const who = by === undefined ? "Somebody" : mine ? "You" : markedText(by.name ?? by.id ?? by.type, "name");
  switch (approval.status) {
    case "expired":
    case "pending":
      return "The deadline passed first. Your decision wasn't recorded.";
    case "cancelled":
      return `${who} cancelled the request first. Your decision wasn't recorded.`;
    default:
      return mine ? "You decided first, in another window. This decision wasn't recorded." : `${who} decided first. Your decision wasn't recorded.`;
  }
}
