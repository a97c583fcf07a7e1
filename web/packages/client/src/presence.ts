import type { Carrier } from "./carrier.js";
import type { PresenceUpdate, PresentMember } from "./contract.js";
import { Store, type Readable } from "./store.js";
import type { Timing } from "./timing.js";
import { mismatch } from "./validation.js";

/** What a page shows; null while it is hidden. `focusedAt` is when the page was in front last, in epoch milliseconds. */
export type Looking = { readonly approvalId: string | null; readonly focusedAt: number } | null;

/** Who is online in the workspace, as the server told last. */
export interface PresenceState {
  /** This member included; empty while there is no WebSocket or long-polling connection. */
  readonly members: readonly PresentMember[];
  /** More members are online than are listed. */
  readonly truncated: boolean;
  /** This member's id; null while it is not known. */
  readonly me: string | null;
}

/** The server forgets what a page shows after 30 seconds. Milliseconds. */
const REPEAT = 15_000;

/** Tells the server what is shown, again after each reconnection and every 15 seconds. Owned by one connection. */
export class LookingReporter {
  readonly #timing: Timing;
  readonly #carrier: () => Carrier | undefined;
  #approvalId: string | null = null;
  #disarm: () => void = () => undefined;

  constructor(timing: Timing, carrier: () => Carrier | undefined) {
    this.#timing = timing;
    this.#carrier = carrier;
  }

  set(approvalId: string | null): void {
    if (approvalId === this.#approvalId) return;
    this.#approvalId = approvalId;
    this.#report();
  }

  /** Another carrier, of which the server knows nothing yet. */
  onCarrierAdopted(): void {
    if (this.#approvalId !== null) this.#report();
  }

  stop(): void {
    this.#disarm();
    this.#disarm = () => undefined;
  }

  #report(): void {
    this.stop();
    this.#carrier()?.look(this.#approvalId);
    if (this.#approvalId !== null) this.#disarm = this.#timing.after(REPEAT, () => this.#report());
  }
}

/** The presence that a client shows, as a store. */
export class PresenceStore {
  readonly #store = new Store<PresenceState>({ members: [], truncated: false, me: null });
  readonly #memberId: () => string | undefined;

  /** `memberId` is asked at each update, because it is known from the first token on. */
  constructor(memberId: () => string | undefined) {
    this.#memberId = memberId;
  }

  get state(): Readable<PresenceState> {
    return this.#store;
  }

  /** Undefined when the connection that told of it is gone. */
  set(update: PresenceUpdate | undefined): void {
    const before = this.#store.getState();
    const me = this.#memberId() ?? before.me;
    if (update === undefined && before.members.length === 0) return;
    this.#store.set({ members: update?.members ?? [], truncated: update?.truncated ?? false, me });
  }
}

/** Parses a volatile update; undefined when it is not one. */
export function parsePresence(value: unknown): PresenceUpdate | undefined {
  return mismatch(value, "#PresenceUpdate") === undefined ? (value as PresenceUpdate) : undefined;
}

/** The one of several pages that was in front last; null when all are hidden. */
export function frontmost(pages: Iterable<Looking>): Looking {
  let front: Looking = null;
  for (const page of pages) if (page !== null && (front === null || page.focusedAt > front.focusedAt)) front = page;
  return front;
}
