/** Clocks, timers and random numbers; tests replace them. Times are epoch milliseconds unless said otherwise, spans milliseconds. */
export interface Timing {
  now(): number;
  /** Milliseconds since some fixed moment; unlike `now`, nobody sets this clock. */
  elapsed(): number;
  /** A number in [0, 1). */
  random(): number;
  /** Runs `task` once after `delay`; returns the undo. */
  after(delay: number, task: () => void): () => void;
}

export const systemTiming: Timing = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  random: () => Math.random(),
  after: (delay, task) => {
    const timer = setTimeout(task, Math.min(delay, 0x7fff_ffff));
    return () => clearTimeout(timer);
  },
};
