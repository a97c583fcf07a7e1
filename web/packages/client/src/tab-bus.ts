import type { SharedMessage } from "./tab-messages.js";
import type { TabChannel } from "./tab-platform.js";

/** Connects the tab and the hub of one page with those of the other pages: each message reaches all other members, in order. */
export class TabBus {
  readonly #channel: TabChannel;
  readonly #members = new Set<(message: SharedMessage) => void>();
  #queue: (() => void)[] = [];
  #draining = false;

  constructor(channel: TabChannel) {
    this.#channel = channel;
    channel.listen((value) => this.#deliver(value as SharedMessage, undefined));
  }

  /** Adds a member; `post` reaches every other member, in this page and in others. */
  join(listener: (message: SharedMessage) => void): { readonly post: (message: SharedMessage) => void; readonly leave: () => void } {
    this.#members.add(listener);
    return {
      post: (message) => {
        this.#channel.post(message);
        this.#deliver(message, listener);
      },
      leave: () => void this.#members.delete(listener),
    };
  }

  close(): void {
    this.#members.clear();
    this.#channel.close();
  }

  /** Delivers one message at a time, so that a reply never arrives before the request. */
  #deliver(message: SharedMessage, except: ((message: SharedMessage) => void) | undefined): void {
    this.#queue.push(() => {
      for (const member of [...this.#members]) if (member !== except && this.#members.has(member)) member(message);
    });
    if (this.#draining) return;
    this.#draining = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) next();
    } finally {
      this.#draining = false;
    }
  }
}
