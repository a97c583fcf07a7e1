/** A measurement of the server's clock. Milliseconds. */
export interface ClockReading {
  /** How far the server's clock is ahead of this machine's, about. */
  readonly skew: number;
  /** By how much `skew` may be wrong, either way. */
  readonly error: number;
}

/** Delays of the page itself, and the resolution of clocks. Milliseconds. */
const NOISE = 50;

/** The reading of a server's time `at` (epoch milliseconds) that was written in a round trip of `roundTrip` milliseconds which ended at `now`. */
export function clockReading(at: number, roundTrip: number, now: number): ClockReading {
  return { skew: at + roundTrip / 2 - now, error: roundTrip / 2 + NOISE };
}

/** The server's clock, as known from readings. */
export class ServerClock {
  #known: ClockReading | undefined;

  /** How far the server's clock is ahead of this machine's, in milliseconds; null before the first reading. */
  get skew(): number | null {
    return this.#known === undefined ? null : Math.round(this.#known.skew);
  }

  /** How far the server's clock is ahead at most; 0 when the two may be equal. */
  get aheadAtMost(): number {
    if (this.#known === undefined || Math.abs(this.#known.skew) <= this.#known.error) return 0;
    return this.#known.skew + this.#known.error;
  }

  /** Keeps the more exact of two readings that can both be right; otherwise one of the clocks was set, and the newer one is. */
  note(reading: ClockReading): void {
    if (isNews(reading, this.#known)) this.#known = reading;
  }

  /** An event is from the past by the server's clock: a lower bound, until there is a reading. */
  noteEvent(at: number, now: number): void {
    if (this.#known === undefined && at > now) this.#known = { skew: at - now, error: Number.POSITIVE_INFINITY };
  }
}

/** Whether a reading says more than what is known: it is more exact, or both cannot be right. */
export function isNews(reading: ClockReading, known: ClockReading | undefined): boolean {
  return known === undefined || reading.error < known.error / 2 || Math.abs(reading.skew - known.skew) > reading.error + known.error;
}
