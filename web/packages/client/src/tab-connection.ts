import type { BrowserSignal, BrowserSignals } from "./browser-signals.js";
import type { AgentTopics } from "./carrier.js";
import type { ConnectionHandle } from "./connection-handle.js";
import type { ConnectionListener } from "./connection.js";
import type { CursorMemory } from "./cursor-memory.js";
import { isAfter, parseCursor } from "./cursor.js";
import type { AnyEvent, EventBatch } from "./events.js";
import type { Looking } from "./presence.js";
import { endsSession, reasonOf } from "./problem.js";
import type { ClockReading } from "./server-clock.js";
import type { Session } from "./session.js";
import type { ConnectionSnapshot } from "./snapshot.js";
import { Store, type Readable } from "./store.js";
import { Stream } from "./stream.js";
import { TabBus } from "./tab-bus.js";
import type { TabHub } from "./tab-hub.js";
import { randomId } from "./random-id.js";
import { namesOf, type HubMessage, type SharedMessage, type TabMessage } from "./tab-messages.js";
import type { HeldLock, TabPlatform } from "./tab-platform.js";
import type { Timing } from "./timing.js";

/** Interval at which a visible tab pings the hub. Milliseconds. */
const PING_INTERVAL = 2_500;
/** A hub that does not answer a ping within this is frozen or throttled. Milliseconds. */
const PONG_TIMEOUT = 700;
/** A hub in a hidden tab without a carrier for this long is replaced by a visible tab, whose timers are not throttled. Milliseconds. */
const IDLE_HUB_TIMEOUT = 2_000;
/** A `hello` without an answer is repeated after this. Milliseconds. */
const HELLO_RETRY = 3_000;

export interface TabConnectionOptions {
  readonly platform: TabPlatform;
  readonly scope: string;
  readonly session: Session;
  readonly browserSignals: BrowserSignals;
  readonly memory: CursorMemory;
  readonly timing: Timing;
  readonly visible: () => boolean;
  /** Calls the listener when the page is shown or hidden; returns a function that ends the subscription. */
  readonly onVisible: (listener: () => void) => () => void;
  readonly initial: ConnectionSnapshot;
  /** Creates the hub, when this tab becomes the leader. */
  readonly lead: (bus: TabBus) => TabHub;
  /** Starts the shared worker, which leads if it can; resolves when it queues for the lock, rejects when it does not. */
  readonly worker: (() => Promise<() => void>) | undefined;
}

/**
 * One tab's part in a shared connection. All tabs, and the worker before them, queue for one lock; who has it holds the connection, and
 * when it dies the next has it at once. Each tab keeps its own cursor, takes what follows it, and asks for what it lacks.
 */
export class TabConnection implements ConnectionHandle {
  readonly stream = new Stream();
  readonly #options: TabConnectionOptions;
  readonly #listener: ConnectionListener;
  readonly #snapshot: Store<ConnectionSnapshot>;
  readonly #names: ReturnType<typeof namesOf>;
  readonly id = randomId();

  #unlisten: (() => void) | undefined;
  #running: Running | undefined;
  #topics: AgentTopics = [];
  #looking: Looking = null;

  constructor(options: TabConnectionOptions, listener: ConnectionListener) {
    this.#options = options;
    this.#listener = listener;
    this.#names = namesOf(options.scope);
    this.#snapshot = new Store<ConnectionSnapshot>({ ...options.initial, role: "follower" });
  }

  get snapshot(): Readable<ConnectionSnapshot> {
    return this.#snapshot;
  }

  start(): void {
    if (this.#unlisten !== undefined) return;
    this.#unlisten = this.#options.browserSignals.listen((signal) => this.#onBrowserSignal(signal));
    this.#open();
  }

  stop(): void {
    this.#unlisten?.();
    this.#unlisten = undefined;
    this.#close();
  }

  #open(): void {
    if (this.#running !== undefined) return;
    const saved = this.stream.position === undefined ? this.#options.memory.load() : undefined;
    if (saved !== undefined) this.stream.begin(saved);
    const bus = new TabBus(this.#options.platform.channel(this.#names.channel));
    const { post, leave } = bus.join((message) => this.#onMessage(message));
    const running: Running = { bus, post, leave, stop: new AbortController(), undos: [] };
    this.#running = running;
    this.#snapshot.set({ ...this.#snapshot.getState(), status: "connecting", downSince: this.#options.timing.now() });
    running.undos.push(this.#options.onVisible(() => this.#onVisible(running)));
    void this.#enter(running);
  }

  #close(): void {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    running.post({ type: "bye", tab: this.id });
    running.stop.abort();
    running.waiting?.abort();
    running.disarmPing?.();
    running.overdue?.();
    running.disarmHelloRetry?.();
    running.undos.forEach((undo) => undo());
    running.hub?.close();
    running.leave();
    running.bus.close();
    this.#listener.presence(undefined);
    this.#snapshot.set({ ...this.#options.initial, role: "follower" });
  }

  retryNow(): void {
    this.#post({ type: "retry" });
  }

  signedIn(): void {
    this.#options.session.forget();
    this.#post({ type: "signed_in" });
  }

  unauthorized(reason: string): void {
    this.#post({ type: "unauthorized", reason });
  }

  watch(topics: AgentTopics): void {
    this.#topics = topics;
    this.#post({ type: "topics", tab: this.id, topics });
  }

  look(looking: Looking): void {
    this.#looking = looking;
    this.#post({ type: "looking", tab: this.id, looking });
  }

  /** The hub decides, which has readings of its own and of all tabs. */
  noteClock(reading: ClockReading): void {
    const known = this.#snapshot.getState().clockSkewMs;
    if (known === null || Math.abs(known - reading.skew) > reading.error) this.#post({ type: "clock", reading });
  }

  measure(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        leave();
        disarm();
        resolve();
      };
      const { leave } = running.bus.join((message) => {
        if (message.type === "measured" && message.tab === this.id) finish();
      });
      const disarm = this.#options.timing.after(5_000, finish);
      this.#post({ type: "measure", tab: this.id });
    });
  }

  // --- leader election---------------------------------------------------------------------------------------------------

  async #enter(running: Running): Promise<void> {
    const { platform, worker } = this.#options;
    const signal = running.stop.signal;
    try {
      const presence = await platform.locks.hold(this.#names.tabs + this.id, { signal });
      running.undos.push(() => presence.release());
      this.#hello(running);
      if (worker !== undefined) {
        // The worker queues before the tabs. Without a worker, a tab leads.
        const dismiss = await worker().catch((error: unknown) => {
          console.warn(`@heliograph/client: ${reasonOf(error)}. A tab holds the connection.`);
        });
        if (dismiss) running.undos.push(dismiss);
      }
      if (signal.aborted) return;
      this.#pingPeriodically(running);
      this.#queue(running, false);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Waits for the leader's lock, or takes it, and runs the hub until the lock is lost. */
  #queue(running: Running, steal: boolean): void {
    running.waiting?.abort();
    const waiting = new AbortController();
    running.waiting = waiting;
    this.#options.platform.locks.hold(this.#names.leader, { steal, signal: waiting.signal }).then(
      (held) => {
        if (waiting.signal.aborted || this.#running !== running) held.release();
        else this.#lead(running, held);
      },
      (error: unknown) => {
        if (!waiting.signal.aborted) throw error;
      },
    );
  }

  #lead(running: Running, held: HeldLock): void {
    const hub = this.#options.lead(running.bus);
    running.hub = hub;
    running.undos.push(() => held.release());
    this.#publish({ role: "leader" });
    void held.lost.then(() => {
      // Another tab took over while this one was frozen.
      if (running.hub !== hub) return;
      hub.close();
      delete running.hub;
      if (this.#running !== running) return;
      this.#publish({ role: "follower" });
      this.#hello(running);
      this.#queue(running, false);
    });
    void hub.start();
  }

  #pingPeriodically(running: Running): void {
    const again = this.#options.timing.after(PING_INTERVAL, () => this.#pingPeriodically(running));
    running.disarmPing = again;
    this.#pingHub(running);
  }

  /** A visible tab pings the hub, and takes the lock when it does not answer. */
  #pingHub(running: Running): void {
    if (this.#running !== running || running.hub !== undefined || !this.#options.visible() || running.overdue !== undefined) return;
    running.overdue = this.#options.timing.after(PONG_TIMEOUT, () => {
      delete running.overdue;
      if (this.#running === running && running.hub === undefined) this.#queue(running, true);
    });
    running.post({ type: "ping", tab: this.id });
  }

  #onHubAlive(running: Running): void {
    running.overdue?.();
    delete running.overdue;
  }

  #onPong(running: Running, message: Extract<HubMessage, { type: "pong" }>): void {
    this.#onHubAlive(running);
    const { downSince } = this.#snapshot.getState();
    const stranded = !message.visible && !message.carried && downSince !== null && this.#options.timing.now() - downSince > IDLE_HUB_TIMEOUT;
    if (stranded && this.#options.visible() && running.hub === undefined) this.#queue(running, true);
  }

  // --- messages ---------------------------------------------------------------------------------------------------------

  #onMessage(message: SharedMessage): void {
    const running = this.#running;
    if (running === undefined || ("tab" in message && message.tab !== this.id)) return;
    switch (message.type) {
      case "hub":
        this.#onHubAlive(running);
        this.#hello(running);
        return;
      case "snapshot":
        this.#onHubAlive(running);
        this.#publish(message.snapshot);
        return;
      case "batch":
        this.#onBatch(running, message);
        return;
      case "catch_up":
        running.disarmHelloRetry?.();
        delete running.disarmHelloRetry;
        if (this.stream.position === undefined) this.stream.begin(message.upTo);
        this.#accept(message.events, message.upTo, { replayed: true });
        return;
      case "reset":
      case "reset_one":
        running.disarmHelloRetry?.();
        delete running.disarmHelloRetry;
        this.stream.begin(message.cursor);
        this.#options.memory.save(message.cursor);
        this.#listener.reset(message.reason);
        return;
      case "delta":
        this.#listener.delta(message.delta);
        return;
      case "presence":
        this.#listener.presence(message.update);
        return;
      case "pong":
        this.#onPong(running, message);
        return;
      case "token_request":
        void this.#answerTokenRequest(message.request);
        return;
      default: // for hubs, or handled where it was requested
        return;
    }
  }

  #onBatch(running: Running, { after, upTo, events, replayed, unattended }: Extract<HubMessage, { type: "batch" }>): void {
    const position = this.stream.position;
    const from = parseCursor(after);
    if (position === undefined || from === undefined) return; // the answer to hello contains these events
    if (from.epoch !== position.epoch || isAfter(from, position)) this.#hello(running);
    else this.#accept(events, upTo, unattended === this.id ? { replayed, unattended: true } : { replayed });
  }

  #accept(events: readonly AnyEvent[], upTo: string, how: Omit<EventBatch, "events">): void {
    const fresh = events.filter((event) => this.stream.accept(event));
    this.stream.advance(upTo);
    const position = this.stream.position;
    if (position !== undefined) this.#options.memory.save(position.cursor);
    if (fresh.length > 0) this.#listener.batch({ events: fresh, ...how });
  }

  #hello(running: Running): void {
    running.disarmHelloRetry?.();
    running.disarmHelloRetry = this.#options.timing.after(HELLO_RETRY, () => {
      delete running.disarmHelloRetry;
      if (this.#running === running) this.#hello(running);
    });
    const cursor = this.stream.position?.cursor ?? null;
    running.post({ type: "hello", tab: this.id, cursor, topics: this.#topics, visible: this.#options.visible(), looking: this.#looking });
  }

  async #answerTokenRequest(request: string): Promise<void> {
    try {
      this.#post({ type: "token", request, credential: await this.#options.session.refresh() });
    } catch (error) {
      this.#post({ type: "no_token", request, reason: reasonOf(error), ended: endsSession(error) });
    }
  }

  // --- browser signals ---------------------------------------------------------------------------------------------------

  #onBrowserSignal(signal: BrowserSignal): void {
    switch (signal) {
      case "network_up":
      case "network_down":
      case "resumed":
        this.#post({ type: "browser_signal", signal });
        return;
      case "page_hidden":
        // Open channels and locks keep the page out of the back/forward cache.
        this.#close();
        return;
      case "page_shown":
        this.#open();
        return;
    }
  }

  #onVisible(running: Running): void {
    running.post({ type: "visible", tab: this.id, visible: this.#options.visible() });
    this.#pingHub(running);
  }

  #post(message: TabMessage): void {
    this.#running?.post(message);
  }

  #publish(change: Partial<ConnectionSnapshot>): void {
    const before = this.#snapshot.getState();
    const role = this.#running?.hub === undefined ? "follower" : "leader";
    const after: ConnectionSnapshot = { ...before, ...change, role, clockSkewMs: change.clockSkewMs ?? before.clockSkewMs };
    const keys = Object.keys(after) as (keyof ConnectionSnapshot)[];
    if (keys.some((key) => before[key] !== after[key])) this.#snapshot.set(after);
  }
}

/** State between start and stop. */
interface Running {
  readonly bus: TabBus;
  readonly post: (message: TabMessage) => void;
  readonly leave: () => void;
  readonly stop: AbortController;
  readonly undos: (() => void)[];
  hub?: TabHub;
  /** Ends the wait for the leader's lock. */
  waiting?: AbortController;
  disarmPing?: () => void;
  /** Disarms the wait for a pong. */
  overdue?: () => void;
  disarmHelloRetry?: () => void;
}
