import type { AgentMessage, AnyEvent, EventBatch, HeliographClient, Page, Paging } from "@heliograph/client";
import { parseEvent } from "../../client/src/events.js";
import { Stream } from "../../client/src/stream.js";

const AGENT = "agt_1";

interface Entry {
  readonly message: AgentMessage;
}

interface Held {
  readonly settle: () => void;
  readonly fail: () => void;
}

/**
 * The messages of one agent on a server, and a client of it that does nothing by itself: a test says when events arrive and when answers
 * come back.
 */
export class MessageServer {
  readonly agentId = AGENT;
  readonly messages: AgentMessage[] = [];
  readonly stream = new Stream();
  /** Answers under way, oldest first. */
  readonly held: Held[] = [];
  fetches = 0;
  #epoch = 1;
  #log: Entry[] = [];
  #delivered = 0;
  #onBatch: (batch: EventBatch) => void = () => undefined;
  #onReset: (reason: string) => void = () => undefined;

  readonly client = {
    onBatch: (handler: (batch: EventBatch) => void) => ((this.#onBatch = handler), () => undefined),
    onReset: (handler: (reason: string) => void) => ((this.#onReset = handler), () => undefined),
    since: (asOf: string) => this.stream.since(asOf),
    seed: (asOf: string) => this.stream.seed(asOf),
    position: () => this.stream.position,
    measure: () => Promise.resolve(),
    rest: { messages: (_: string, paging: Paging) => this.#answer(this.#page(paging)) },
  } as unknown as HeliographClient;

  readonly #pageSize: number;

  constructor(pageSize: number) {
    this.#pageSize = pageSize;
  }

  /** The agent writes a message, or begins one. */
  write(state: AgentMessage["state"] = "final"): AgentMessage {
    const seq = this.messages.length + 1;
    const message: AgentMessage = { id: `msg_${seq}`, agentId: AGENT, seq, role: "agent", kind: "text", text: `text ${seq}`, state, createdAt: "2026-01-01T00:00:00.000Z" };
    this.messages.push(message);
    this.#log.push({ message });
    return message;
  }

  /** A message that streams gets more text, or ends. */
  grow(seq: number, state: AgentMessage["state"]): void {
    const before = this.messages[seq - 1];
    if (before?.state !== "streaming") return;
    const message = { ...before, text: `${before.text}+`, deltaRev: (before.deltaRev ?? 0) + 1, state };
    this.messages[seq - 1] = message;
    this.#log.push({ message });
  }

  /** The next events arrive together; `repeat` of those before them come once more. */
  deliver(count: number, repeat = 0): void {
    const from = Math.max(0, this.#delivered - repeat);
    this.#delivered = Math.min(this.#log.length, this.#delivered + count);
    const events = this.#log
      .slice(from, this.#delivered)
      .map((entry, index) => this.#event(entry, from + index + 1))
      .filter((event) => this.stream.accept(event));
    if (events.length > 0) this.#onBatch({ events, replayed: false });
  }

  /** The log of events is lost; the messages are there. */
  reset(): void {
    this.#epoch += 1;
    this.#log = [];
    this.#delivered = 0;
    this.stream.begin(this.#cursor());
    this.#onReset("epoch_changed");
  }

  settle(index: number): void {
    this.held.splice(index % Math.max(1, this.held.length), 1)[0]?.settle();
  }

  fail(index: number): void {
    this.held.splice(index % Math.max(1, this.held.length), 1)[0]?.fail();
  }

  #event({ message }: Entry, offset: number): AnyEvent {
    const envelope = { id: `evt_${offset}`, type: "agent:message", offset, at: "", actor: { type: "agent" }, subject: { type: "message", id: message.id }, data: { message: structuredClone(message) } };
    const event = parseEvent(envelope, this.#cursor(offset));
    if (event === undefined) throw new Error("not an event");
    return event;
  }

  #page({ cursor }: Paging): Page<AgentMessage> {
    const before = cursor === undefined ? Infinity : Number(cursor);
    const following = this.messages.filter(({ seq }) => seq < before).reverse();
    const data = structuredClone(following.slice(0, this.#pageSize));
    const last = data.at(-1);
    return { data, asOf: this.#cursor(), ...(following.length > data.length && last !== undefined ? { nextCursor: String(last.seq) } : {}) };
  }

  #cursor(offset = this.#log.length): string {
    return `k${this.#epoch}:${offset}:check`;
  }

  #answer<T>(answer: T): Promise<T> {
    this.fetches += 1;
    return new Promise((resolve, reject) => this.held.push({ settle: () => resolve(answer), fail: () => reject(new Error("no answer")) }));
  }
}
