import { UNSTABLE } from "./machine.js";
import type { ConnectionSnapshot } from "./snapshot.js";

/** How a connection is shown to a person. The label carries the information; tone and icon repeat it. */
export interface Indication {
  readonly label: string;
  readonly tone: "good" | "slow" | "busy" | "bad";
  /** Why, in a sentence; for a tooltip. */
  readonly hint: string;
  /** Which banner to show above the page: stale data, or no decisions. */
  readonly banner: "stale" | "offline" | "sign_in" | null;
  /** Whether decisions may be sent; they are never queued. */
  readonly canWrite: boolean;
}

/** A drop shorter than this is not shown, unless several followed one another. */
export const GRACE = 2_000;
/** A drop longer than this gets a banner with the data's age. */
export const STALE = 15_000;
/** A replay of fewer events than this is not shown. */
const BATCH_SHOWN = 10;

/** Pure. `now` is this machine's clock, in epoch milliseconds. */
export function indicate(snapshot: ConnectionSnapshot, now: number): Indication {
  switch (snapshot.status) {
    case "live":
      return live;
    case "catching_up":
      return snapshot.behind < BATCH_SHOWN ? (snapshot.transport === "websocket" && !unstable(snapshot) ? live : slow(snapshot)) : catchingUp(snapshot.behind);
    case "degraded":
    case "rest":
      return slow(snapshot);
    case "idle":
    case "connecting":
      return { label: "Connecting…", tone: "busy", hint: snapshot.reason ?? "Opening the connection.", banner: stale(snapshot, now), canWrite: true };
    case "reconnecting":
      return age(snapshot, now) < GRACE && !unstable(snapshot)
        ? live
        : { label: "Reconnecting…", tone: "busy", hint: snapshot.reason ?? "The connection was lost.", banner: stale(snapshot, now), canWrite: true };
    case "offline":
      return { label: "Offline", tone: "bad", hint: snapshot.reason ?? "There is no network.", banner: "offline", canWrite: false };
    case "unauthorized":
      return { label: "Sign in again", tone: "bad", hint: snapshot.reason ?? "The session has ended.", banner: "sign_in", canWrite: false };
  }
}

/** When the indication can change by time alone; null when only a new snapshot changes it. */
export function nextChangeAt(snapshot: ConnectionSnapshot, now: number): number | null {
  if (snapshot.downSince === null || (snapshot.status !== "reconnecting" && snapshot.status !== "connecting")) return null;
  const down = now - snapshot.downSince;
  if (down < GRACE) return snapshot.downSince + GRACE;
  return down < STALE ? snapshot.downSince + STALE : null;
}

const live: Indication = { label: "Live", tone: "good", hint: "Changes arrive over WebSocket.", banner: null, canWrite: true };

function unstable(snapshot: ConnectionSnapshot): boolean {
  return snapshot.shortLived >= UNSTABLE;
}

function slow(snapshot: ConnectionSnapshot): Indication {
  if (snapshot.transport === "websocket") return slowly(`WebSocket is open again, and may not stay open (${snapshot.reason ?? "it closed before"}).`);
  const how = snapshot.transport === "rest" ? "Changes are fetched over plain HTTP" : "Changes arrive over HTTP long-polling";
  const why = snapshot.reason === null ? "" : ` (${snapshot.reason})`;
  return slowly(`${how}: WebSocket is not available here${why}.`);
}

function slowly(hint: string): Indication {
  return { label: "Live (slow)", tone: "slow", hint, banner: null, canWrite: true };
}

function catchingUp(count: number): Indication {
  return { label: `Catching up (${count})`, tone: "busy", hint: "Missed events are being applied.", banner: null, canWrite: true };
}

function age(snapshot: ConnectionSnapshot, now: number): number {
  return snapshot.downSince === null ? 0 : now - snapshot.downSince;
}

function stale(snapshot: ConnectionSnapshot, now: number): "stale" | null {
  return age(snapshot, now) >= STALE ? "stale" : null;
}
