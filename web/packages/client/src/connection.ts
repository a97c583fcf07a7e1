import { AttemptCredentials } from "./attempt-credentials.js";
import type { BrowserSignal, BrowserSignals } from "./browser-signals.js";
import type { AgentTopics, Carrier, CarrierEnd, OpenCarrier } from "./carrier.js";
import type { ConnectionHandle } from "./connection-handle.js";
import type { AgentMessageDelta, PresenceUpdate } from "./contract.js";
import type { CursorMemory } from "./cursor-memory.js";
import { parseDelta, parseEvent, type EventBatch } from "./events.js";
import { Liveness } from "./liveness.js";
import { initialState, next, type ConnectionState, type Link, type Rules, type Signal, type Transport } from "./machine.js";
import { LookingReporter, parsePresence, type Looking } from "./presence.js";
import { endsSession, isCredentialCode, reasonOf } from "./problem.js";
import { ReplayBuffer } from "./replay-buffer.js";
import { clockReading, ServerClock, type ClockReading } from "./server-clock.js";
import type { Session } from "./session.js";
import type { ConnectionSnapshot } from "./snapshot.js";
import { Store, type Readable } from "./store.js";
import { Stream } from "./stream.js";
import type { Timing } from "./timing.js";
import { TokenRenewal } from "./token-renewal.js";

export interface ConnectionOptions {
  readonly session: Session;
  readonly open: Readonly<Record<Transport, OpenCarrier>>;
  /** The cursor of the log's head, for a client that has none. */
  readonly head: () => Promise<string>;
  readonly memory: CursorMemory;
  readonly browserSignals: BrowserSignals;
  readonly timing: Timing;
  readonly rules: Rules;
  /** How long the first attempt on a transport may take; doubles with each round that failed. Milliseconds. */
  readonly connectTimeout: number;
  /** Whether someone may look at the status; while nobody does, the server is asked nothing. */
  readonly visible: () => boolean;
  /** Whether timers run when they are due: not in a hidden page that holds the connection of visible ones. */
  readonly promptTimers: () => boolean;
}

export interface ConnectionListener {
  batch(batch: EventBatch): void;
  delta(delta: AgentMessageDelta): void;
  /** Who is online; undefined when that is not known any more. */
  presence(update: PresenceUpdate | undefined): void;
  /** The events so far do not lead to those that follow: load the lists again. */
  reset(reason: string): void;
}

const NO_ANSWER = "the server does not answer";
/** No attempt takes longer. Milliseconds. */
const MAX_CONNECT_TIMEOUT = 15_000;

/**
 * One connection to the log. Drives the state machine: opens and closes carriers as the state asks, turns what they report into signals,
 * and publishes a snapshot. Owned by one page, or by the worker that several pages share.
 */
export class Connection implements ConnectionHandle {
  readonly stream = new Stream();
  readonly #options: ConnectionOptions;
  readonly #listener: ConnectionListener;
  readonly #timing: Timing;
  readonly #snapshot: Store<ConnectionSnapshot>;
  readonly #credentials: AttemptCredentials;
  readonly #liveness: Liveness;
  readonly #renewal: TokenRenewal;
  readonly #buffer: ReplayBuffer;
  readonly #looking: LookingReporter;

  #state: ConnectionState = initialState;
  readonly #carriers = new Map<number, Carrier>();
  #topics: AgentTopics = [];
  #presenceKnown = false;
  #lastEventAt: number | null = null;
  readonly #clock = new ServerClock();
  #disarmWake: () => void = () => undefined;
  #unlisten: () => void = () => undefined;

  constructor(options: ConnectionOptions, listener: ConnectionListener) {
    const { session, timing, visible, promptTimers } = options;
    this.#options = options;
    this.#listener = listener;
    this.#timing = timing;
    this.#credentials = new AttemptCredentials(session);
    const carrier = () => this.#currentCarrier();
    this.#liveness = new Liveness({
      timing,
      visible,
      carrier,
      onSilent: (since) => this.#signalCarrier((id) => ({ type: "silent", id, since })),
      onHeard: () => this.#signalCarrier((id) => ({ type: "heard", id })),
      onLost: () => this.#drop(NO_ANSWER),
      onServerTime: (at, roundTrip) => this.noteClock(clockReading(at, roundTrip, timing.now())),
    });
    this.#renewal = new TokenRenewal({
      session,
      timing,
      carrier,
      onRefused: () => this.#drop("the renewed token was refused"),
      onEnded: (reason) => this.unauthorized(reason),
    });
    this.#looking = new LookingReporter(timing, carrier);
    this.#buffer = new ReplayBuffer(timing, promptTimers, {
      deliver: (batch) => this.#deliver(batch),
      progress: (id, count) => this.#signal({ type: "behind", id, count }),
      ended: (id) => this.#signal({ type: "caught_up", id }),
    });
    this.#snapshot = new Store(this.#describe());
  }

  get snapshot(): Readable<ConnectionSnapshot> {
    return this.#snapshot;
  }

  start(): void {
    if (this.#state.status !== "idle") return;
    const saved = this.stream.position === undefined ? this.#options.memory.load() : undefined;
    if (saved !== undefined) this.stream.begin(saved);
    this.#unlisten = this.#options.browserSignals.listen((signal) => this.#onBrowserSignal(signal));
    if (this.#options.browserSignals.networkDown()) this.#signal({ type: "network_down" });
    this.#signal({ type: "start" });
  }

  stop(): void {
    this.#unlisten();
    this.#unlisten = () => undefined;
    this.#signal({ type: "stop" });
    this.#looking.stop();
    this.flush();
  }

  /** Delivers what is held back; afterwards everything up to the stream's position has been delivered. */
  flush(): void {
    this.#buffer.flush();
  }

  retryNow(): void {
    this.#signal({ type: "retry_now" });
    void this.#liveness.check();
  }

  signedIn(): void {
    this.#options.session.forget();
    this.#signal({ type: "signed_in" });
  }

  unauthorized(reason: string): void {
    this.#signal({ type: "unauthorized", reason });
  }

  watch(topics: AgentTopics): void {
    this.#topics = topics;
    for (const carrier of this.#carriers.values()) carrier.watch(topics);
  }

  look(looking: Looking): void {
    this.#looking.set(looking?.approvalId ?? null);
  }

  noteClock(reading: ClockReading): void {
    this.#clock.note(reading);
    this.#publish();
  }

  /** Measures the round trip; resolves when the snapshot has it, or when there is nothing to measure. */
  async measure(): Promise<void> {
    await this.#liveness.check();
    this.#publish();
  }

  // --- what the state machine asks for -----------------------------------------------------------------------------------

  #signal(signal: Signal): void {
    const before = this.#state;
    const after = next(before, signal, { now: this.#timing.now(), random: this.#timing.random(), rules: this.#options.rules });
    if (after === before) return;
    this.#state = after;
    this.#closeUnused(after);
    if (after.wakeAt !== before.wakeAt) this.#armWake(after.wakeAt);
    if (after.carrier !== null && after.carrier.id !== before.carrier?.id) this.#onCarrierAdopted(after.carrier, before.carrier !== null);
    if (after.carrier === null) this.#liveness.stop();
    // Without a socket nobody tells who leaves.
    if (this.#presenceKnown && (after.carrier?.transport ?? "rest") === "rest") this.#presence(undefined);
    if (after.status === "unauthorized" || after.status === "idle") this.#renewal.stop();
    this.#publish();
    if (after.dial !== null && after.dial.id !== before.dial?.id) this.#open(after.dial);
  }

  #signalCarrier(signal: (id: number) => Signal): void {
    if (this.#state.carrier !== null) this.#signal(signal(this.#state.carrier.id));
  }

  /** Closes each carrier that the state does not name any more. */
  #closeUnused(state: ConnectionState): void {
    for (const [id, carrier] of this.#carriers) {
      if (id === state.carrier?.id || id === state.dial?.id) continue;
      this.#carriers.delete(id);
      this.#credentials.forget(id);
      carrier.close();
    }
  }

  #armWake(at: number | null): void {
    this.#disarmWake();
    if (at !== null) this.#disarmWake = this.#timing.after(Math.max(0, at - this.#timing.now()), () => this.#signal({ type: "due" }));
  }

  #open(link: Link): void {
    const timeout = Math.min(MAX_CONNECT_TIMEOUT, this.#options.connectTimeout * 2 ** this.#state.attempt);
    const carrier = this.#options.open[link.transport](
      { transport: link.transport, credentials: () => this.#credentialsFor(link), topics: this.#topics, timeout },
      {
        opened: () => this.#signal({ type: "opened", id: link.id }),
        events: (envelopes, cursor) => this.#onEvents(link, envelopes, cursor),
        delta: (value) => this.#onDelta(link, value),
        presence: (value) => this.#onPresence(link, value),
        reset: (reason, cursor) => this.#onReset(reason, cursor),
        expiring: (at) => this.#renewal.onWarning(at, this.#clock.skew ?? 0),
        activity: () => this.#onActivity(link),
        closed: (end) => this.#onClosed(link, end),
      },
    );
    // It may have failed already.
    if (this.#isDial(link) || this.#isCarrier(link)) this.#carriers.set(link.id, carrier);
    else carrier.close();
  }

  async #credentialsFor(link: Link): Promise<{ token: string; cursor: string }> {
    try {
      const cursor = await this.#cursor();
      return { token: await this.#credentials.token(link.id), cursor };
    } catch (error) {
      if (endsSession(error)) this.unauthorized(reasonOf(error));
      throw error;
    }
  }

  async #cursor(): Promise<string> {
    // Seeding changes nothing when a list, or another attempt, was faster.
    if (this.stream.position === undefined) this.stream.seed(await this.#options.head());
    return this.stream.position?.cursor ?? "";
  }

  // --- what carriers report ----------------------------------------------------------------------------------------------

  #onCarrierAdopted(link: Link, hadCarrier: boolean): void {
    this.#liveness.noteActivity();
    this.#renewal.schedule();
    this.#looking.onCarrierAdopted();
    if (!hadCarrier) this.#buffer.begin(link.id);
    void this.measure();
  }

  #onEvents(link: Link, envelopes: readonly unknown[], cursor: string): void {
    const events = envelopes.flatMap((envelope) => parseEvent(envelope, cursor) ?? []).filter((event) => this.stream.accept(event));
    this.stream.advance(cursor);
    if (events.length === 0) return;
    this.#lastEventAt = this.#timing.now();
    for (const event of events) this.#clock.noteEvent(Date.parse(event.at), this.#lastEventAt);
    this.#buffer.add(link.id, events, this.#clock.aheadAtMost);
  }

  #onDelta(link: Link, value: unknown): void {
    const delta = parseDelta(value);
    if (delta !== undefined && this.#isCarrier(link)) this.#listener.delta(delta);
  }

  #onPresence(link: Link, value: unknown): void {
    const update = parsePresence(value);
    if (update !== undefined && this.#isCarrier(link)) this.#presence(update);
  }

  #presence(update: PresenceUpdate | undefined): void {
    this.#presenceKnown = update !== undefined;
    this.#listener.presence(update);
  }

  #onReset(reason: string, cursor: string): void {
    this.#buffer.clear();
    this.stream.begin(cursor);
    this.#options.memory.save(cursor);
    this.#listener.reset(reason);
  }

  #onActivity(link: Link): void {
    if (this.#isCarrier(link)) this.#liveness.noteActivity();
  }

  #onClosed(link: Link, end: CarrierEnd): void {
    if (this.#isCarrier(link)) {
      this.#buffer.end();
      this.#drop(end.reason, end.delay);
    } else if (isCredentialCode(end.code)) void this.#onTokenRefused(link, end);
    else this.#signal({ type: "failed", id: link.id, reason: end.reason });
  }

  /** One fresh token may be tried per attempt. */
  async #onTokenRefused(link: Link, end: CarrierEnd): Promise<void> {
    try {
      if (!(await this.#credentials.replace(link.id))) this.unauthorized(end.reason);
      else if (this.#isDial(link)) this.#open(link);
    } catch (error) {
      if (endsSession(error)) this.unauthorized(reasonOf(error));
      else this.#signal({ type: "failed", id: link.id, reason: reasonOf(error) });
    }
  }

  #drop(reason: string, delay?: number): void {
    this.#signalCarrier((id) => ({ type: "dropped", id, reason, ...(delay === undefined ? {} : { delay }) }));
  }

  #deliver(batch: EventBatch): void {
    this.#listener.batch(batch.replayed || this.#options.visible() ? batch : { ...batch, unattended: true });
    // Saved afterwards, so that a page that dies meanwhile gets the batch again.
    const position = this.stream.position;
    if (position !== undefined) this.#options.memory.save(position.cursor);
    this.#publish();
  }

  // --- what the browser reports ------------------------------------------------------------------------------------------

  #onBrowserSignal(signal: BrowserSignal): void {
    switch (signal) {
      case "network_up":
      case "network_down":
        this.#signal({ type: signal });
        void this.#liveness.check();
        return;
      case "resumed":
        this.retryNow();
        return;
      case "page_hidden":
        this.flush();
        this.#signal({ type: "stop" });
        return;
      case "page_shown":
        this.#signal({ type: "start" });
        return;
    }
  }

  // --- description -------------------------------------------------------------------------------------------------------

  #isDial(link: Link): boolean {
    return this.#state.dial?.id === link.id;
  }

  #isCarrier(link: Link): boolean {
    return this.#state.carrier?.id === link.id;
  }

  #currentCarrier(): Carrier | undefined {
    return this.#state.carrier === null ? undefined : this.#carriers.get(this.#state.carrier.id);
  }

  #publish(): void {
    const before = this.#snapshot.getState();
    const after = this.#describe();
    const keys = Object.keys(after) as (keyof ConnectionSnapshot)[];
    if (keys.some((key) => before[key] !== after[key])) this.#snapshot.set(after);
  }

  #describe(): ConnectionSnapshot {
    const state = this.#state;
    return {
      status: state.status,
      transport: state.carrier?.transport ?? "none",
      role: "solo",
      tabs: 1,
      attempt: state.attempt,
      nextRetryAt: state.dial === null && state.carrier?.transport !== "websocket" ? state.wakeAt : null,
      trying: state.dial !== null,
      downSince: state.downSince,
      lastEventAt: this.#lastEventAt,
      lastSyncAt: this.#liveness.lastActivityAt,
      roundTripMs: this.#liveness.roundTripMs,
      clockSkewMs: this.#clock.skew,
      reason: state.status === "reconnecting" && state.carrier !== null ? NO_ANSWER : state.reason,
      shortLived: state.shortLived,
      behind: state.behind,
    };
  }
}
