import { onPageFocus, onPageVisible, pageSignals, pageVisible, type BrowserSignals } from "./browser-signals.js";
import type { AgentTopics, OpenCarrier } from "./carrier.js";
import type { ConnectionHandle } from "./connection-handle.js";
import type { ConnectionListener } from "./connection.js";
import type { AgentMessageDelta } from "./contract.js";
import { noMemory, sessionMemory, type CursorMemory } from "./cursor-memory.js";
import type { Position } from "./cursor.js";
import { isEventType, isType, type AnyEvent, type EventBatch, type EventType, type HeliographEvent, type UnknownEvent } from "./events.js";
import { createConnection, createHub, type ConnectSettings } from "./hub-factory.js";
import { defaultRules, type Rules, type Transport } from "./machine.js";
import { PageLooking } from "./page-looking.js";
import { PresenceStore, type PresenceState } from "./presence.js";
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
  /**
   * How long an attempt on one transport may take, in milliseconds; doubles with each round that fails, up to 15 s. Default 4,500, so that each
   * step down takes less than five seconds, and more where loading the page showed that the network is slow.
   */
  readonly connectTimeout?: number;
  /** How long a REST call may take, in milliseconds. Default 15,000. */
  readonly requestTimeout?: number;
  /** Replaces parts of the client, in tests. */
  readonly overrides?: Partial<Overrides>;
}

/** The parts of the environment that the client uses. */
export interface Overrides {
  readonly timing: Timing;
  readonly fetch: typeof globalThis.fetch;
  readonly open: Readonly<Record<Transport, OpenCarrier>>;
  readonly memory: CursorMemory;
  readonly browserSignals: BrowserSignals;
  readonly tabs: TabPlatform;
  readonly visible: () => boolean;
  /** Calls the listener when the page is shown or hidden, and with true when it comes to the front. */
  readonly onFocus: (listener: (focused: boolean) => void) => () => void;
}

type Handler<T> = (value: T) => void;

/** A type of an event of another service: of no family that Heliograph's own events have. */
type OwnType<T extends string> = T extends `${Family<EventType>}:${string}` ? never : T;
type Family<T extends string> = T extends `${infer F}:${string}` ? F : never;

/**
 * Live data of one workspace for one member. Is a store of the connection's snapshot (`getState`, `subscribe`); events reach handlers once
 * and in order. Nothing is opened before `connect`.
 */
export interface HeliographClient extends Readable<ConnectionSnapshot> {
  readonly rest: RestClient;
  /** Opens the connection and keeps it until the returned function is called. Several calls share one connection. */
  connect(): () => void;
  /** Subscribes to one type of event. A subscription to `agent:message` receives the messages of all agents. */
  on<T extends EventType>(type: T, handler: Handler<HeliographEvent<T>>): () => void;
  /** Subscribes to one type of event that another service publishes, such as `order:shipped`. What is in `data` is not examined. */
  on<T extends `${string}:${string}`>(type: OwnType<T>, handler: Handler<UnknownEvent>): () => void;
  /** Subscribes to every event that the server sends, unknown types included. Does not request messages of further agents. */
  onAny(handler: Handler<AnyEvent>): () => void;
  /** Subscribes to events in the batches in which they arrive, for caches. */
  onBatch(handler: Handler<EventBatch>): () => void;
  /** Subscribes to the pieces of streaming messages. */
  onDelta(handler: Handler<AgentMessageDelta>): () => void;
  /** Subscribes to resets: delivered events do not lead to the next ones, and lists have to be loaded again. */
  onReset(handler: Handler<string>): () => void;
  /** Requests the messages of one agent until the returned function is called. */
  watchAgent(agentId: string): () => void;
  /** Who is online. Not known, and empty, without a WebSocket or long-polling connection. */
  readonly presence: Readable<PresenceState>;
  /**
   * Says which approval this page shows, or null. The other members see it while the page is visible; of several pages, the one that was in
   * front last counts.
   */
  setPresence(approvalId: string | null): void;
  /** The delivered events after a list's cursor; undefined when they are not kept any more and the list has to be fetched again. */
  since(asOf: string): readonly AnyEvent[] | undefined;
  /** Starts the stream at a list's cursor, if it has not started yet. */
  seed(asOf: string): void;
  /** The position up to which events were delivered. */
  position(): Position | undefined;
  /** Tries at once instead of waiting. */
  retryNow(): void;
  /** Measures the round trip into the snapshot. */
  measure(): Promise<void>;
  /** The server's clock, in epoch milliseconds. */
  serverNow(): number;
  /** Call after the member signed in again: `getToken` can return a credential. */
  signedIn(): void;
  /** Ends the connection and the session; handlers stay subscribed. */
  signOut(): void;
}

export function createClient(options: ClientOptions): HeliographClient {
  return new Client(options);
}

class Client implements HeliographClient {
  readonly rest: RestClient;
  readonly #connection: ConnectionHandle;
  readonly #timing: Timing;
  readonly #presence: PresenceStore;
  readonly #page: PageLooking;
  readonly #handlers = {
    any: new Set<Handler<AnyEvent>>(),
    batch: new Set<Handler<EventBatch>>(),
    delta: new Set<Handler<AgentMessageDelta>>(),
    reset: new Set<Handler<string>>(),
  };
  #connects = 0;
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
      onClock: (reading) => this.#connection.noteClock(reading),
      onUnauthorized: (reason) => this.#connection.unauthorized(reason),
    });
    this.#connection = connectionHandle(options, settings, session, this.rest, timing, {
      batch: (batch) => this.#onBatch(batch),
      delta: (delta) => notify(this.#handlers.delta, delta),
      presence: (update) => this.#presence.set(update),
      reset: (reason) => notify(this.#handlers.reset, reason),
    });
    this.#presence = new PresenceStore(() => session.memberId);
    this.#page = new PageLooking({
      timing,
      visible: options.overrides?.visible ?? pageVisible,
      listen: options.overrides?.onFocus ?? onPageFocus,
      onChange: (looking) => this.#connection.look(looking),
    });
  }

  get presence(): Readable<PresenceState> {
    return this.#presence.state;
  }

  getState = (): ConnectionSnapshot => this.#connection.snapshot.getState();

  subscribe = (listener: () => void): (() => void) => this.#connection.snapshot.subscribe(listener);

  connect(): () => void {
    this.#connects += 1;
    if (this.#connects === 1) this.#start();
    return once(() => {
      this.#connects -= 1;
      // A remount in the same turn (StrictMode) keeps the connection.
      this.#timing.after(0, () => {
        if (this.#connects === 0) this.#stop();
      });
    });
  }

  #start(): void {
    this.#connection.start();
    this.#page.start();
  }

  #stop(): void {
    this.#page.stop();
    this.#connection.stop();
  }

  on(type: string, handler: Handler<never>): () => void {
    const undo = add(this.#handlers.any, (event) => {
      if (isEventType(type) ? isType(event, type) : event.type === type) handler(event as never);
    });
    if (type !== "agent:message") return undo;
    this.#countAllAgents(1);
    return once(() => {
      undo();
      this.#countAllAgents(-1);
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

  setPresence(approvalId: string | null): void {
    this.#page.set(approvalId);
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
    notify(this.#handlers.batch, batch);
    for (const event of batch.events) notify(this.#handlers.any, event);
  }

  #countAllAgents(change: number): void {
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
    // A worker's origin may differ, so the page passes its own.
    origin: origin ?? (typeof location === "undefined" ? "" : location.origin),
    prefix: (path ?? "").replace(/\/+$/, ""),
    connectTimeout: options.connectTimeout ?? connectTimeoutFor(pageRoundTrip()),
    requestTimeout: options.requestTimeout ?? 15_000,
    rules: { ...defaultRules, ...options.rules },
  };
}

/** To open a connection takes up to five round trips: TCP, TLS, WebSocket and Socket.IO. Milliseconds. */
export function connectTimeoutFor(roundTrip: number): number {
  return Math.min(15_000, Math.max(4_500, 5 * roundTrip + 1_000));
}

/** How long the page's own server took to answer, in milliseconds; 0 where that is not known. */
function pageRoundTrip(): number {
  const [navigation] = typeof performance.getEntriesByType === "function" ? performance.getEntriesByType("navigation") : [];
  const { requestStart = 0, responseStart = 0 } = (navigation ?? {}) as Partial<PerformanceResourceTiming>;
  return Math.max(0, responseStart - requestStart);
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
  const visible = overrides.visible ?? pageVisible;
  const connection = createConnection({ settings, session, timing, rest, visible, promptTimers: () => true, open: overrides.open }, memory, browserSignals, listener);
  const platform = options.shareTabs === false ? undefined : (overrides.tabs ?? browserTabs());
  if (scope === undefined || platform === undefined) return connection;
  const hubSettings = { ...settings, scope: settings.prefix + scope };
  const { sharedWorker } = options;
  return new TabConnection(
    {
      platform,
      scope: hubSettings.scope,
      session,
      browserSignals,
      memory,
      timing,
      visible,
      onVisible: overrides.onFocus ?? onPageVisible,
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

/** A handler that throws does not keep the event from the others; its error is reported as uncaught. */
function notify<T>(handlers: ReadonlySet<Handler<T>>, value: T): void {
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
