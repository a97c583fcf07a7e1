import type { Timing } from "../src/timing.js";

interface Task {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that stands still until a test moves it. */
export class ManualTiming implements Timing {
  chance = 0.5;
  #now: number;
  #set = 0;
  readonly #tasks = new Set<Task>();

  constructor(now = 1_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now + this.#set;
  }

  elapsed(): number {
    return this.#now;
  }

  /** Somebody sets the machine's clock: no time passes. */
  set(by: number): void {
    this.#set += by;
  }

  random(): number {
    return this.chance;
  }

  after(delay: number, run: () => void): () => void {
    const task = { at: this.#now + delay, run };
    this.#tasks.add(task);
    return () => void this.#tasks.delete(task);
  }

  /** Time passes while nothing runs, as in a machine that sleeps or a page that hangs; what fell due meanwhile runs late. */
  stall(by: number): void {
    this.#now += by;
  }

  /** Timers that are armed. */
  get armed(): number {
    return this.#tasks.size;
  }

  /** Moves the clock by `span` milliseconds and runs what falls due on the way, earliest first; promises settle in between. */
  async advance(span: number): Promise<void> {
    const end = this.#now + span;
    await settle();
    for (let due = this.#earliest(end); due !== undefined; due = this.#earliest(end)) {
      this.#tasks.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.run();
      await settle();
    }
    this.#now = end;
  }

  #earliest(end: number): Task | undefined {
    return [...this.#tasks].filter((task) => task.at <= end).sort((a, b) => a.at - b.at)[0];
  }
}

/** Lets every promise that can settle do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}
