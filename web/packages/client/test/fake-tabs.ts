import type { HeldLock, TabChannel, TabLocks, TabPlatform } from "../src/tab-platform.js";

interface Waiting {
  readonly tab: FakeTab;
  readonly grant: () => void;
}

/** A browser with many tabs in one process: locks, channels, and tabs that die or freeze. */
export class FakeBrowser {
  readonly #channels = new Map<string, Set<{ tab: FakeTab; listener: (value: unknown) => void }>>();
  readonly #held = new Map<string, { tab: FakeTab; lose: () => void }>();
  readonly #queues = new Map<string, Waiting[]>();

  open(): FakeTab {
    return new FakeTab(this);
  }

  /** @internal */
  channel(tab: FakeTab, name: string): TabChannel {
    const members = this.#channels.get(name) ?? new Set();
    this.#channels.set(name, members);
    const member = { tab, listener: (_: unknown): void => undefined };
    members.add(member);
    return {
      post: (value) => {
        if (!tab.alive) return;
        const copy: unknown = structuredClone(value);
        for (const other of [...members]) if (other !== member) other.tab.deliver(() => members.has(other) && other.listener(copy));
      },
      listen: (listener) => (member.listener = listener),
      close: () => members.delete(member),
    };
  }

  /** @internal */
  locks(tab: FakeTab): TabLocks {
    return {
      hold: (name, { steal = false, signal }) =>
        new Promise<HeldLock>((resolve, reject) => {
          const grant = () => {
            let lose: () => void = () => undefined;
            const lost = new Promise<void>((done) => (lose = done));
            const entry = { tab, lose };
            this.#held.set(name, entry);
            resolve({
              lost,
              release: () => {
                lose();
                if (this.#held.get(name) === entry) this.#free(name);
              },
            });
          };
          if (signal.aborted) {
            reject(new DOMException("aborted", "AbortError"));
            return;
          }
          const holder = this.#held.get(name);
          if (steal && holder !== undefined) {
            this.#held.delete(name);
            holder.tab.deliver(() => holder.lose());
          }
          if (!this.#held.has(name)) {
            grant();
            return;
          }
          const queue = this.#queues.get(name) ?? [];
          this.#queues.set(name, queue);
          const waiting = { tab, grant };
          queue.push(waiting);
          signal.addEventListener("abort", () => {
            const index = queue.indexOf(waiting);
            if (index >= 0) queue.splice(index, 1);
            reject(new DOMException("aborted", "AbortError"));
          });
        }),
      held: (prefix) => Promise.resolve([...this.#held.keys()].filter((name) => name.startsWith(prefix))),
    };
  }

  /** @internal The tab is gone: what it held is free, what it waited for is not wanted. */
  bury(tab: FakeTab): void {
    for (const queue of this.#queues.values()) {
      for (let index = queue.length - 1; index >= 0; index -= 1) if (queue[index]?.tab === tab) queue.splice(index, 1);
    }
    for (const members of this.#channels.values()) for (const member of members) if (member.tab === tab) members.delete(member);
    for (const [name, holder] of [...this.#held]) if (holder.tab === tab) this.#free(name);
  }

  #free(name: string): void {
    this.#held.delete(name);
    this.#queues.get(name)?.shift()?.grant();
  }
}

export class FakeTab {
  alive = true;
  readonly platform: TabPlatform;
  readonly #browser: FakeBrowser;
  #frozen = false;
  #queue: (() => void)[] = [];

  constructor(browser: FakeBrowser) {
    this.#browser = browser;
    this.platform = { channel: (name) => browser.channel(this, name), locks: browser.locks(this) };
  }

  /** Ends as when the process is killed: nothing is said. */
  kill(): void {
    this.alive = false;
    this.#browser.bury(this);
  }

  /** Runs nothing until it thaws; what it holds stays held. */
  freeze(): void {
    this.#frozen = true;
  }

  thaw(): void {
    this.#frozen = false;
    const queue = this.#queue;
    this.#queue = [];
    for (const task of queue) this.deliver(task);
  }

  /** @internal Runs in this tab, in order, not in the caller's turn. */
  deliver(task: () => void): void {
    queueMicrotask(() => {
      if (!this.alive) return;
      if (this.#frozen) this.#queue.push(task);
      else task();
    });
  }
}
