import { endsSession } from "./problem.js";
import type { Timing } from "./timing.js";

/** A member's access token. */
export interface Credential {
  readonly token: string;
  /** RFC 3339; without it the token's own `exp` is read. */
  readonly expiresAt?: string;
}

/** Returns a valid credential. Rejects with SignInNeeded, or a problem of status 401, when the member has to sign in again. */
export type GetToken = () => Promise<Credential>;

/** A credential is replaced this long before its end, and renewals are at least this far apart. Milliseconds. */
const PAUSE = 1_000;

/**
 * Holds the credential and fetches the next one before the end of its life. However many ask at once, one `getToken` is under way.
 * Owned by the one connection, and shared with its REST client.
 */
export class Session {
  readonly #getToken: GetToken;
  readonly #timing: Timing;
  #credential: Credential | undefined;
  #expiresAt = Number.POSITIVE_INFINITY;
  #pending: Promise<Credential> | undefined;
  #fetchedAt = Number.NEGATIVE_INFINITY;

  constructor(getToken: GetToken, timing: Timing) {
    this.#getToken = getToken;
    this.#timing = timing;
  }

  /** The current credential, or a new one when there is none or it ends within a second. */
  current(): Promise<Credential> {
    if (this.#credential !== undefined && this.#timing.now() < this.#expiresAt - PAUSE) return Promise.resolve(this.#credential);
    return this.refresh();
  }

  /** A new credential; concurrent calls share one `getToken`. */
  refresh(): Promise<Credential> {
    this.#pending ??= this.#fetch().finally(() => (this.#pending = undefined));
    return this.#pending;
  }

  /** Replaces a token that the server refused; one `getToken` for all callers whose token was refused. */
  replace(refused: string): Promise<Credential> {
    const held = this.#credential;
    return held !== undefined && held.token !== refused ? Promise.resolve(held) : this.refresh();
  }

  forget(): void {
    this.#credential = undefined;
    this.#expiresAt = Number.POSITIVE_INFINITY;
  }

  /** The member of the token that is held; undefined without one, and when the token does not say. */
  get memberId(): string | undefined {
    const { sub } = this.#credential === undefined ? {} : claimsOf(this.#credential.token);
    return typeof sub === "string" ? sub : undefined;
  }

  /** Milliseconds until a renewal is due: after four fifths of the remaining life, ± a twentieth. Undefined when it never ends. */
  renewIn(): number | undefined {
    if (this.#credential === undefined || !Number.isFinite(this.#expiresAt)) return undefined;
    const left = this.#expiresAt - this.#timing.now();
    return Math.max(PAUSE, left * (0.75 + this.#timing.random() / 10));
  }

  /**
   * The server warns that a credential ends at `end` (RFC 3339), by a clock that is `skew` milliseconds ahead of this machine's. Returns in
   * how many milliseconds to renew: not before half of the credential's life is over, so that no server can make a client renew without a
   * pause. Undefined when the warning is about a credential that was replaced already.
   */
  renewAfterWarning(end: string | undefined, skew: number): number | undefined {
    const at = Date.parse(end ?? "");
    if (!Number.isNaN(at)) {
      const exp = this.#credential === undefined ? undefined : claimsOf(this.#credential.token).exp;
      if (typeof exp === "number" && Math.abs(exp * 1000 - at) >= 1_000) return undefined;
      this.#expiresAt = Math.min(this.#expiresAt, at - skew);
    }
    const half = (this.#fetchedAt + this.#expiresAt) / 2;
    return Number.isFinite(half) ? Math.max(0, half - this.#timing.now()) : 0;
  }

  /** Milliseconds of life left; infinite when it is not known. */
  get left(): number {
    return this.#expiresAt - this.#timing.now();
  }

  get fetchedAt(): number {
    return this.#fetchedAt;
  }

  async #fetch(): Promise<Credential> {
    try {
      const credential = await this.#getToken();
      this.#credential = credential;
      this.#fetchedAt = this.#timing.now();
      this.#expiresAt = expiryOf(credential, this.#fetchedAt);
      return credential;
    } catch (error) {
      if (endsSession(error)) this.forget();
      throw error;
    }
  }
}

/**
 * When a credential that came just now ends, in this machine's epoch milliseconds; infinite when neither it nor its token says. The span
 * from `iat` to `exp` is preferred, because it does not depend on this machine's clock being right.
 */
function expiryOf(credential: Credential, now: number): number {
  const { iat, exp } = claimsOf(credential.token);
  if (typeof iat === "number" && typeof exp === "number") return now + (exp - iat) * 1000;
  if (credential.expiresAt !== undefined) {
    const at = Date.parse(credential.expiresAt);
    if (!Number.isNaN(at)) return at;
  }
  return typeof exp === "number" ? exp * 1000 : Number.POSITIVE_INFINITY;
}

/** The claims of a JWT, unverified; empty when the token is none. */
export function claimsOf(token: string): { readonly [claim: string]: unknown; readonly iat?: unknown; readonly exp?: unknown; readonly sub?: unknown } {
  const payload = token.split(".")[1];
  if (payload === undefined) return {};
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === "object" && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
