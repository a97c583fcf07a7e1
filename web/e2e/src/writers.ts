import type { Api } from "./api.js";

/** Messages of one agent at a steady rate, each a durable event. Stop them before what they write to is stopped. */
export class Writers {
  readonly #stop = new AbortController();
  readonly #done: Promise<unknown>;
  written = 0;

  /** Each of `count` writers begins a message every `intervalMs`, and waits for the answer of the one before. */
  constructor(api: Api, count: number, intervalMs: number) {
    this.#done = Promise.all(Array.from({ length: count }, (_, index) => this.#write(api, index, intervalMs)));
    this.#done.catch(() => undefined); // `stop` says it
  }

  /** Ends after the messages under way; rejects when one could not be written. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #write(api: Api, writer: number, intervalMs: number): Promise<void> {
    let due = Date.now();
    while (!this.#stop.signal.aborted) {
      await api.ok("POST", "/v1/agents/writer/messages", { role: "agent", kind: "text", text: `writer ${writer}, message ${this.written}` });
      this.written += 1;
      due += intervalMs;
      const pause = due - Date.now(); // the rate itself, not a wait for anything
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      else due = Date.now();
    }
  }
}
