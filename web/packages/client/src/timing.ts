/** Clock, timers and random numbers; tests replace them. All times are epoch milliseconds, all spans milliseconds. */
export interface Timing {
  now(): number;
  /** A number in [0, 1). */
  random(): number;
  /** Runs `task` once after `delay`; returns the undo. */
  after(delay: number, task: () => void): () => void;
}

export const systemTiming: Timing = {
  now: () => Date.now(),
  random: () => Math.random(),
  after: (delay, task) => {
    const timer = setTimeout(task, Math.min(delay, 0x7fff_ffff));
    return () => clearTimeout(timer);
  },
};
