import type { Status, Transport } from "./machine.js";

/** The state of the connection, for a user interface. Immutable; times are this machine's epoch milliseconds. */
export interface ConnectionSnapshot {
  readonly status: Status;
  readonly transport: Transport | "none";
  /** `leader`: this tab holds the shared connection. `follower`: another tab or the worker does. `solo`: the tab has a connection of its own. */
  readonly role: "leader" | "follower" | "solo";
  /** Tabs that share the connection, this one included. */
  readonly tabs: number;
  /** Failed rounds since the last open carrier. */
  readonly attempt: number;
  readonly nextRetryAt: number | null;
  /** Whether an attempt is in progress. */
  readonly trying: boolean;
  /** Since when no carrier is open, or the server does not answer; null while it does. */
  readonly downSince: number | null;
  readonly lastEventAt: number | null;
  /** When anything last arrived, so when the data was last known to be current. */
  readonly lastSyncAt: number | null;
  readonly roundTripMs: number | null;
  /** How far the server's clock is ahead of this machine's. */
  readonly clockSkewMs: number | null;
  readonly reason: string | null;
  /** Connections in a row that closed soon after they opened. */
  readonly shortLived: number;
  /** Events applied so far while catching up. */
  readonly behind: number;
}
