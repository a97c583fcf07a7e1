import type { SharedMessage } from "./tab-messages.js";
import type { TabChannel } from "./tab-platform.js";

/** Joins the tab and the hub of one page to those of the others: what one says, all others hear, in order. */
export class TabBus {
  readonly #channel: TabChannel;
  readonly #members = new Set<(message: SharedMessage) => void>();
  #queue: (() => void)[] = [];
  #draining = false;

  constructor(channel: TabChannel) {
    this.#channel = channel;
    channel.listen((value) => this.#deliver(value as SharedMessage, undefined));
  }

  /** Joins; `say` reaches every other member, here and elsewhere. */
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

  /** One message at a time, so that an answer is never heard before what it answers. */
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
