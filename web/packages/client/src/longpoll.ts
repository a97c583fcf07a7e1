import type { AgentTopics, Carrier, CarrierEnd, CarrierListener, CarrierOptions, OpenCarrier } from "./carrier.js";
import { ApiProblem, reasonOf } from "./problem.js";
import type { RestClient } from "./rest.js";
import { isObject } from "./validation.js";
import type { Timing } from "./timing.js";

/** Maximum of envelopes per request. */
const PAGE = 200;
/** How long the server may hold a request, in seconds. */
const WAIT = 25;

/** Opens the last transport: plain `GET /v1/events`, each held by the server until something happens. */
export function pollingCarrier(rest: RestClient, timing: Timing): OpenCarrier {
  return (options, listener) => new RestCarrier(rest, timing, options, listener);
}

class RestCarrier implements Carrier {
  readonly #rest: RestClient;
  readonly #timing: Timing;
  readonly #listener: CarrierListener;
  readonly #stop = new AbortController();
  #cursor = "";
  #open = false;
  readonly #disarm: () => void;
  #topics: AgentTopics;

  constructor(rest: RestClient, timing: Timing, options: CarrierOptions, listener: CarrierListener) {
    this.#rest = rest;
    this.#timing = timing;
    this.#listener = listener;
    this.#topics = options.topics;
    this.#disarm = timing.after(options.timeout, () => this.#end({ reason: `no answer within ${options.timeout / 1000} s` }));
    void this.#run(options);
  }

  close(): void {
    this.#disarm();
    this.#stop.abort();
  }

  watch(agents: AgentTopics): void {
    this.#topics = agents;
  }

  /** The server knows members by their sockets only. */
  look(): void {
    return;
  }

  /** A refusal is an answer too. The REST client reads the server's time from each. */
  async check(timeout: number): Promise<undefined> {
    const overdue = new AbortController();
    const disarm = this.#timing.after(timeout, () => overdue.abort());
    try {
      await this.#rest.events(this.#cursor, 1, 0, AbortSignal.any([overdue.signal, this.#stop.signal]));
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
    } finally {
      disarm();
    }
  }

  /** Each request carries its own token. */
  renew(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async #run(options: CarrierOptions): Promise<void> {
    try {
      this.#cursor = (await options.credentials()).cursor;
      let wait = 0;
      while (!this.#stopped()) {
        const full = await this.#fetchPage(wait);
        if (this.#stopped()) return;
        wait = full ? 0 : WAIT;
      }
    } catch (error) {
      const problem = error instanceof ApiProblem ? { code: error.code, ...(error.retryAfter === undefined ? {} : { delay: error.retryAfter }) } : {};
      this.#end({ reason: reasonOf(error), ...problem });
    }
  }

  #end(end: CarrierEnd): void {
    if (this.#stopped()) return;
    this.close();
    this.#listener.closed(end);
  }

  #stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Fetches one page and reports its events; true when more is available. */
  async #fetchPage(wait: number): Promise<boolean> {
    try {
      const page = await this.#rest.events(this.#cursor, PAGE, wait, this.#stop.signal);
      if (this.#stopped()) return false;
      this.#cursor = page.nextCursor;
      this.#listener.activity();
      if (!this.#open) {
        this.#open = true;
        this.#disarm();
        this.#listener.opened();
      }
      this.#listener.events(
        page.data.filter((envelope) => this.#wanted(envelope)),
        page.nextCursor,
      );
      return page.data.length >= PAGE;
    } catch (error) {
      if (!(error instanceof ApiProblem) || (error.code !== "cursor_gone" && error.code !== "cursor_invalid")) throw error;
      const named = error.members["cursor"];
      this.#cursor = typeof named === "string" ? named : await this.#rest.head(this.#stop.signal);
      const reason = error.members["reason"];
      this.#listener.reset(typeof reason === "string" ? reason : error.code, this.#cursor);
      return true;
    }
  }

  /** Over REST the server does not filter messages by agent. */
  #wanted(envelope: unknown): boolean {
    if (this.#topics === "all" || !isObject(envelope) || envelope["type"] !== "agent:message") return true;
    const message = isObject(envelope["data"]) ? envelope["data"]["message"] : undefined;
    return isObject(message) && this.#topics.includes(String(message["agentId"]));
  }
}
