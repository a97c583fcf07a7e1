import type { Transport } from "./machine.js";

/** What a carrier tells its owner. After `closed` it tells nothing more. */
export interface CarrierListener {
  /** Events may follow. */
  opened(): void;
  /** Durable events in order, not parsed yet, and the cursor after the last of them. */
  events(envelopes: readonly unknown[], cursor: string): void;
  /** A piece of a message that still streams. */
  delta(value: unknown): void;
  /** The log cannot serve the cursor that was presented: go on from this one with fresh lists. */
  reset(reason: string, cursor: string): void;
  /** The server is about to end the credential, at that time (RFC 3339) when it says so. */
  expiring(at?: string): void;
  /** Anything was heard, a heartbeat included. */
  activity(): void;
  /** It did not open, or is gone. `code` is from the error catalogue; `delay` is when the server wants the next attempt, in milliseconds. */
  closed(end: CarrierEnd): void;
}

export interface CarrierEnd {
  readonly reason: string;
  readonly code?: string;
  readonly delay?: number;
}

/** An open (or opening) way for events to arrive, on one transport of the ladder. */
export interface Carrier {
  /** Ends it silently. */
  close(): void;
  /** Narrows `agent:message` to these agents. */
  watch(agents: AgentTopics): void;
  /** Asks for a sign of life; resolves to the round trip in milliseconds, rejects when none came in time. */
  check(timeout: number): Promise<number>;
  /** Goes on with another token; false when this carrier must be opened anew for it. */
  renew(token: string): Promise<boolean>;
}

/** The agents whose messages are wanted. */
export type AgentTopics = "all" | readonly string[];

/** What a carrier needs when it opens. */
export interface CarrierOptions {
  readonly transport: Transport;
  /** Asked when the wire is there; rejects when none can be had. */
  readonly credentials: () => Promise<{ readonly token: string; readonly cursor: string }>;
  readonly topics: AgentTopics;
}

export type OpenCarrier = (opening: CarrierOptions, listener: CarrierListener) => Carrier;
