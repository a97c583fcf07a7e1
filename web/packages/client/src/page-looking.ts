import type { Looking } from "./presence.js";
import type { Timing } from "./timing.js";

export interface PageLookingOptions {
  readonly timing: Timing;
  readonly visible: () => boolean;
  /** Calls the listener when the page is shown, hidden or focused; returns a function that ends the subscription. */
  readonly listen: (listener: (focused: boolean) => void) => () => void;
  readonly onChange: (looking: Looking) => void;
}

/** What this page shows to its member: the approval that the application named, while the page is visible. */
export class PageLooking {
  readonly #options: PageLookingOptions;
  #approvalId: string | null = null;
  #focusedAt = 0;
  #unlisten: (() => void) | undefined;

  constructor(options: PageLookingOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#unlisten !== undefined) return;
    this.#focusedAt = this.#options.timing.now();
    this.#unlisten = this.#options.listen((focused) => {
      if (focused) this.#focusedAt = this.#options.timing.now();
      this.#change();
    });
    this.#change();
  }

  stop(): void {
    this.#unlisten?.();
    this.#unlisten = undefined;
  }

  set(approvalId: string | null): void {
    if (approvalId === this.#approvalId) return;
    this.#approvalId = approvalId;
    if (this.#unlisten !== undefined) this.#change();
  }

  #change(): void {
    this.#options.onChange(this.#options.visible() ? { approvalId: this.#approvalId, focusedAt: this.#focusedAt } : null);
  }
}
