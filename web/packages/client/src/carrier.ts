import type { Transport } from "./machine.js";

/** Callbacks of a carrier. None is called after `closed`. */
export interface CarrierListener {
  /** Events may follow. */
  opened(): void;
  /** Durable events in order, not parsed yet, and the cursor after the last of them. */
  events(envelopes: readonly unknown[], cursor: string): void;
  /** A piece of a streaming message. */
  delta(value: unknown): void;
  /** Who is online. */
  presence(value: unknown): void;
  /** The log cannot serve the presented cursor: continue from this one and reload the lists. */
  reset(reason: string, cursor: string): void;
  /** The server ends the credential soon, at this time (RFC 3339) if given. */
  expiring(at?: string): void;
  /** Anything arrived, heartbeats included. */
  activity(): void;
  /** It failed to open, or closed. `code` is from the error catalogue; `delay` is the server's minimum delay of the next attempt, in milliseconds. */
  closed(end: CarrierEnd): void;
}

export interface CarrierEnd {
  readonly reason: string;
  readonly code?: string;
  readonly delay?: number;
}

/** An open or opening connection on one transport. */
export interface Carrier {
  /** Closes it without a callback. */
  close(): void;
  /** Limits `agent:message` to these agents. */
  watch(agents: AgentTopics): void;
  /** Tells the server which approval the member looks at, where the transport can. */
  look(approvalId: string | null): void;
  /**
   * Asks the server for an answer. Resolves to the server's time in epoch milliseconds, or to undefined when the answer does not have it;
   * rejects without an answer within `timeout`.
   */
  check(timeout: number): Promise<number | undefined>;
  /** Switches to another token; false when a new carrier has to be opened for it. */
  renew(token: string): Promise<boolean>;
}

/** The agents whose messages are delivered. */
export type AgentTopics = "all" | readonly string[];

/** Options of a carrier. */
export interface CarrierOptions {
  readonly transport: Transport;
  /** Called when the transport is connected; rejects when no credential is available. */
  readonly credentials: () => Promise<{ readonly token: string; readonly cursor: string }>;
  readonly topics: AgentTopics;
  /** An attempt that takes longer has failed. Milliseconds. */
  readonly timeout: number;
}

export type OpenCarrier = (opening: CarrierOptions, listener: CarrierListener) => Carrier;
