import type { Carrier } from "./carrier.js";
import type { Timing } from "./timing.js";

/** A connection is live for this long after the last answer. Milliseconds. */
const MAX_SILENCE = 5_000;
/** An answer is awaited for one and a half round trips, within these bounds, before the carrier counts as silent. Milliseconds. */
const MIN_WAIT = 2_000;
const MAX_WAIT = 4_000;
/** After so many of these waits the carrier is lost. */
const WAITS = 3;
/** A timer that is this late says that the page, or the machine, was asleep; and a clock that moved by this was set. Milliseconds. */
const TOLERANCE = 1_000;

export interface LivenessOptions {
  readonly timing: Timing;
  /** The carrier that events come over now. */
  readonly carrier: () => Carrier | undefined;
  /** Whether someone may look at the status; nothing is asked by itself otherwise. */
  readonly visible: () => boolean;
  /** The carrier does not answer; nothing came since then, by this machine's clock in epoch milliseconds. */
  readonly onSilent: (since: number) => void;
  /** Something came over a carrier that was silent. */
  readonly onHeard: () => void;
  /** The carrier is silent for so long that it has to be replaced. */
  readonly onLost: () => void;
  /** The server's time `at` (epoch milliseconds) arrived at the end of a round trip. */
  readonly onServerTime: (at: number, roundTrip: number) => void;
}

/**
 * Notices a carrier that hangs. While the page is visible, it asks the server for its clock when nothing came for three seconds; without an
 * answer the carrier is silent five seconds after the last word, and then lost. On slow networks it asks earlier and waits longer. Measures
 * spans by the monotonic clock, so that a change of this machine's clock is no silence.
 */
export class Liveness {
  readonly #options: LivenessOptions;
  readonly #timing: Timing;
  #lastActivityAt: number | null = null;
  /** The same by the monotonic clock. */
  #heardAt = 0;
  /** When the answer that is awaited was asked for, by the monotonic clock. */
  #askedAt: number | null = null;
  #silent = false;
  #roundTripMs: number | null = null;
  /** Between the two clocks of this machine. */
  #offset: number;
  #armed = false;
  #disarm: () => void = () => undefined;

  constructor(options: LivenessOptions) {
    this.#options = options;
    this.#timing = options.timing;
    this.#offset = this.#currentOffset();
  }

  /** When anything last came over a carrier, in this machine's epoch milliseconds; null before the first. */
  get lastActivityAt(): number | null {
    return this.#lastActivityAt;
  }

  /** Of the last check that was answered. */
  get roundTripMs(): number | null {
    return this.#roundTripMs;
  }

  /** Something came over the carrier. */
  noteActivity(): void {
    this.#lastActivityAt = this.#timing.now();
    this.#heardAt = this.#timing.elapsed();
    if (this.#askedAt !== null) this.#disarmTimer();
    this.#askedAt = null;
    if (!this.#armed && this.#options.visible()) this.#arm(MAX_SILENCE - this.#wait());
    if (this.#silent) {
      this.#silent = false;
      this.#options.onHeard();
    }
    // This machine's clock was set: what is known about the server's has to be learnt again.
    if (Math.abs(this.#currentOffset() - this.#offset) > TOLERANCE) {
      this.#offset = this.#currentOffset();
      void this.check();
    }
  }

  /** There is no carrier to check. */
  stop(): void {
    this.#disarmTimer();
    this.#askedAt = null;
    this.#silent = false;
  }

  /** Asks the server at once and measures the round trip; never rejects. */
  async check(): Promise<void> {
    const carrier = this.#options.carrier();
    if (carrier === undefined) return;
    const sentAt = this.#timing.elapsed();
    if (this.#askedAt === null) {
      this.#askedAt = sentAt;
      this.#arm(this.#wait());
    }
    try {
      const at = await carrier.check(WAITS * this.#wait());
      if (this.#options.carrier() !== carrier) return;
      const roundTrip = this.#timing.elapsed() - sentAt;
      this.#roundTripMs = Math.round(roundTrip);
      if (at !== undefined) this.#options.onServerTime(at, roundTrip);
      this.noteActivity();
    } catch {
      // The timer decides: other data may have arrived since the request.
    }
  }

  /** How long an answer is awaited; as long as possible while the round trip is not known. */
  #wait(): number {
    return Math.min(MAX_WAIT, Math.max(MIN_WAIT, 1.5 * (this.#roundTripMs ?? MAX_WAIT)));
  }

  #disarmTimer(): void {
    this.#disarm();
    this.#armed = false;
  }

  #arm(delay: number): void {
    this.#disarm();
    this.#armed = true;
    const dueAt = this.#timing.elapsed() + delay;
    this.#disarm = this.#timing.after(delay, () => {
      this.#armed = false;
      this.#review(this.#timing.elapsed() - dueAt > TOLERANCE);
    });
  }

  #review(late: boolean): void {
    const wait = this.#wait();
    const now = this.#timing.elapsed();
    if (this.#askedAt === null) {
      const left = this.#heardAt + MAX_SILENCE - wait - now;
      if (left > 0) this.#arm(left);
      else if (this.#options.visible()) void this.check();
      return;
    }
    if (late) {
      // The answer may be in the queue behind this timer.
      this.#askedAt = null;
      void this.check();
      return;
    }
    const waited = now - this.#askedAt;
    if (waited < wait) this.#arm(wait - waited);
    else if (waited < WAITS * wait) {
      this.#arm(WAITS * wait - waited);
      if (this.#silent) return;
      this.#silent = true;
      this.#options.onSilent(this.#lastActivityAt ?? this.#timing.now());
    } else this.#options.onLost();
  }

  #currentOffset(): number {
    return this.#timing.now() - this.#timing.elapsed();
  }
}
