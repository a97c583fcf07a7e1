import type { AgentTopics, OpenCarrier } from "./carrier.js";
import { Connection, type ConnectionSnapshot, type CursorMemory, type EventBatch, type Surrounding } from "./connection.js";
import type { AgentMessageDelta } from "./contract.js";
import type { Position } from "./cursor.js";
import { isType, type AnyEvent, type EventType, type HeliographEvent } from "./events.js";
import { pollingCarrier } from "./longpoll.js";
import { defaultRules, type Rules, type Rung } from "./machine.js";
import { RestClient } from "./rest.js";
import { Session, type GetToken } from "./session.js";
import { socketCarrier } from "./socket.js";
import type { Readable } from "./store.js";
import { noMemory, pageSurrounding, sessionMemory } from "./surroundings.js";
import { systemTiming, type Timing } from "./timing.js";

export interface ClientOptions {
  /** Where the server is: a URL, or a path on the page's own origin; a path prefix is kept. Default: the page's origin. */
  readonly url?: string;
  readonly getToken: GetToken;
  /**
   * Whose events these are, such as `ws_1/mem_2`. With it the cursor survives a reload of the tab, and tabs of the same scope can share a
   * connection; without it each page begins at the log's head.
   */
  readonly scope?: string;
  readonly rules?: Partial<Rules>;
  /** How long one attempt on one rung may take, in milliseconds. Default 3,500, so that each step down takes less than five seconds. */
  readonly connectTimeout?: number;
  /** How long a REST call may take, in milliseconds. Default 15,000. */
  readonly requestTimeout?: number;
  /** What the tests replace. */
  readonly seams?: Partial<Seams>;
}

/** The world outside, as far as the client touches it. */
export interface Seams {
  readonly timing: Timing;
  readonly fetch: typeof globalThis.fetch;
  readonly open: Readonly<Record<Rung, OpenCarrier>>;
  readonly memory: CursorMemory;
  readonly surrounding: Surrounding;
}

type Handler<T> = (value: T) => void;

/**
 * Live data of one workspace for one member. Is a store of the connection's snapshot (`getState`, `subscribe`); events reach handlers once
 * and in order. Nothing is opened before `connect`.
 */
export interface HeliographClient extends Readable<ConnectionSnapshot> {
  readonly rest: RestClient;
  /** Wants the connection until the returned undo is called; however many want it, there is one. */
  connect(): () => void;
  /** Hears one type of event. Who hears `agent:message` this way hears those of all agents. */
  on<T extends EventType>(type: T, handler: Handler<HeliographEvent<T>>): () => void;
  /** Hears every event, also those of types that this version does not know; does not widen what the server sends. */
  onAny(handler: Handler<AnyEvent>): () => void;
  /** Hears events as they arrive together: what a cache wants. */
  onBatch(handler: Handler<EventBatch>): () => void;
  /** Hears the pieces of messages that still stream. */
  onDelta(handler: Handler<AgentMessageDelta>): () => void;
  /** Hears that what was delivered does not lead to what follows: lists have to be loaded again. */
  onReset(handler: Handler<string>): () => void;
  /** Wants the messages of one agent until the undo is called. */
  watchAgent(agentId: string): () => void;
  /** The delivered events after a list's cursor; undefined when they cannot be told any more and the list has to be fetched again. */
  since(asOf: string): readonly AnyEvent[] | undefined;
  /** Says that a list corresponds to this cursor: a stream that has not begun yet begins there. */
  seed(asOf: string): void;
  /** Up to where events were delivered. */
  position(): Position | undefined;
  /** Tries at once instead of waiting. */
  retryNow(): void;
  /** Measures the round trip into the snapshot. */
  measure(): Promise<void>;
  /** The server's clock, in epoch milliseconds. */
  serverNow(): number;
  /** `getToken` can bring a credential again. */
  signedIn(): void;
  /** Ends the connection; handlers stay. */
  signOut(): void;
}

export function createClient(options: ClientOptions): HeliographClient {
  return new Client(options);
}

class Client implements HeliographClient {
  readonly rest: RestClient;
  readonly #connection: Connection;
  readonly #timing: Timing;
  readonly #handlers = {
    any: new Set<Handler<AnyEvent>>(),
    batch: new Set<Handler<EventBatch>>(),
    delta: new Set<Handler<AgentMessageDelta>>(),
    reset: new Set<Handler<string>>(),
  };
  #wanted = 0;
  #allAgents = 0;
  readonly #agents = new Map<string, number>();

  constructor(options: ClientOptions) {
    const timing = options.seams?.timing ?? systemTiming;
    const { origin, prefix } = splitUrl(options.url ?? "");
    const session = new Session(options.getToken, timing);
    this.#timing = timing;
    this.rest = new RestClient({
      baseUrl: origin + prefix,
      session,
      timing,
      fetch: options.seams?.fetch ?? ((input, init) => globalThis.fetch(input, init)),
      timeout: options.requestTimeout ?? 15_000,
      onSkew: (skew) => this.#connection.noteSkew(skew),
      onUnauthorized: (reason) => this.#connection.unauthorized(reason),
    });
    const connectTimeout = options.connectTimeout ?? 3_500;
    const socket = socketCarrier({ origin, path: `${prefix}/socket.io/`, timeout: connectTimeout, timing });
    this.#connection = new Connection(
      {
        session,
        open: options.seams?.open ?? { websocket: socket, polling: socket, rest: pollingCarrier(this.rest, timing) },
        head: () => this.rest.head(),
        memory: options.seams?.memory ?? (options.scope === undefined ? noMemory : sessionMemory(`heliograph:cursor:${prefix}:${options.scope}`)),
        surrounding: options.seams?.surrounding ?? pageSurrounding,
        timing,
        rules: { ...defaultRules, ...options.rules },
        silence: 35_000,
        patience: 4_000,
      },
      {
        batch: (batch) => this.#onBatch(batch),
        delta: (delta) => tell(this.#handlers.delta, delta),
        reset: (reason) => tell(this.#handlers.reset, reason),
      },
    );
  }

  getState = (): ConnectionSnapshot => this.#connection.snapshot.getState();

  subscribe = (listener: () => void): (() => void) => this.#connection.snapshot.subscribe(listener);

  connect(): () => void {
    this.#wanted += 1;
    if (this.#wanted === 1) this.#connection.start();
    return once(() => {
      this.#wanted -= 1;
      // A remount in the same turn (StrictMode) keeps the connection.
      this.#timing.after(0, () => {
        if (this.#wanted === 0) this.#connection.stop();
      });
    });
  }

  on<T extends EventType>(type: T, handler: Handler<HeliographEvent<T>>): () => void {
    const undo = add(this.#handlers.any, (event) => {
      if (isType(event, type)) handler(event);
    });
    if (type !== "agent:message") return undo;
    this.#countAll(1);
    return once(() => {
      undo();
      this.#countAll(-1);
    });
  }

  onAny(handler: Handler<AnyEvent>): () => void {
    return add(this.#handlers.any, handler);
  }

  onBatch(handler: Handler<EventBatch>): () => void {
    return add(this.#handlers.batch, handler);
  }

  onDelta(handler: Handler<AgentMessageDelta>): () => void {
    return add(this.#handlers.delta, handler);
  }

  onReset(handler: Handler<string>): () => void {
    return add(this.#handlers.reset, handler);
  }

  watchAgent(agentId: string): () => void {
    this.#agents.set(agentId, (this.#agents.get(agentId) ?? 0) + 1);
    this.#connection.watch(this.#topics());
    return once(() => {
      const left = (this.#agents.get(agentId) ?? 1) - 1;
      if (left === 0) this.#agents.delete(agentId);
      else this.#agents.set(agentId, left);
      this.#connection.watch(this.#topics());
    });
  }

  since(asOf: string): readonly AnyEvent[] | undefined {
    return this.#connection.stream.since(asOf);
  }

  seed(asOf: string): void {
    this.#connection.stream.seed(asOf);
  }

  position(): Position | undefined {
    return this.#connection.stream.position;
  }

  retryNow(): void {
    this.#connection.retryNow();
  }

  measure(): Promise<void> {
    return this.#connection.measure();
  }

  serverNow(): number {
    return this.#timing.now() + (this.getState().clockSkewMs ?? 0);
  }

  signedIn(): void {
    this.#connection.signedIn();
  }

  signOut(): void {
    this.#connection.unauthorized("signed out");
  }

  #onBatch(batch: EventBatch): void {
    tell(this.#handlers.batch, batch);
    for (const event of batch.events) tell(this.#handlers.any, event);
  }

  #countAll(change: number): void {
    this.#allAgents += change;
    this.#connection.watch(this.#topics());
  }

  #topics(): AgentTopics {
    return this.#allAgents > 0 ? "all" : [...this.#agents.keys()];
  }
}

/** Splits where the server is into an origin and a path prefix, neither ending in a slash. */
function splitUrl(url: string): { readonly origin: string; readonly prefix: string } {
  const { origin, path } = /^(?<origin>[a-z]+:\/\/[^/]+)?(?<path>\/.*)?$/i.exec(url)?.groups ?? {};
  return { origin: origin ?? "", prefix: (path ?? "").replace(/\/+$/, "") };
}

function add<T>(handlers: Set<Handler<T>>, handler: Handler<T>): () => void {
  const entry: Handler<T> = (value) => handler(value);
  handlers.add(entry);
  return () => void handlers.delete(entry);
}

/** A handler that throws must not keep the others from hearing; its error surfaces as an uncaught one. */
function tell<T>(handlers: ReadonlySet<Handler<T>>, value: T): void {
  for (const handler of [...handlers]) {
    try {
      handler(value);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

function once(undo: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    undo();
  };
}
