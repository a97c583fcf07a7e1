import type { AgentTopics } from "./carrier.js";
import type { Looking } from "./presence.js";
import type { ConnectionSnapshot } from "./snapshot.js";
import type { Readable } from "./store.js";
import type { ClockReading } from "./server-clock.js";
import type { Stream } from "./stream.js";

/** The connection that a client uses: its own, or one that tabs share. Events arrive in the same way. */
export interface ConnectionHandle {
  readonly snapshot: Readable<ConnectionSnapshot>;
  readonly stream: Stream;
  start(): void;
  stop(): void;
  /** Tries at once instead of waiting. */
  retryNow(): void;
  /** A new credential is available. */
  signedIn(): void;
  /** The session has ended. */
  unauthorized(reason: string): void;
  watch(topics: AgentTopics): void;
  /** What this page shows to its member. */
  look(looking: Looking): void;
  noteClock(reading: ClockReading): void;
  /** Measures the round trip into the snapshot. */
  measure(): Promise<void>;
}
