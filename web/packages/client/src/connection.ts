import type { BrowserSignal, BrowserSignals } from "./browser-signals.js";
import type { AgentTopics, Carrier, CarrierEnd, OpenCarrier } from "./carrier.js";
import type { ConnectionHandle } from "./connection-handle.js";
import type { AgentMessageDelta } from "./contract.js";
import { parseDelta, parseEvent, type AnyEvent } from "./events.js";
import type { CursorMemory } from "./cursor-memory.js";
import { initialState, next, type ConnectionState, type Link, type Rules, type Signal, type Transport } from "./machine.js";
import { endsSession, isCredentialCode, reasonOf } from "./problem.js";
import type { Session } from "./session.js";
import type { ConnectionSnapshot } from "./snapshot.js";
import { Store, type Readable } from "./store.js";
import { Stream } from "./stream.js";
import type { Timing } from "./timing.js";

/** Events that arrived together. */
export interface EventBatch {
  readonly events: readonly AnyEvent[];
  /** Whether they are from a time when this client was away: show one summary, not one toast each. */
  readonly replayed: boolean;
}

export interface ConnectionOptions {
  readonly session: Session;
  readonly open: Readonly<Record<Transport, OpenCarrier>>;
  /** The cursor of the log's head, for a client that has none. */
  readonly head: () => Promise<string>;
  readonly memory: CursorMemory;
  readonly browserSignals: BrowserSignals;
  readonly timing: Timing;
  readonly rules: Rules;
  /** Without a sound for this long the carrier is asked for a sign of life. */
  readonly silenceTimeout: number;
  /** No sign of life within this means that it hangs. */
  readonly checkTimeout: number;
}

export interface ConnectionListener {
  batch(batch: EventBatch): void;
  delta(delta: AgentMessageDelta): void;
  /** What was delivered so far does not lead to what follows: load the lists again. */
  reset(reason: string): void;
}

/** Events that follow one another within this are handed on together. */
const BATCH_WINDOW = 25;
/** A replay is over when nothing came for this long. */
const REPLAY_QUIET = 150;
/** At most this much of a replay is held back before it is shown. */
const MAX_REPLAY_BATCH = 1_000;

/** The server's clock is known to about this. */
const SKEW_NOISE = 1_000;

/** A replay under way: what is shown as one batch. */
interface Replay {
  readonly link: Link;
  readonly openedAt: number;
  count: number;
  disarm: () => void;
}

/**
 * One connection to the log: performs what the machine asks for, keeps the events in order and once, and renews the credential. Owned by
 * one page, or by the worker that several share.
 */
export class Connection implements ConnectionHandle {
  readonly #options: ConnectionOptions;
  readonly #listener: ConnectionListener;
  readonly #timing: Timing;
  readonly #snapshot: Store<ConnectionSnapshot>;
  readonly stream = new Stream();

  #state: ConnectionState = initialState;
  readonly #carriers = new Map<number, Carrier>();
  /** Dials whose credential was replaced once already. */
  readonly #renewedDials = new Set<number>();
  /** The token that each of them presented. */
  readonly #presented = new Map<number, string>();
  #disarmWake: () => void = nothing;
  #disarmRenewal: () => void = nothing;
  #disarmSilence: () => void = nothing;
  #unlisten: () => void = nothing;
  #topics: AgentTopics = [];

  #pending: AnyEvent[] = [];
  #window = false;
  #replay: Replay | undefined;
  #lastActivityAt: number | null = null;
  #lastEventAt: number | null = null;
  #roundTripMs: number | null = null;
  #clockSkewMs: number | null = null;

  constructor(options: ConnectionOptions, listener: ConnectionListener) {
    this.#options = options;
    this.#listener = listener;
    this.#timing = options.timing;
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
    this.#unlisten = nothing;
    this.#signal({ type: "stop" });
    this.flush();
  }

  /** Hands on what is held back; afterwards everything up to the stream's position has been handed on. */
  flush(): void {
    this.#handOver(this.#replay !== undefined && this.#replay.count > 0);
  }

  /** A person, or the page, wants it to try now. */
  retryNow(): void {
    this.#signal({ type: "retry_now" });
    void this.#checkAlive();
  }

  /** A new credential can be had. */
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

  noteSkew(skew: number): void {
    // Dates on answers count whole seconds, so less than that is noise.
    const rounded = Math.abs(skew) < SKEW_NOISE ? 0 : Math.round(skew);
    const known = this.#clockSkewMs;
    if (known !== null && Math.abs(known - rounded) < SKEW_NOISE) return;
    this.#clockSkewMs = rounded;
    this.#publish();
  }

  /** Measures the round trip; resolves when the snapshot has it, or when there is nothing to measure. */
  async measure(): Promise<void> {
    await this.#checkAlive();
    this.#publish();
  }

  // --- the machine's wishes ----------------------------------------------------------------------------------------------

  #signal(signal: Signal): void {
    const { now, random } = { now: this.#timing.now(), random: this.#timing.random() };
    const before = this.#state;
    const after = next(before, signal, { now, random, rules: this.#options.rules });
    if (after === before) return;
    this.#state = after;
    this.#closeUnused(after);
    if (after.wakeAt !== before.wakeAt) this.#armWake(after.wakeAt);
    if (after.carrier !== null && after.carrier.id !== before.carrier?.id) this.#onAdopted(after.carrier, before.carrier !== null);
    if (after.carrier === null) this.#disarmSilence();
    if (after.status === "unauthorized" || after.status === "idle") this.#disarmRenewal();
    this.#publish();
    if (after.dial !== null && after.dial.id !== before.dial?.id) this.#open(after.dial);
  }

  /** Closes each carrier that the state does not name any more. */
  #closeUnused(state: ConnectionState): void {
    for (const [id, carrier] of this.#carriers) {
      if (id === state.carrier?.id || id === state.dial?.id) continue;
      this.#carriers.delete(id);
      this.#renewedDials.delete(id);
      this.#presented.delete(id);
      carrier.close();
    }
  }

  #armWake(at: number | null): void {
    this.#disarmWake();
    if (at !== null) this.#disarmWake = this.#timing.after(Math.max(0, at - this.#timing.now()), () => this.#signal({ type: "due" }));
    else this.#disarmWake = nothing;
  }

  #open(link: Link): void {
    const carrier = this.#options.open[link.transport](
      { transport: link.transport, credentials: () => this.#credentials(link), topics: this.#topics },
      {
        opened: () => this.#signal({ type: "opened", id: link.id }),
        events: (envelopes, cursor) => this.#onEvents(link, envelopes, cursor),
        delta: (value) => this.#onDelta(link, value),
        reset: (reason, cursor) => this.#onReset(reason, cursor),
        expiring: (at) => this.#onExpiring(at),
        activity: () => this.#onActivity(link),
        closed: (end) => this.#onClosed(link, end),
      },
    );
    if (this.#state.dial?.id === link.id || this.#state.carrier?.id === link.id) this.#carriers.set(link.id, carrier);
    else carrier.close();
  }

  async #credentials(link: Link): Promise<{ token: string; cursor: string }> {
    try {
      const cursor = await this.#cursor();
      const { token } = await this.#options.session.current();
      this.#presented.set(link.id, token);
      return { token, cursor };
    } catch (error) {
      if (endsSession(error)) this.#signal({ type: "unauthorized", reason: reasonOf(error) });
      throw error;
    }
  }

  async #cursor(): Promise<string> {
    // Seeding changes nothing when a list, or another attempt, was faster.
    if (this.stream.position === undefined) this.stream.seed(await this.#options.head());
    return this.stream.position?.cursor ?? "";
  }

  // --- what carriers say -------------------------------------------------------------------------------------------------

  #onAdopted(link: Link, hadCarrier: boolean): void {
    this.#lastActivityAt = this.#timing.now();
    this.#armSilence();
    this.#armRenewal();
    if (!hadCarrier) this.#beginReplay(link);
    void this.measure();
  }

  #onEvents(link: Link, envelopes: readonly unknown[], cursor: string): void {
    const events = envelopes.flatMap((envelope) => parseEvent(envelope, cursor) ?? []).filter((event) => this.stream.accept(event));
    this.stream.advance(cursor);
    const newest = events.at(-1);
    if (newest === undefined) return;
    this.#lastEventAt = this.#timing.now();
    this.#pending.push(...events);
    const replay = this.#replay;
    if (replay?.link.id !== link.id) this.#handOn();
    else if (Date.parse(newest.at) > replay.openedAt + this.#skewAtMost()) this.#endReplay();
    else this.#hold(replay, events.length);
  }

  #onDelta(link: Link, value: unknown): void {
    const delta = parseDelta(value);
    if (delta !== undefined && link.id === this.#state.carrier?.id) this.#listener.delta(delta);
  }

  #onReset(reason: string, cursor: string): void {
    this.#pending = [];
    this.stream.begin(cursor);
    this.#options.memory.save(cursor);
    this.#listener.reset(reason);
  }

  #onActivity(link: Link): void {
    if (link.id !== this.#state.carrier?.id) return;
    this.#lastActivityAt = this.#timing.now();
    this.#armSilence();
  }

  #onClosed(link: Link, end: CarrierEnd): void {
    if (this.#state.carrier?.id === link.id) {
      this.#endReplay();
      const delay = end.delay === undefined ? {} : { delay: end.delay };
      this.#signal({ type: "dropped", id: link.id, reason: end.reason, ...delay });
    } else if (isCredentialCode(end.code)) void this.#onRefused(link, end);
    else this.#signal({ type: "failed", id: link.id, reason: end.reason });
  }

  /** The credential was refused: one fresh one may be tried per attempt. */
  async #onRefused(link: Link, end: CarrierEnd): Promise<void> {
    if (this.#renewedDials.has(link.id)) {
      this.#signal({ type: "unauthorized", reason: end.reason });
      return;
    }
    this.#renewedDials.add(link.id);
    try {
      await this.#options.session.replace(this.#presented.get(link.id) ?? "");
      if (this.#state.dial?.id === link.id) this.#open(link);
    } catch (error) {
      if (endsSession(error)) this.#signal({ type: "unauthorized", reason: reasonOf(error) });
      else this.#signal({ type: "failed", id: link.id, reason: reasonOf(error) });
    }
  }

  // --- replay ------------------------------------------------------------------------------------------------------------

  #beginReplay(link: Link): void {
    this.#replay?.disarm();
    this.#replay = { link, openedAt: this.#timing.now(), count: 0, disarm: this.#timing.after(REPLAY_QUIET, () => this.#endReplay()) };
  }

  /** The server's clock is not further ahead than this. */
  #skewAtMost(): number {
    const skew = this.#clockSkewMs ?? 0;
    return skew === 0 ? 0 : skew + SKEW_NOISE;
  }

  #hold(replay: Replay, count: number): void {
    const before = replay.count;
    replay.count += count;
    replay.disarm();
    replay.disarm = this.#timing.after(REPLAY_QUIET, () => this.#endReplay());
    if (before === 0 || Math.floor(before / 50) !== Math.floor(replay.count / 50)) this.#signal({ type: "behind", id: replay.link.id, count: replay.count });
    if (this.#pending.length >= MAX_REPLAY_BATCH) this.#handOver(true);
  }

  #endReplay(): void {
    const replay = this.#replay;
    if (replay === undefined) return;
    replay.disarm();
    this.#replay = undefined;
    this.#handOver(replay.count > 0);
    this.#signal({ type: "caught_up", id: replay.link.id });
  }

  // --- handing on --------------------------------------------------------------------------------------------------------

  /** The first event at once, those that follow closely together. */
  #handOn(): void {
    if (this.#window) return;
    this.#handOver(false);
    this.#window = true;
    this.#timing.after(BATCH_WINDOW, () => {
      this.#window = false;
      if (this.#pending.length > 0 && this.#replay === undefined) this.#handOn();
    });
  }

  #handOver(replayed: boolean): void {
    const events = this.#pending;
    if (events.length === 0) return;
    this.#pending = [];
    this.#listener.batch({ events, replayed });
    const position = this.stream.position;
    if (position !== undefined) this.#options.memory.save(position.cursor);
    this.#publish();
  }

  // --- credential --------------------------------------------------------------------------------------------------------

  #armRenewal(): void {
    this.#disarmRenewal();
    const delay = this.#options.session.renewIn();
    this.#disarmRenewal = delay === undefined ? nothing : this.#timing.after(delay, () => void this.#renew());
  }

  #onExpiring(at: string | undefined): void {
    const delay = this.#options.session.renewAfterWarning(at, this.#clockSkewMs ?? 0);
    if (delay === undefined) return;
    this.#disarmRenewal();
    this.#disarmRenewal = this.#timing.after(delay, () => void this.#renew());
  }

  /** Fetches the next credential and goes on with it over the living carrier. */
  async #renew(): Promise<void> {
    const link = this.#state.carrier;
    if (link === null) return;
    try {
      const { token } = await this.#options.session.refresh();
      const renewed = await this.#carriers.get(link.id)?.renew(token);
      if (renewed === false && this.#state.carrier?.id === link.id) {
        this.#signal({ type: "dropped", id: link.id, reason: "the renewed token was refused" });
      }
      this.#armRenewal();
    } catch (error) {
      if (endsSession(error)) this.#signal({ type: "unauthorized", reason: reasonOf(error) });
      else this.#disarmRenewal = this.#timing.after(Math.max(1_000, Math.min(15_000, this.#options.session.left / 4)), () => void this.#renew());
    }
  }

  // --- liveness ----------------------------------------------------------------------------------------------------------

  #armSilence(): void {
    this.#disarmSilence();
    this.#disarmSilence = this.#timing.after(this.#options.silenceTimeout, () => void this.#checkAlive());
  }

  /** Asks the carrier for a sign of life; one that gives none in time counts as dropped. */
  async #checkAlive(): Promise<void> {
    const link = this.#state.carrier;
    const carrier = this.#current();
    if (link === null || carrier === undefined) return;
    try {
      this.#roundTripMs = Math.round(await carrier.check(this.#options.checkTimeout));
      this.#onActivity(link);
    } catch {
      if (this.#state.carrier?.id === link.id) this.#signal({ type: "dropped", id: link.id, reason: "the connection went silent" });
    }
  }

  #onBrowserSignal(signal: BrowserSignal): void {
    switch (signal) {
      case "network_up":
      case "network_down":
        this.#signal({ type: signal });
        void this.#checkAlive();
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

  #current(): Carrier | undefined {
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
      nextRetryAt: state.dial === null ? state.wakeAt : null,
      trying: state.dial !== null,
      downSince: state.downSince,
      lastEventAt: this.#lastEventAt,
      lastSyncAt: this.#lastActivityAt,
      roundTripMs: this.#roundTripMs,
      clockSkewMs: this.#clockSkewMs,
      reason: state.reason,
      behind: state.behind,
    };
  }
}

function nothing(): void {
  // There is nothing to undo.
}
