import type { Session } from "./session.js";

/** The token that each attempt presented. An attempt may replace a refused token once. */
export class AttemptCredentials {
  readonly #session: Session;
  readonly #presented = new Map<number, string>();
  readonly #replaced = new Set<number>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** The token for an attempt; rejects when none can be had. */
  async token(attempt: number): Promise<string> {
    const { token } = await this.#session.current();
    this.#presented.set(attempt, token);
    return token;
  }

  /** The server refused the attempt's token. Resolves to true when the attempt may present another one, rejects when none can be had. */
  async replace(attempt: number): Promise<boolean> {
    if (this.#replaced.has(attempt)) return false;
    this.#replaced.add(attempt);
    await this.#session.replace(this.#presented.get(attempt) ?? "");
    return true;
  }

  /** The attempt is over. */
  forget(attempt: number): void {
    this.#presented.delete(attempt);
    this.#replaced.delete(attempt);
  }
}
