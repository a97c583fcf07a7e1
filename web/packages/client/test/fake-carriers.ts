import type { AgentTopics, CarrierListener, OpenCarrier, Overrides, PresentMember } from "../src/index.js";

/** Carriers and REST answers that a test plays by hand, in one process and without a network. */
export class FakeCarriers {
  /** Carriers that were opened, in all, and those that are open. */
  opened = 0;
  live = 0;
  /** New attempts fail. */
  refuse = false;
  /** Carriers stay open and answer nothing. */
  silent = false;
  topics: AgentTopics = [];
  /** The approvals that the server was told of. */
  readonly looked: (string | null)[] = [];
  /** Paths with their queries, as they were asked. */
  readonly asked: string[] = [];
  readonly bodies: unknown[] = [];
  readonly #answers = new Map<string, { answer: (url: URL) => unknown; status: number }>();
  #listener: CarrierListener | undefined;

  readonly #open: OpenCarrier = (opening, listener) => {
    this.topics = opening.topics;
    let closed = false;
    const begin = async () => {
      await opening.credentials();
      if (closed) return;
      if (this.refuse) {
        closed = true;
        listener.closed({ reason: "refused" });
        return;
      }
      this.opened += 1;
      this.live += 1;
      this.#listener = listener;
      listener.opened();
    };
    begin().catch((error: unknown) => listener.closed({ reason: String(error) }));
    return {
      close: () => {
        if (!closed && this.#listener === listener) this.live -= 1;
        closed = true;
      },
      watch: (agents) => (this.topics = agents),
      look: (approvalId) => this.looked.push(approvalId),
      check: () => (this.silent ? new Promise(() => undefined) : Promise.resolve(Date.now())),
      renew: () => Promise.resolve(true),
    };
  };

  readonly overrides: Partial<Overrides> = {
    open: { websocket: this.#open, polling: this.#open, rest: this.#open },
    memory: { load: () => undefined, save: () => undefined },
    browserSignals: { networkDown: () => false, listen: () => () => undefined },
    fetch: (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      this.asked.push(url.pathname + url.search);
      if (typeof init?.body === "string") this.bodies.push(JSON.parse(init.body));
      const { answer, status } = this.#answers.get(url.pathname) ?? { answer: () => ({ asOf: "k1:5:x" }), status: 200 };
      return Promise.resolve(new Response(JSON.stringify(answer(url)), { status, headers: { "Content-Type": "application/json" } }));
    },
  };

  /** What a path answers from now on. */
  answer(path: string, body: unknown, status = 200): void {
    this.answerBy(path, () => body, status);
  }

  /** The same, for an answer that depends on the query. */
  answerBy(path: string, answer: (url: URL) => unknown, status = 200): void {
    this.#answers.set(path, { answer, status });
  }

  /** An event arrives. */
  event(offset: number, type: string, id: string, data: unknown): void {
    const subject = { type: type.split(":")[0] ?? "", id };
    const envelope = { id: `evt_${offset}`, type, offset, at: new Date().toISOString(), actor: { type: "system" }, subject, data };
    this.#listener?.events([envelope], `k1:${offset}:x`);
  }

  delta(value: unknown): void {
    this.#listener?.delta(value);
  }

  /** The server tells who is online. */
  presence(members: readonly PresentMember[]): void {
    this.#listener?.presence({ members });
  }

  drop(reason: string): void {
    this.live -= 1;
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.closed({ reason });
  }
}
