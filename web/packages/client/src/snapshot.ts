import type { Status, Transport } from "./machine.js";

/** What a screen may want to know about the connection. Immutable; times are this machine's epoch milliseconds. */
export interface ConnectionSnapshot {
  readonly status: Status;
  readonly transport: Transport | "none";
  /** Whether this tab holds the connection, shares another tab's (or the worker's), or has one of its own. */
  readonly role: "leader" | "follower" | "solo";
  /** Tabs that share the connection, this one included. */
  readonly tabs: number;
  /** Failed rounds since something carried events. */
  readonly attempt: number;
  readonly nextRetryAt: number | null;
  /** Whether an attempt is under way now. */
  readonly trying: boolean;
  /** Since when nothing carries events; null while something does. */
  readonly downSince: number | null;
  readonly lastEventAt: number | null;
  /** When the data was last known to be true. */
  readonly lastSyncAt: number | null;
  readonly roundTripMs: number | null;
  /** How far the server's clock is ahead of this machine's. */
  readonly clockSkewMs: number | null;
  readonly reason: string | null;
  /** Events applied so far while catching up. */
  readonly behind: number;
}
