import { isObject } from "./validation.js";

/** Every `code` that the server's error catalogue has (docs/PROTOCOL.md; a test compares). */
export const errorCodes = [
  "invalid_request",
  "unknown_event",
  "cursor_invalid",
  "token_missing",
  "token_malformed",
  "token_invalid",
  "token_expired",
  "sign_in_code_invalid",
  "forbidden",
  "agent_of_another_key",
  "origin_not_allowed",
  "not_found",
  "method_not_allowed",
  "not_acceptable",
  "already_decided",
  "approval_expired",
  "idempotency_key_reused",
  "limit_reached",
  "conflict",
  "cursor_gone",
  "digest_mismatch",
  "version_mismatch",
  "payload_too_large",
  "uri_too_long",
  "unsupported_media_type",
  "host_not_allowed",
  "too_many_requests",
  "too_many_connections",
  "headers_too_large",
  "internal",
  "overloaded",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** Codes of a refused credential; a new one may be accepted. */
const credentialCodes: ReadonlySet<string> = new Set<ErrorCode>(["token_missing", "token_malformed", "token_invalid", "token_expired"]);

export function isCredentialCode(code: string | undefined): boolean {
  return code !== undefined && credentialCodes.has(code);
}

/** An error response: a problem detail (RFC 9457). `message` is its `detail`. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  /** HTTP status. */
  readonly status: number;
  /** Stable name; `unknown` when the answer was no problem detail. */
  readonly code: ErrorCode | (string & Record<never, never>);
  readonly title: string;
  /** From `Retry-After`, in milliseconds. */
  readonly retryAfter: number | undefined;
  /** All members of the body, such as `resolution` and `approval` of a 409. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(status: number, body: unknown, retryAfter?: number) {
    const members = isObject(body) ? body : {};
    const text = (key: string) => (typeof members[key] === "string" ? members[key] : undefined);
    super(text("detail") ?? text("title") ?? `The server answered ${status}`);
    this.status = status;
    this.code = text("code") ?? "unknown";
    this.title = text("title") ?? "The request failed";
    this.retryAfter = retryAfter;
    this.members = members;
  }
}

/** The server could not be reached, or its answer did not come in time. It may or may not have processed the request. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** The server's response does not match the contract. */
export class ContractMismatch extends Error {
  override readonly name = "ContractMismatch";
}

/** Thrown by `getToken` when the member has to sign in again. */
export class SignInNeeded extends Error {
  override readonly name = "SignInNeeded";
}

/** Whether an error ends the session rather than this one call. */
export function endsSession(error: unknown): boolean {
  return error instanceof SignInNeeded || (error instanceof ApiProblem && error.status === 401);
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
