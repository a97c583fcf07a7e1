/** Browser features that connect tabs; tests replace them. */
export interface TabPlatform {
  channel(name: string): TabChannel;
  readonly locks: TabLocks;
}

/** Carries values to every other holder of the same name, in the order in which one of them posted them. */
export interface TabChannel {
  post(value: unknown): void;
  /** The one listener. */
  listen(listener: (value: unknown) => void): void;
  close(): void;
}

/** Names that one holder in the whole browser has at a time. A holder that dies loses them at once. */
export interface TabLocks {
  /** Waits for the name, or takes it from its holder. Rejects when `signal` aborts first. */
  hold(name: string, options: { readonly steal?: boolean; readonly signal: AbortSignal }): Promise<HeldLock>;
  /** The names with this beginning that are held now, by anyone. */
  held(prefix: string): Promise<readonly string[]>;
}

export interface HeldLock {
  release(): void;
  /** Resolves when it is released or stolen. */
  readonly lost: Promise<void>;
}

/** The browser's implementation; undefined without Web Locks or BroadcastChannel, as on pages without HTTPS. */
export function browserTabs(): TabPlatform | undefined {
  if (typeof BroadcastChannel === "undefined" || typeof navigator === "undefined" || !("locks" in navigator)) return undefined;
  return { channel: openChannel, locks: browserLocks };
}

function openChannel(name: string): TabChannel {
  const channel = new BroadcastChannel(name);
  return {
    post: (value) => channel.postMessage(value),
    listen: (listener) => (channel.onmessage = (message) => listener(message.data)),
    close: () => channel.close(),
  };
}

const browserLocks: TabLocks = {
  hold(name, { steal = false, signal }) {
    return new Promise((resolve, reject) => {
      let release: () => void = () => undefined;
      const released = new Promise<void>((done) => (release = done));
      let lose: () => void = () => undefined;
      const lost = new Promise<void>((done) => (lose = done));
      // `steal` and `signal` exclude each other; stealing does not wait.
      const options = steal ? { steal } : { signal };
      navigator.locks
        .request(name, options, () => {
          if (signal.aborted) return Promise.resolve();
          resolve({ release, lost });
          return released;
        })
        .then(lose, (error: unknown) => {
          lose();
          reject(error instanceof Error ? error : new Error(String(error)));
        });
    });
  },
  async held(prefix) {
    const { held = [] } = await navigator.locks.query();
    return held.flatMap(({ name }) => (name?.startsWith(prefix) === true ? [name] : []));
  },
};
