import type { AnyEvent, EventBatch } from "./events.js";
import type { Timing } from "./timing.js";

/** Events that follow one another within this are delivered together. */
const BATCH_WINDOW = 25;
/** A replay is over when no event came for this long. */
const REPLAY_QUIET = 150;
/** A replay is delivered in batches of about this many events. */
const MAX_REPLAY_BATCH = 1_000;
/** Where timers are late, so many events of a replay are delivered as they come: its end may be noticed a second later. */
const MAX_UNBATCHED = 50;
/** Progress of a replay is reported at its first event and then about every so many. */
const PROGRESS_STEP = 50;

export interface ReplayBufferListener {
  deliver(batch: EventBatch): void;
  /** So many events of the carrier's replay have arrived. */
  progress(carrier: number, count: number): void;
  /** The carrier's replay is delivered; what follows is live. */
  ended(carrier: number): void;
}

interface Replay {
  readonly carrier: number;
  readonly startedAt: number;
  count: number;
  disarm: () => void;
}

/**
 * Collects events into batches. During a replay, events are held until it is over, and delivered as one batch that is marked `replayed`.
 * Otherwise the first event is delivered at once, and those that follow closely together. Where timers are late nothing waits for one,
 * except for what follows the first events of a long replay. Times and spans are milliseconds.
 */
export class ReplayBuffer {
  readonly #timing: Timing;
  readonly #promptTimers: () => boolean;
  readonly #listener: ReplayBufferListener;
  #events: AnyEvent[] = [];
  #windowOpen = false;
  #replay: Replay | undefined;

  /** `promptTimers`: whether timers run when they are due; those of a hidden page may be up to a second late. */
  constructor(timing: Timing, promptTimers: () => boolean, listener: ReplayBufferListener) {
    this.#timing = timing;
    this.#promptTimers = promptTimers;
    this.#listener = listener;
  }

  /** What this carrier sends first was missed. */
  begin(carrier: number): void {
    this.#replay?.disarm();
    this.#replay = { carrier, startedAt: this.#timing.now(), count: 0, disarm: this.#endWhenQuiet() };
  }

  /** Adds events in the order of the log. `serverAhead` is how far the server's clock is ahead of this machine's at most. */
  add(carrier: number, events: readonly AnyEvent[], serverAhead: number): void {
    const newest = events.at(-1);
    if (newest === undefined) return;
    this.#events.push(...events);
    const replay = this.#replay;
    if (replay?.carrier !== carrier) this.#deliverInWindows();
    else if (Date.parse(newest.at) > replay.startedAt + serverAhead) this.end();
    else this.#hold(replay, events.length);
  }

  /** Ends the replay, if there is one. */
  end(): void {
    const replay = this.#replay;
    if (replay === undefined) return;
    replay.disarm();
    this.#replay = undefined;
    this.#deliver(replay.count > 0);
    this.#listener.ended(replay.carrier);
  }

  /** Delivers everything that is held; a replay goes on. */
  flush(): void {
    this.#deliver(this.#replay !== undefined && this.#replay.count > 0);
  }

  /** Drops what is held: a reset makes the lists load again. */
  clear(): void {
    this.#events = [];
  }

  #hold(replay: Replay, count: number): void {
    const before = replay.count;
    replay.count += count;
    replay.disarm();
    replay.disarm = this.#endWhenQuiet();
    const step = (total: number) => Math.floor(total / PROGRESS_STEP);
    if (before === 0 || step(before) !== step(replay.count)) this.#listener.progress(replay.carrier, replay.count);
    if (this.#events.length >= MAX_REPLAY_BATCH || (replay.count <= MAX_UNBATCHED && !this.#promptTimers())) this.#deliver(true);
  }

  #endWhenQuiet(): () => void {
    return this.#timing.after(REPLAY_QUIET, () => this.end());
  }

  #deliverInWindows(): void {
    const prompt = this.#promptTimers();
    if (this.#windowOpen && prompt) return;
    this.#deliver(false);
    if (this.#windowOpen || !prompt) return;
    this.#windowOpen = true;
    this.#timing.after(BATCH_WINDOW, () => {
      this.#windowOpen = false;
      if (this.#events.length > 0 && this.#replay === undefined) this.#deliverInWindows();
    });
  }

  #deliver(replayed: boolean): void {
    const events = this.#events;
    if (events.length === 0) return;
    this.#events = [];
    this.#listener.deliver({ events, replayed });
  }
}
