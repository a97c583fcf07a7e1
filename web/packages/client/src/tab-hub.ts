import type { BrowserSignal, BrowserSignals } from "./browser-signals.js";
import type { AgentTopics } from "./carrier.js";
import type { Connection, ConnectionListener } from "./connection.js";
import type { PresenceUpdate } from "./contract.js";
import { isAfter, later, parseCursor, type Position } from "./cursor.js";
import { parseEvent, type AnyEvent, type EventBatch } from "./events.js";
import { frontmost, type Looking } from "./presence.js";
import { ApiProblem, SignInNeeded } from "./problem.js";
import type { RestClient } from "./rest.js";
import type { Credential } from "./session.js";
import type { TabBus } from "./tab-bus.js";
import { randomId } from "./random-id.js";
import type { HubMessage, SharedMessage } from "./tab-messages.js";
import type { TabLocks } from "./tab-platform.js";
import type { Timing } from "./timing.js";

/** How long a new hub waits at most for the cursors of the open tabs. Milliseconds. */
const HELLO_WINDOW = 120;
/** Interval at which the tabs are counted even when none is known to have ended. Milliseconds. */
const COUNT_INTERVAL = 10_000;
/** A tab that does not return a token within this is skipped. Milliseconds. */
const TOKEN_TIMEOUT = 10_000;
const PAGE = 200;

export interface HubOptions {
  readonly bus: TabBus;
  readonly locks: TabLocks;
  /** Prefix of the name of the lock that each tab holds. */
  readonly tabPrefix: string;
  readonly timing: Timing;
  readonly rest: RestClient;
  /** Of this page; a worker has none, and counts as visible because nothing throttles it. */
  readonly visible: () => boolean;
  /** Creates the connection. */
  readonly connect: (browserSignals: BrowserSignals, listener: ConnectionListener) => Connection;
}

interface Tab {
  topics: AgentTopics;
  visible: boolean;
  looking: Looking;
}

/**
 * Holds the one connection that tabs share, in the leading tab or in the shared worker. Posts every batch once to all tabs; a tab that
 * has a gap notices by the batch's `after`, posts `hello` with its cursor, and receives exactly the missing events.
 */
export class TabHub {
  readonly id = randomId();
  readonly #options: HubOptions;
  readonly #timing: Timing;
  readonly #post: (message: HubMessage) => void;
  readonly #leave: () => void;
  readonly #connection: Connection;
  readonly #tabs = new Map<string, Tab>();
  /** Tabs whose locks this hub waits for. */
  readonly #watchedLocks = new Set<string>();
  readonly #stop = new AbortController();
  readonly #undos: (() => void)[] = [];
  /** Tabs whose `hello` is answered once the hub has a position. */
  readonly #awaitingCatchUp = new Map<string, string | null>();
  #newest: Position | undefined;
  #onTabKnown: () => void = () => undefined;
  /** Everything up to this was posted. */
  #posted: Position | undefined;
  #browserListener: (signal: BrowserSignal) => void = () => undefined;
  #networkDown = false;
  #tabCount = 1;
  /** Kept for tabs that open later. */
  #presence: PresenceUpdate | undefined;
  #closed = false;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#timing = options.timing;
    const { post, leave } = options.bus.join((message) => this.#onMessage(message));
    this.#post = post;
    this.#leave = leave;
    const browserSignals: BrowserSignals = {
      networkDown: () => this.#networkDown,
      listen: (listener) => {
        this.#browserListener = listener;
        return () => (this.#browserListener = () => undefined);
      },
    };
    this.#connection = options.connect(browserSignals, {
      batch: (batch) => this.#onBatch(batch),
      delta: (delta) => this.#post({ type: "delta", delta }),
      presence: (update) => this.#onPresence(update),
      reset: (reason) => this.#onReset(reason),
    });
    this.#undos.push(this.#connection.snapshot.subscribe(() => this.#onSnapshot()));
  }

  /** Collects the open tabs and their cursors, then connects from the newest cursor. */
  async start(): Promise<void> {
    this.#post({ type: "hub", hub: this.id });
    await this.#count();
    await this.#collect();
    if (this.#closed) return;
    if (this.#newest !== undefined) this.#connection.stream.begin(this.#newest.cursor);
    this.#posted = this.#connection.stream.position;
    this.#connection.start();
    this.#onSnapshot();
    this.#catchUpAll();
    this.#countPeriodically();
  }

  /** Waits until all tabs have said where they are; a tab that hangs is not waited for, nor one that ends meanwhile. */
  #collect(): Promise<void> {
    return new Promise((resolve) => {
      const disarm = this.#timing.after(HELLO_WINDOW, resolve);
      this.#onTabKnown = () => {
        if (this.#tabs.size < this.#tabCount) return;
        disarm();
        resolve();
      };
      this.#onTabKnown();
    });
  }

  /** Whether one of the tabs is visible. */
  get watched(): boolean {
    return [...this.#tabs.values()].some((tab) => tab.visible);
  }

  close(): void {
    this.#closed = true;
    this.#stop.abort();
    this.#undos.forEach((undo) => undo());
    this.#connection.stop();
    this.#leave();
  }

  #onMessage(message: SharedMessage): void {
    const watched = this.watched;
    this.#handle(message);
    // What a page shows first has to be true.
    if (this.watched && !watched) void this.#connection.measure();
  }

  #handle(message: SharedMessage): void {
    switch (message.type) {
      case "hello":
        this.#onHello(message.tab, message.cursor, { topics: message.topics, visible: message.visible, looking: message.looking });
        return;
      case "looking": {
        const tab = this.#tabs.get(message.tab);
        if (tab !== undefined) tab.looking = message.looking;
        this.#onTabsChanged();
        return;
      }
      case "topics":
      case "visible": {
        const tab = this.#tabs.get(message.tab);
        if (tab !== undefined) Object.assign(tab, message.type === "topics" ? { topics: message.topics } : { visible: message.visible });
        this.#onTabsChanged();
        return;
      }
      case "clock":
        this.#connection.noteClock(message.reading);
        return;
      case "browser_signal":
        if (message.signal !== "resumed") this.#networkDown = message.signal === "network_down";
        this.#browserListener(message.signal);
        return;
      case "retry":
        this.#connection.retryNow();
        return;
      case "measure":
        void this.#connection.measure().finally(() => this.#post({ type: "measured", tab: message.tab }));
        return;
      case "signed_in":
        this.#connection.signedIn();
        return;
      case "unauthorized":
        this.#connection.unauthorized(message.reason);
        return;
      case "ping":
        this.#post({ type: "pong", tab: message.tab, visible: this.#options.visible(), carried: this.#connection.snapshot.getState().transport !== "none" });
        return;
      case "bye":
        // It is counted until its lock is free.
        this.#tabs.delete(message.tab);
        this.#onTabsChanged();
        return;
      default: // replies to token requests are handled by `askTab`; other messages are for tabs
        return;
    }
  }

  #onHello(id: string, cursor: string | null, tab: Tab): void {
    const known = this.#tabs.has(id);
    this.#tabs.set(id, tab);
    this.#onTabsChanged();
    if (cursor !== null) this.#newest = later(this.#newest, parseCursor(cursor));
    if (!known) void this.#count();
    this.#onTabKnown();
    this.#awaitingCatchUp.set(id, cursor);
    this.#catchUpAll();
    this.#onSnapshot();
    if (this.#presence !== undefined) this.#onPresence(this.#presence);
  }

  #onPresence(update: PresenceUpdate | undefined): void {
    this.#presence = update;
    this.#post({ type: "presence", update });
  }

  #catchUpAll(): void {
    if (this.#posted === undefined) return;
    const waiting = [...this.#awaitingCatchUp];
    this.#awaitingCatchUp.clear();
    for (const [id, cursor] of waiting) void this.#catchUp(id, cursor);
  }

  /** Posts to one tab the events after its cursor, from memory or from the server. */
  async #catchUp(tab: string, cursor: string | null): Promise<void> {
    let position = cursor === null ? undefined : parseCursor(cursor);
    const events: AnyEvent[] = [];
    try {
      for (;;) {
        this.#connection.flush();
        const posted = this.#posted;
        if (posted === undefined || this.#closed) return;
        const recent = position === undefined ? [] : isAfter(position, posted) ? [] : this.#connection.stream.since(position.cursor);
        if (recent !== undefined) {
          const upTo = position !== undefined && isAfter(position, posted) ? position : posted;
          this.#post({ type: "catch_up", tab, events: [...events, ...recent], upTo: upTo.cursor });
          return;
        }
        const after = position?.cursor ?? "";
        const page = await this.#options.rest.events(after, PAGE, 0);
        const fetched = page.data.flatMap((envelope) => parseEvent(envelope, page.nextCursor) ?? []);
        events.push(...fetched);
        // After the last event of this member, the tab is at the hub's own position.
        position = page.data.length < PAGE ? later(parseCursor(page.nextCursor), this.#connection.stream.start) : parseCursor(page.nextCursor);
      }
    } catch (error) {
      const posted = this.#posted;
      // A cursor that the server cannot serve leads to a reset; when the server cannot be reached, the tab asks again.
      if (error instanceof ApiProblem && posted !== undefined) this.#post({ type: "reset_one", tab, reason: error.code, cursor: posted.cursor });
    }
  }

  #onBatch({ events, replayed, unattended }: EventBatch): void {
    const upTo = this.#connection.stream.position;
    if (upTo === undefined) return;
    const after = this.#posted ?? this.#connection.stream.start ?? upTo;
    this.#posted = upTo;
    const [tab] = unattended === true ? this.#tabs.keys() : [];
    this.#post({ type: "batch", after: after.cursor, upTo: upTo.cursor, events, replayed, ...(tab === undefined ? {} : { unattended: tab }) });
  }

  #onReset(reason: string): void {
    this.#posted = this.#connection.stream.position;
    if (this.#posted !== undefined) this.#post({ type: "reset", reason, cursor: this.#posted.cursor });
  }

  #onSnapshot(): void {
    // The first position comes with the first attempt.
    if (this.#posted === undefined && this.#connection.stream.position !== undefined) {
      this.#posted = this.#connection.stream.position;
      this.#catchUpAll();
    }
    const snapshot = { ...this.#connection.snapshot.getState(), tabs: Math.max(1, this.#tabCount) };
    this.#post({ type: "snapshot", hub: this.id, snapshot, visible: this.#options.visible() });
  }

  /** What the connection does for all tabs together. */
  #onTabsChanged(): void {
    this.#connection.watch(this.#topics());
    this.#connection.look(frontmost([...this.#tabs.values()].map((tab) => tab.looking)));
  }

  #topics(): AgentTopics {
    const wanted = [...this.#tabs.values()].map((tab) => tab.topics);
    return wanted.includes("all") ? "all" : [...new Set(wanted.flat())];
  }

  // --- who is there ------------------------------------------------------------------------------------------------------

  /** Counts the tabs by the locks that they hold, and removes those without a lock. */
  async #count(): Promise<void> {
    // A tab that says hello while the names are looked up may not be among them.
    const known = [...this.#tabs.keys()];
    const names = await this.#options.locks.held(this.#options.tabPrefix);
    const alive = new Set(names.map((name) => name.slice(this.#options.tabPrefix.length)));
    let gone = false;
    for (const id of known) if (!alive.has(id)) gone = this.#tabs.delete(id) || gone;
    if (gone) this.#onTabsChanged();
    if (this.#closed) return;
    for (const id of alive) this.#watchLock(id);
    if (alive.size !== this.#tabCount) {
      this.#tabCount = alive.size;
      this.#onSnapshot();
    }
    this.#onTabKnown();
  }

  /** Waits for a tab's lock and counts again: the lock comes free at once when the tab is left, closes or crashes. */
  #watchLock(tab: string): void {
    if (this.#watchedLocks.has(tab)) return;
    this.#watchedLocks.add(tab);
    this.#options.locks.hold(this.#options.tabPrefix + tab, { signal: this.#stop.signal }).then(
      async (lock) => {
        lock.release();
        await lock.lost;
        this.#watchedLocks.delete(tab);
        await this.#count();
      },
      () => this.#watchedLocks.delete(tab), // this hub was closed
    );
  }

  #countPeriodically(): void {
    this.#undos.push(
      this.#timing.after(COUNT_INTERVAL, () => {
        if (this.#closed) return;
        void this.#count();
        this.#countPeriodically();
      }),
    );
  }

  /** Requests a token from one tab after the other. */
  static askTabs(bus: TabBus, timing: Timing, candidates: () => readonly string[]): () => Promise<Credential> {
    return async () => {
      for (const tab of candidates()) {
        const credential = await askTab(bus, timing, tab);
        if (credential !== undefined) return credential;
      }
      throw new Error("no tab returned a token");
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
    const request = randomId();
    const settle = (finish: () => void) => {
      leave();
      disarm();
      finish();
    };
    const { post, leave } = bus.join((message) => {
      if (message.type === "token" && message.request === request) settle(() => resolve(message.credential));
      if (message.type === "no_token" && message.request === request) {
        settle(() => (message.ended ? reject(new SignInNeeded(message.reason)) : resolve(undefined)));
      }
    });
    const disarm = timing.after(TOKEN_TIMEOUT, () => settle(() => resolve(undefined)));
    post({ type: "token_request", tab, request });
  });
}

