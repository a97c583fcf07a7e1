import type { Carrier } from "./carrier.js";
import { endsSession, reasonOf } from "./problem.js";
import type { Session } from "./session.js";
import type { Timing } from "./timing.js";

/** A renewal that failed is tried again after a quarter of the remaining life, within these bounds. Milliseconds. */
const MIN_RETRY = 1_000;
const MAX_RETRY = 15_000;

export interface TokenRenewalOptions {
  readonly session: Session;
  readonly timing: Timing;
  /** The carrier that events come over now. */
  readonly carrier: () => Carrier | undefined;
  /** The carrier did not accept the new token. */
  readonly onRefused: () => void;
  /** No further credential can be had: the member has to sign in again. */
  readonly onEnded: (reason: string) => void;
}

/** Fetches the next token before the current one ends, and hands it to the open carrier. */
export class TokenRenewal {
  readonly #options: TokenRenewalOptions;
  #disarm: () => void = () => undefined;

  constructor(options: TokenRenewalOptions) {
    this.#options = options;
  }

  /** Plans the renewal of the session's token; does nothing for a token without an end. */
  schedule(): void {
    this.#disarm();
    const delay = this.#options.session.renewIn();
    if (delay !== undefined) this.#renewAfter(delay);
  }

  /** The server warns that a token ends at `end` (RFC 3339); its clock is `skew` milliseconds ahead of this machine's. */
  onWarning(end: string | undefined, skew: number): void {
    const delay = this.#options.session.renewAfterWarning(end, skew);
    if (delay !== undefined) this.#renewAfter(delay);
  }

  stop(): void {
    this.#disarm();
  }

  #renewAfter(delay: number): void {
    this.#disarm();
    this.#disarm = this.#options.timing.after(delay, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    const { session, carrier, onRefused, onEnded } = this.#options;
    if (carrier() === undefined) return;
    try {
      const { token } = await session.refresh();
      const current = carrier();
      const accepted = await current?.renew(token);
      if (accepted === false && carrier() === current) onRefused();
      this.schedule();
    } catch (error) {
      if (endsSession(error)) onEnded(reasonOf(error));
      else this.#renewAfter(Math.max(MIN_RETRY, Math.min(MAX_RETRY, session.left / 4)));
    }
  }
}
