import type { Carrier } from "./carrier.js";
import type { Timing } from "./timing.js";

export interface LivenessOptions {
  readonly timing: Timing;
  /** A carrier without activity for this long is checked. Milliseconds. */
  readonly silenceTimeout: number;
  /** A carrier that does not answer a check within this is silent. Milliseconds. */
  readonly checkTimeout: number;
  /** The carrier that events come over now. */
  readonly carrier: () => Carrier | undefined;
  /** The carrier did not answer a check. */
  readonly onSilent: () => void;
}

/** Notices a carrier that hangs: checks it when nothing came for a while, and on request. */
export class Liveness {
  readonly #options: LivenessOptions;
  #lastActivityAt: number | null = null;
  #roundTripMs: number | null = null;
  #disarm: () => void = () => undefined;

  constructor(options: LivenessOptions) {
    this.#options = options;
  }

  /** When anything last came over a carrier, in this machine's epoch milliseconds; null before the first. */
  get lastActivityAt(): number | null {
    return this.#lastActivityAt;
  }

  /** Of the last check that was answered. */
  get roundTripMs(): number | null {
    return this.#roundTripMs;
  }

  /** Something came over the carrier: the time until the next check starts again. */
  noteActivity(): void {
    this.#lastActivityAt = this.#options.timing.now();
    this.#disarm();
    this.#disarm = this.#options.timing.after(this.#options.silenceTimeout, () => void this.check());
  }

  /** There is no carrier to check. */
  stop(): void {
    this.#disarm();
  }

  /** Asks the carrier for an answer and measures the round trip; never rejects. */
  async check(): Promise<void> {
    const carrier = this.#options.carrier();
    if (carrier === undefined) return;
    try {
      this.#roundTripMs = Math.round(await carrier.check(this.#options.checkTimeout));
      if (this.#options.carrier() === carrier) this.noteActivity();
    } catch {
      if (this.#options.carrier() === carrier) this.#options.onSilent();
    }
  }
}
