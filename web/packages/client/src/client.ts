import { onPageVisible, pageSignals, pageVisible, type BrowserSignals } from "./browser-signals.js";
import type { AgentTopics, OpenCarrier } from "./carrier.js";
import type { ConnectionHandle } from "./connection-handle.js";
import type { ConnectionListener } from "./connection.js";
import type { AgentMessageDelta } from "./contract.js";
import { noMemory, sessionMemory, type CursorMemory } from "./cursor-memory.js";
import type { Position } from "./cursor.js";
import { isType, type AnyEvent, type EventBatch, type EventType, type HeliographEvent } from "./events.js";
import { createConnection, createHub, type ConnectSettings } from "./hub-factory.js";
import { defaultRules, type Rules, type Transport } from "./machine.js";
import { RestClient } from "./rest.js";
import { Session, type GetToken } from "./session.js";
import type { ConnectionSnapshot } from "./snapshot.js";
import type { Readable } from "./store.js";
import { startWorker } from "./start-worker.js";
import { browserTabs, type TabPlatform } from "./tab-platform.js";
import { TabConnection } from "./tab-connection.js";
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
  /**
   * Makes the worker that holds the connection of all tabs of the scope. Its file calls `serveTabs()` of `@heliograph/client/worker`:
   *
   *     (name) => new SharedWorker(new URL("./heliograph.worker.js", import.meta.url), { type: "module", name })
   *
   * Without it one of the tabs holds the connection.
   */
  readonly sharedWorker?: (name: string) => SharedWorker;
  /** False gives each tab a connection of its own. Default: shared, where there is a scope and the browser has Web Locks. */
  readonly shareTabs?: boolean;
  readonly rules?: Partial<Rules>;
  /** How long one attempt on one transport may take, in milliseconds. Default 3,500, so that each step down takes less than five seconds. */
  readonly connectTimeout?: number;
  /** How long a REST call may take, in milliseconds. Default 15,000. */
  readonly requestTimeout?: number;
  /** What the tests replace. */
  readonly overrides?: Partial<Overrides>;
}

/** The world outside, as far as the client touches it. */
export interface Overrides {
  readonly timing: Timing;
  readonly fetch: typeof globalThis.fetch;
  readonly open: Readonly<Record<Transport, OpenCarrier>>;
  readonly memory: CursorMemory;
  readonly browserSignals: BrowserSignals;
  readonly tabs: TabPlatform;
  readonly visible: () => boolean;
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
  readonly #connection: ConnectionHandle;
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
    const timing = options.overrides?.timing ?? systemTiming;
    const session = new Session(options.getToken, timing);
    const settings = settingsOf(options);
    this.#timing = timing;
    this.rest = new RestClient({
      baseUrl: settings.origin + settings.prefix,
      session,
      timing,
      fetch: options.overrides?.fetch ?? ((input, init) => globalThis.fetch(input, init)),
      timeout: settings.requestTimeout,
      onSkew: (skew) => this.#connection.noteSkew(skew),
      onUnauthorized: (reason) => this.#connection.unauthorized(reason),
    });
    this.#connection = connectionHandle(options, settings, session, this.rest, timing, {
      batch: (batch) => this.#onBatch(batch),
      delta: (delta) => tell(this.#handlers.delta, delta),
      reset: (reason) => tell(this.#handlers.reset, reason),
    });
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

function settingsOf(options: ClientOptions): ConnectSettings {
  const { origin, path } = /^(?<origin>[a-z]+:\/\/[^/]+)?(?<path>\/.*)?$/i.exec(options.url ?? "")?.groups ?? {};
  return {
    // A worker's own address is not the page's, so the page says it.
    origin: origin ?? (typeof location === "undefined" ? "" : location.origin),
    prefix: (path ?? "").replace(/\/+$/, ""),
    connectTimeout: options.connectTimeout ?? 3_500,
    requestTimeout: options.requestTimeout ?? 15_000,
    rules: { ...defaultRules, ...options.rules },
  };
}

/** A connection shared with the other tabs of the scope, where the browser can; else one of its own. */
function connectionHandle(
  options: ClientOptions,
  settings: ConnectSettings,
  session: Session,
  rest: RestClient,
  timing: Timing,
  listener: ConnectionListener,
): ConnectionHandle {
  const { scope, overrides = {} } = options;
  const memory = overrides.memory ?? (scope === undefined ? noMemory : sessionMemory(`heliograph:cursor:${settings.prefix}:${scope}`));
  const browserSignals = overrides.browserSignals ?? pageSignals;
  const connection = createConnection({ settings, session, timing, rest, open: overrides.open }, memory, browserSignals, listener);
  const platform = options.shareTabs === false ? undefined : (overrides.tabs ?? browserTabs());
  if (scope === undefined || platform === undefined) return connection;
  const hubSettings = { ...settings, scope: settings.prefix + scope };
  const { sharedWorker } = options;
  const visible = overrides.visible ?? pageVisible;
  return new TabConnection(
    {
      platform,
      scope: hubSettings.scope,
      session,
      browserSignals,
      memory,
      timing,
      visible,
      onVisible: onPageVisible,
      initial: connection.snapshot.getState(),
      lead: (bus) =>
        createHub({ settings: hubSettings, bus, platform, visible, session, timing, open: overrides.open, ...(overrides.fetch === undefined ? {} : { fetch: overrides.fetch }) }),
      worker: sharedWorker === undefined || typeof SharedWorker === "undefined" ? undefined : () => startWorker(sharedWorker, hubSettings, timing),
    },
    listener,
  );
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
