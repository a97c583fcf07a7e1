import type { AgentTopics } from "./carrier.js";
import { type Connection, type ConnectionListener, type EventBatch, type Surrounding } from "./connection.js";
import { isAfter, later, parseCursor, type Position } from "./cursor.js";
import { parseEvent, type AnyEvent } from "./events.js";
import { ApiProblem, SignInNeeded } from "./problem.js";
import type { RestClient } from "./rest.js";
import type { Credential } from "./session.js";
import type { TabBus } from "./tab-bus.js";
import type { HubMessage, SharedMessage } from "./tab-messages.js";
import type { TabLocks } from "./tab-platform.js";
import type { Timing } from "./timing.js";

/** How long a hub that takes over listens for the cursors of the tabs that are there. */
const GATHERING = 120;
/** How often the tabs are counted when nobody comes or goes. */
const COUNTING = 10_000;
/** A tab that is asked for a token answers within this, or another one is asked. */
const TOKEN_PATIENCE = 10_000;
const PAGE = 200;

export interface HubOptions {
  readonly bus: TabBus;
  readonly locks: TabLocks;
  /** The beginning of the name of the lock that each tab holds. */
  readonly tabPrefix: string;
  readonly timing: Timing;
  readonly rest: RestClient;
  /** Of this page; a worker has none, and counts as visible because nothing throttles it. */
  readonly visible: () => boolean;
  /** Makes the connection, given where it hears news from. */
  readonly connect: (surrounding: Surrounding, listener: ConnectionListener) => Connection;
}

interface Tab {
  topics: AgentTopics;
  visible: boolean;
}

/**
 * Holds the one connection that tabs share, in the leading tab or in the shared worker. Says every batch once to all; a tab that lacks
 * something notices by the batch's `after`, says hello with its cursor, and gets exactly what it lacks.
 */
export class TabHub {
  readonly id = crypto.randomUUID();
  readonly #options: HubOptions;
  readonly #timing: Timing;
  readonly #say: (message: HubMessage) => void;
  readonly #leave: () => void;
  readonly #connection: Connection;
  readonly #tabs = new Map<string, Tab>();
  readonly #undos: (() => void)[] = [];
  /** Tabs that wait until there is a position. */
  readonly #greeted = new Map<string, string | null>();
  #newest: Position | undefined;
  /** Everything up to this was said. */
  #said: Position | undefined;
  #hear: Parameters<Surrounding["listen"]>[0] = () => undefined;
  #networkDown = false;
  #tabCount = 1;
  #closed = false;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#timing = options.timing;
    const { say, leave } = options.bus.join((message) => this.#onMessage(message));
    this.#say = say;
    this.#leave = leave;
    const surrounding: Surrounding = {
      networkDown: () => this.#networkDown,
      listen: (hear) => {
        this.#hear = hear;
        return () => (this.#hear = () => undefined);
      },
    };
    this.#connection = options.connect(surrounding, {
      batch: (batch) => this.#onBatch(batch),
      delta: (delta) => this.#say({ type: "delta", delta }),
      reset: (reason) => this.#onReset(reason),
    });
    this.#undos.push(this.#connection.snapshot.subscribe(() => this.#onSnapshot()));
  }

  /** Hears which tabs are there and what they have, then connects from the newest cursor among them. */
  async start(): Promise<void> {
    this.#say({ type: "hub", hub: this.id });
    const present = await this.#count();
    if (present > this.#tabs.size) await new Promise<void>((resolve) => this.#timing.after(GATHERING, resolve));
    if (this.#closed) return;
    if (this.#newest !== undefined) this.#connection.stream.begin(this.#newest.cursor);
    this.#said = this.#connection.stream.position;
    this.#connection.start();
    this.#onSnapshot();
    this.#answerGreeted();
    this.#recount();
  }

  close(): void {
    this.#closed = true;
    this.#undos.forEach((undo) => undo());
    this.#connection.stop();
    this.#leave();
  }

  #onMessage(message: SharedMessage): void {
    switch (message.type) {
      case "hello":
        this.#onHello(message.tab, message.cursor, { topics: message.topics, visible: message.visible });
        return;
      case "topics":
      case "visible": {
        const tab = this.#tabs.get(message.tab);
        if (tab !== undefined) Object.assign(tab, message.type === "topics" ? { topics: message.topics } : { visible: message.visible });
        this.#connection.watch(this.#topics());
        return;
      }
      case "news":
        if (message.news !== "woke") this.#networkDown = message.news === "network_down";
        this.#hear(message.news);
        return;
      case "retry":
        this.#connection.retryNow();
        return;
      case "measure":
        void this.#connection.measure().finally(() => this.#say({ type: "measured", tab: message.tab }));
        return;
      case "signed_in":
        this.#connection.signedIn();
        return;
      case "unauthorized":
        this.#connection.unauthorized(message.reason);
        return;
      case "ping":
        this.#say({ type: "pong", tab: message.tab, visible: this.#options.visible(), carried: this.#connection.snapshot.getState().transport !== "none" });
        return;
      case "bye":
        this.#tabs.delete(message.tab);
        this.#connection.watch(this.#topics());
        void this.#count();
        return;
      default: // answers to token requests are heard where they were asked; the rest is said by hubs
        return;
    }
  }

  #onHello(id: string, cursor: string | null, tab: Tab): void {
    const known = this.#tabs.has(id);
    this.#tabs.set(id, tab);
    this.#connection.watch(this.#topics());
    if (cursor !== null) this.#newest = later(this.#newest, parseCursor(cursor));
    if (!known) void this.#count();
    this.#greeted.set(id, cursor);
    this.#answerGreeted();
    this.#onSnapshot();
  }

  #answerGreeted(): void {
    if (this.#said === undefined) return;
    const greeted = [...this.#greeted];
    this.#greeted.clear();
    for (const [id, cursor] of greeted) void this.#catchUp(id, cursor);
  }

  /** Tells one tab what follows its cursor, from memory or from the server. */
  async #catchUp(tab: string, cursor: string | null): Promise<void> {
    let position = cursor === null ? undefined : parseCursor(cursor);
    const events: AnyEvent[] = [];
    try {
      for (;;) {
        this.#connection.flush();
        const said = this.#said;
        if (said === undefined || this.#closed) return;
        const recent = position === undefined ? [] : isAfter(position, said) ? [] : this.#connection.stream.since(position.cursor);
        if (recent !== undefined) {
          const upTo = position !== undefined && isAfter(position, said) ? position : said;
          this.#say({ type: "catch_up", tab, events: [...events, ...recent], upTo: upTo.cursor });
          return;
        }
        const after = position?.cursor ?? "";
        const page = await this.#options.rest.events(after, PAGE, 0);
        const fetched = page.data.flatMap((envelope) => parseEvent(envelope, page.nextCursor) ?? []);
        events.push(...fetched);
        // At the end of what this member may see, the hub's own position is where the tab stands.
        position = page.data.length < PAGE ? later(parseCursor(page.nextCursor), this.#connection.stream.start) : parseCursor(page.nextCursor);
      }
    } catch (error) {
      const said = this.#said;
      // What cannot be told any more is told as a reset; when the server cannot be reached, the tab asks again.
      if (error instanceof ApiProblem && said !== undefined) this.#say({ type: "reset_one", tab, reason: error.code, cursor: said.cursor });
    }
  }

  #onBatch({ events, replayed }: EventBatch): void {
    const upTo = this.#connection.stream.position;
    if (upTo === undefined) return;
    const after = this.#said ?? this.#connection.stream.start ?? upTo;
    this.#said = upTo;
    this.#say({ type: "batch", after: after.cursor, upTo: upTo.cursor, events, replayed });
  }

  #onReset(reason: string): void {
    this.#said = this.#connection.stream.position;
    if (this.#said !== undefined) this.#say({ type: "reset", reason, cursor: this.#said.cursor });
  }

  #onSnapshot(): void {
    // The first position comes with the first attempt.
    if (this.#said === undefined && this.#connection.stream.position !== undefined) {
      this.#said = this.#connection.stream.position;
      this.#answerGreeted();
    }
    const snapshot = { ...this.#connection.snapshot.getState(), tabs: Math.max(1, this.#tabCount) };
    this.#say({ type: "snapshot", hub: this.id, snapshot, visible: this.#options.visible() });
  }

  #topics(): AgentTopics {
    const wanted = [...this.#tabs.values()].map((tab) => tab.topics);
    return wanted.includes("all") ? "all" : [...new Set(wanted.flat())];
  }

  // --- who is there ------------------------------------------------------------------------------------------------------

  /** Counts the tabs by the locks that they hold, and forgets those that hold none any more. */
  async #count(): Promise<number> {
    const names = await this.#options.locks.held(this.#options.tabPrefix);
    const alive = new Set(names.map((name) => name.slice(this.#options.tabPrefix.length)));
    let gone = false;
    for (const id of this.#tabs.keys()) if (!alive.has(id)) gone = this.#tabs.delete(id) || gone;
    if (gone) this.#connection.watch(this.#topics());
    if (alive.size !== this.#tabCount && !this.#closed) {
      this.#tabCount = alive.size;
      this.#onSnapshot();
    }
    return alive.size;
  }

  #recount(): void {
    this.#undos.push(
      this.#timing.after(COUNTING, () => {
        if (this.#closed) return;
        void this.#count();
        this.#recount();
      }),
    );
  }

  /** A tab that may bring a token; visible ones first. */
  static askTabs(bus: TabBus, timing: Timing, candidates: () => readonly string[]): () => Promise<Credential> {
    return async () => {
      for (const tab of candidates()) {
        const credential = await askTab(bus, timing, tab);
        if (credential !== undefined) return credential;
      }
      throw new Error("no tab could bring a token");
    };
  }

  /** The tabs that are known, visible ones first. */
  tabs(): readonly string[] {
    return [...this.#tabs].sort(([, a], [, b]) => Number(b.visible) - Number(a.visible)).map(([id]) => id);
  }
}

/** One tab's credential; undefined when it does not answer or cannot get one now. */
function askTab(bus: TabBus, timing: Timing, tab: string): Promise<Credential | undefined> {
  return new Promise((resolve, reject) => {
    const request = crypto.randomUUID();
    const settle = (finish: () => void) => {
      leave();
      disarm();
      finish();
    };
    const { say, leave } = bus.join((message) => {
      if (message.type === "token" && message.request === request) settle(() => resolve(message.credential));
      if (message.type === "no_token" && message.request === request) {
        settle(() => (message.ended ? reject(new SignInNeeded(message.reason)) : resolve(undefined)));
      }
    });
    const disarm = timing.after(TOKEN_PATIENCE, () => settle(() => resolve(undefined)));
    say({ type: "token_wanted", tab, request });
  });
}

