/** Bounds of an exponential back-off, in milliseconds. */
export interface Backoff {
  /** Ceiling of the first wait after a failed round; doubles with each further one. */
  readonly base: number;
  /** Upper bound of the ceiling. */
  readonly cap: number;
}

/**
 * Full jitter: evenly between 0 and `min(cap, base · 2^attempt)`, so that clients that were disconnected together do not reconnect together.
 * Pure: `random` is in [0, 1).
 */
export function fullJitter(attempt: number, random: number, backoff: Backoff): number {
  return Math.round(random * Math.min(backoff.cap, backoff.base * 2 ** Math.min(attempt, 30)));
}

/** Evenly between three quarters and five quarters of `period`. */
export function jitterAround(period: number, random: number): number {
  return Math.round(period * (0.75 + random / 2));
}
