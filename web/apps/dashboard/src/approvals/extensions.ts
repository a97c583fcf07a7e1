import type { Approval } from "@heliograph/client";
import { mayDecide, type Identity } from "../session/session.js";

/** By how much a deadline is moved, and the unit that says so. */
export interface Extension {
  readonly value: number;
  readonly unit: "minute" | "hour" | "day";
  readonly milliseconds: number;
}

const all: readonly Extension[] = [
  { value: 15, unit: "minute", milliseconds: 900_000 },
  { value: 1, unit: "hour", milliseconds: 3_600_000 },
  { value: 1, unit: "day", milliseconds: 86_400_000 },
];

/** The server takes no deadline that is later than this after the request was made. Milliseconds. */
const MAX_LIFETIME = 30 * 86_400_000;
/** The server adds to its own time, which is later than the page's by as long as the call takes. Milliseconds. */
const MARGIN = 60_000;

/** By how much a member may move the deadline of a request; `left` is the time until it, in milliseconds. The server decides. */
export function extensionsOf({ status, createdAt, expiresAt }: Approval, identity: Identity, left: number): readonly Extension[] {
  if (status !== "pending" || left <= 0 || !mayDecide(identity)) return [];
  const room = Date.parse(createdAt) + MAX_LIFETIME - MARGIN - Date.parse(expiresAt);
  return all.filter(({ milliseconds }) => milliseconds <= room);
}
