import type { AgentTopics } from "./carrier.js";
import type { ConnectionSnapshot } from "./snapshot.js";
import type { Readable } from "./store.js";
import type { Stream } from "./stream.js";

/** What a client hangs on: a connection of its own, or one that tabs share. Whichever it is, events come to the client alike. */
export interface ConnectionHandle {
  readonly snapshot: Readable<ConnectionSnapshot>;
  readonly stream: Stream;
  start(): void;
  stop(): void;
  /** Tries at once instead of waiting. */
  retryNow(): void;
  /** A new credential can be had. */
  signedIn(): void;
  /** The credential is at its end. */
  unauthorized(reason: string): void;
  watch(topics: AgentTopics): void;
  /** How far the server's clock was seen to be ahead, in milliseconds. */
  noteSkew(skew: number): void;
  /** Measures the round trip into the snapshot. */
  measure(): Promise<void>;
}
