import { bulkResultsOf, type BulkDecision, type BulkResult } from "./bulk.js";
import { checkShape } from "./check-shape.js";
import type { ActorCredential, Agent, AgentCounts, AgentMessage, Approval, ApprovalCounts, Contract, Notification } from "./contract.js";
import { ApiProblem, ContractMismatch, endsSession, isCredentialCode, reasonOf, Unreachable } from "./problem.js";
import { clockReading, type ClockReading } from "./server-clock.js";
import { preferencesOf, type NotificationPreferences } from "./preferences.js";
import type { Session } from "./session.js";
import { isObject, mismatch } from "./validation.js";
import { randomId } from "./random-id.js";
import { decisionStatisticsOf, type DecisionStatistics, type StatisticsFilter } from "./statistics.js";
import type { Timing } from "./timing.js";
import { usageOf, type LimitUse } from "./usage.js";
import { viewOf, viewsOf, type NewView, type SavedView, type ViewChange } from "./views.js";
import { parsed, parsedList, type ApiKey, type AuditEntry, type AuditFilter, type AuditFormat, type BrowserSession, type Member, type NewApiKey, type NewMember, type Role, type ShownApiKey } from "./workspace.js";

/** A download may take so much longer than another answer. Milliseconds. */
const DOWNLOAD_TIMEOUT = 600_000;

/** The Date header counts whole seconds, so half a second is added on average. Milliseconds. */
const HALF_SECOND = 500;

/** A page of a list. It does not contain events after `asOf`. */
export interface Page<T> {
  readonly data: readonly T[];
  /** Of the next page; absent on the last. */
  readonly nextCursor?: string;
  readonly asOf: string;
}

/** Counts are of all rows at `asOf`, not of this page. */
export interface ApprovalPage extends Page<Approval> {
  readonly counts: ApprovalCounts;
  readonly statusCounts: ApprovalStatusCounts;
}

export interface AgentPage extends Page<Agent> {
  readonly counts: AgentCounts;
}

export interface NotificationPage extends Page<Notification> {
  readonly unseen: number;
  readonly unread: number;
}

/** A page of the log: envelopes, and the cursor after the last of them. */
export interface EventPage {
  readonly data: readonly unknown[];
  readonly nextCursor: string;
}

/** How many approvals the workspace has of each status. */
export interface ApprovalStatusCounts {
  readonly pending: number;
  readonly approved: number;
  readonly rejected: number;
  readonly expired: number;
  readonly cancelled: number;
}

/** A value that approvals have, and how many have it. */
export interface Facet {
  readonly value: string;
  readonly count: number;
}

/** The most frequent values among the approvals of a filter, at most 20 of each kind, the most frequent first. */
export interface ApprovalFacets {
  readonly risk: readonly Facet[];
  readonly agentId: readonly Facet[];
  readonly action: readonly Facet[];
  readonly tag: readonly Facet[];
  /** Whether only 10,000 approvals were counted. */
  readonly capped: boolean;
}

/**
 * The order of a list. `expiresAt` and `-risk` (then the earliest deadline) are of pending approvals only, `-resolvedAt` of all others. Newest
 * first when there is none.
 */
export type ApprovalSort = "-createdAt" | "expiresAt" | "-risk" | "-resolvedAt";

export interface ApprovalFilter {
  readonly status?: Approval["status"] | readonly Approval["status"][];
  readonly agentId?: string;
  readonly risk?: Approval["risk"] | readonly Approval["risk"][];
  /** The name of the action. */
  readonly action?: string;
  readonly tag?: string;
  /** The id of who decided; with `sort: "-resolvedAt"` or `q` only. */
  readonly by?: string;
  /** Created then or later, RFC 3339. */
  readonly from?: string;
  /** Created before, RFC 3339. */
  readonly to?: string;
  /** Words, each the beginning of one of the title, action, tags or args; not with `sort: "-resolvedAt"`. New approvals are found within two seconds. */
  readonly q?: string;
  readonly sort?: ApprovalSort;
}

export interface Paging {
  /** 1 to 200. */
  readonly limit?: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
}

export interface Decision {
  readonly outcome: "approved" | "rejected" | "responded";
  /** The digest of the shown action: `approval.action.digest`. */
  readonly digest: string;
  readonly reason?: string;
  /** Any JSON but null, or a JsonText. */
  readonly args?: unknown;
  readonly response?: string;
}

/** One JSON value as it is written, which is sent without being read: JSON.stringify would make `1` of `1.0`. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type MarkChange = "read" | "unread" | "seen" | "archived";

export type MarkTarget = { readonly ids: readonly string[] } | { readonly all: true; readonly before?: string };

export interface RestOptions {
  /** Where the server is, such as `https://example.com/heliograph`; a relative path is taken from the page. */
  readonly baseUrl: string;
  readonly session: Session;
  readonly timing: Timing;
  readonly fetch: typeof globalThis.fetch;
  /** An answer that takes longer counts as Unreachable. */
  readonly timeout: number;
  /** Called with the server's clock, which each response tells. */
  readonly onClock?: (reading: ClockReading) => void;
  /** Called when the session has ended. */
  readonly onUnauthorized?: (reason: string) => void;
}

interface Request {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly ifMatch?: number;
  readonly signal?: AbortSignal;
  /** Added to the timeout, for requests that the server holds. Milliseconds. */
  readonly extraTimeout?: number;
  /** The answer is a file, not JSON. */
  readonly download?: true;
}

interface Answer {
  readonly body: unknown;
  /** The body as the server wrote it. */
  readonly text: string;
  readonly headers: Headers;
  /** Of a download. */
  readonly file?: Blob;
}

/** The REST API, typed. Each call rejects with ApiProblem, Unreachable or ContractMismatch. */
export class RestClient {
  readonly #options: RestOptions;
  /** What else may be the reason when the server cannot be reached: until it has answered once. */
  #doubt: string;

  constructor(options: RestOptions) {
    this.#options = options;
    // A browser does not tell a page of a refused origin from a server that is down.
    const foreign = typeof location !== "undefined" && !`${options.baseUrl}/`.startsWith(`${location.origin}/`);
    this.#doubt = foreign ? `, or its setting heliograph.allowed-origins does not list ${location.origin}` : "";
  }

  async approvals(filter: ApprovalFilter & Paging = {}, signal?: AbortSignal): Promise<ApprovalPage> {
    const { status, risk, ...others } = filter;
    const query = { ...others, status: commaSeparated(status), risk: commaSeparated(risk) };
    const { page, body } = await this.#list("/v1/approvals", "Approval", query, signal);
    return { ...page, counts: checked(body["counts"], "ApprovalCounts", "counts"), statusCounts: statusCountsOf(body["statusCounts"]) };
  }

  /** Which values the approvals of a filter have. The filter's order only says whether the filter is valid. */
  async approvalFacets(filter: ApprovalFilter = {}, signal?: AbortSignal): Promise<ApprovalFacets> {
    const { status, risk, ...others } = filter;
    const query = { ...others, status: commaSeparated(status), risk: commaSeparated(risk), facets: "true", limit: 1 };
    const { body } = await this.#call("/v1/approvals", { query, ...only({ signal }) });
    return facetsOf(asObject(body, "/v1/approvals")["facets"]);
  }

  async approval(id: string, signal?: AbortSignal): Promise<Approval> {
    const { body } = await this.#call(`/v1/approvals/${encodeURIComponent(id)}`, only({ signal }));
    return checked(body, "Approval", "approval");
  }

  /** An approval as the server writes it, for a reader that keeps what JSON.parse does not: the form of numbers and the order of keys. */
  async approvalText(id: string, signal?: AbortSignal): Promise<string> {
    return (await this.#call(`/v1/approvals/${encodeURIComponent(id)}`, only({ signal }))).text;
  }

  /** The API key by which an agent asked, as the timeline says; undefined when a member asked, or that entry is not kept any more. */
  async askedBy(id: string, signal?: AbortSignal): Promise<ActorCredential | undefined> {
    const { body } = await this.#call(`/v1/approvals/${encodeURIComponent(id)}/timeline`, { query: { limit: 1 }, ...only({ signal }) });
    const { data } = asObject(body, "the timeline");
    const first: unknown = Array.isArray(data) ? data[0] : undefined;
    if (!isObject(first) || first["action"] !== "approval.created" || first["credential"] === undefined) return undefined;
    return checked(first["credential"], "ActorCredential", "credential");
  }

  /** What happened to an approval, oldest first. */
  async timeline(id: string, paging: Paging = {}, signal?: AbortSignal): Promise<Page<AuditEntry>> {
    const { page, body } = await this.#page(`/v1/approvals/${encodeURIComponent(id)}/timeline`, { ...paging }, signal);
    return { ...page, data: parsedList(body["data"], "AuditEntry", "the timeline") };
  }

  /** Sends a decision and returns the stored approval. The idempotency key makes it safe to repeat after a lost response. */
  async decide(id: string, decision: Decision, version?: number): Promise<Approval> {
    const path = `/v1/approvals/${encodeURIComponent(id)}/decision`;
    const { body } = await this.#call(path, { method: "POST", body: decision, ...only({ ifMatch: version }) });
    return checked(body, "Approval", "approval");
  }

  /** Sends up to 50 decisions and returns what became of each, in their order. Never of critical approvals: the server refuses those. */
  async decideAll(decisions: readonly BulkDecision[]): Promise<readonly BulkResult[]> {
    const { body } = await this.#call("/v1/approvals/bulk-decision", { method: "POST", body: { decisions } });
    return bulkResultsOf(body);
  }

  /** Takes or renews the soft lock on an approval; it informs other members and does not block them. */
  async claim(id: string): Promise<void> {
    await this.#call(`/v1/approvals/${encodeURIComponent(id)}/claim`, { method: "PUT" });
  }

  async release(id: string): Promise<void> {
    await this.#call(`/v1/approvals/${encodeURIComponent(id)}/claim`, { method: "DELETE" });
  }

  /** Sets the deadline of a pending approval to `expiresIn` seconds from now. */
  async extend(id: string, expiresIn: number): Promise<Approval> {
    const { body } = await this.#call(`/v1/approvals/${encodeURIComponent(id)}/extend`, { method: "POST", body: { expiresIn } });
    return checked(body, "Approval", "approval");
  }

  /** All members of the workspace. */
  async members(signal?: AbortSignal): Promise<readonly Member[]> {
    const { body } = await this.#call("/v1/members", only({ signal }));
    return parsedList(asObject(body, "/v1/members")["data"], "Member", "/v1/members");
  }

  /** Adds a member. Owners and admins only; only an owner makes an owner. */
  async addMember(member: NewMember): Promise<Member> {
    const { body } = await this.#call("/v1/members", { method: "POST", body: member });
    return parsed(body, "Member", "member");
  }

  /** Gives a member another role; what it has open follows within a second. The last owner stays owner: 409. */
  async changeRole(memberId: string, role: Role): Promise<Member> {
    const { body } = await this.#call(`/v1/members/${encodeURIComponent(memberId)}`, { method: "PATCH", body: { role } });
    return parsed(body, "Member", "member");
  }

  /** Removes a member and, unless they are kept, the API keys that it made. What it has open is closed within a second. */
  async removeMember(memberId: string, keys: "keep" | "revoke" = "revoke"): Promise<void> {
    await this.#call(`/v1/members/${encodeURIComponent(memberId)}`, { method: "DELETE", query: { keys } });
  }

  /** Makes a link that signs the member in, once. Its text is in this answer only. */
  async makeSignInLink(memberId: string): Promise<string> {
    const { body } = await this.#call(`/v1/members/${encodeURIComponent(memberId)}/sign-in-link`, { method: "POST" });
    const { url } = asObject(body, "the sign-in link");
    if (typeof url !== "string") throw new ContractMismatch("the sign-in link has no url");
    return url;
  }

  /** All API keys of the workspace, also those that were revoked or have expired. Owners and admins only. */
  async apiKeys(signal?: AbortSignal): Promise<readonly ApiKey[]> {
    const { body } = await this.#call("/v1/api-keys", only({ signal }));
    return parsedList(asObject(body, "/v1/api-keys")["data"], "ApiKey", "/v1/api-keys");
  }

  /** Makes an API key. Its secret is in this answer only. */
  async addApiKey(key: NewApiKey): Promise<ShownApiKey> {
    const { body } = await this.#call("/v1/api-keys", { method: "POST", body: key });
    return parsed(body, "ShownApiKey", "the API key");
  }

  /** Makes an API key that replaces another, which ends after `overlapSeconds` (0 to 604800). The secret is in this answer only. */
  async rotateApiKey(id: string, overlapSeconds: number): Promise<ShownApiKey> {
    const { body } = await this.#call(`/v1/api-keys/${encodeURIComponent(id)}/rotate`, { method: "POST", body: { overlapSeconds } });
    return parsed(body, "ShownApiKey", "the API key");
  }

  /** Revokes an API key; what it has open is closed within a second. */
  async revokeApiKey(id: string): Promise<void> {
    await this.#call(`/v1/api-keys/${encodeURIComponent(id)}`, { method: "DELETE" });
  }

  /** Signed-in browsers, newest first: of the workspace for owners and admins, or of one member; others get their own. */
  async sessions(query: { readonly memberId?: string } & Paging = {}, signal?: AbortSignal): Promise<Page<BrowserSession>> {
    const { page, body } = await this.#page("/v1/sessions", { ...query }, signal);
    return { ...page, data: parsedList(body["data"], "BrowserSession", "/v1/sessions") };
  }

  /** Ends a session; what its tokens opened is closed within a second. Without effect when it has ended. */
  async endSession(id: string): Promise<void> {
    await this.#call(`/v1/sessions/${encodeURIComponent(id)}`, { method: "DELETE" });
  }

  /** Revokes a token by its id (`jti`); the own one, or as owner or admin any. */
  async revokeToken(id: string): Promise<void> {
    await this.#call(`/v1/tokens/${encodeURIComponent(id)}`, { method: "DELETE" });
  }

  /** Who changed what, newest first. Owners and admins only. */
  async audit(query: AuditFilter & Paging = {}, signal?: AbortSignal): Promise<Page<AuditEntry>> {
    const { page, body } = await this.#page("/v1/audit", { ...query }, signal);
    return { ...page, data: parsedList(body["data"], "AuditEntry", "/v1/audit") };
  }

  /** The entries of a filter as a file. */
  async auditExport(format: AuditFormat, filter: AuditFilter = {}, signal?: AbortSignal): Promise<Blob> {
    const { file } = await this.#call("/v1/audit/export", { query: { ...filter, format }, download: true, extraTimeout: DOWNLOAD_TIMEOUT, ...only({ signal }) });
    if (file === undefined) throw new ContractMismatch("/v1/audit/export has no file");
    return file;
  }

  /** Decisions by hour or day, at most 10 s old. */
  async decisionStatistics(filter: StatisticsFilter = {}, signal?: AbortSignal): Promise<DecisionStatistics> {
    const { body } = await this.#call("/v1/statistics/decisions", { query: { ...filter }, ...only({ signal }) });
    return decisionStatisticsOf(body);
  }

  async agents(paging: Paging = {}, signal?: AbortSignal): Promise<AgentPage> {
    const { page, body } = await this.#list("/v1/agents", "Agent", { ...paging }, signal);
    return { ...page, counts: checked(body["counts"], "AgentCounts", "counts") };
  }

  /** An agent's messages, newest page first, each page newest first. */
  async messages(agentId: string, paging: Paging = {}, signal?: AbortSignal): Promise<Page<AgentMessage>> {
    return (await this.#list(`/v1/agents/${encodeURIComponent(agentId)}/messages`, "AgentMessage", { ...paging }, signal)).page;
  }

  async notifications(paging: Paging = {}, signal?: AbortSignal): Promise<NotificationPage> {
    const { page, body } = await this.#list("/v1/notifications", "Notification", { ...paging }, signal);
    const { unseen, unread } = checked(body, "NotificationCounts", "notifications");
    return { ...page, unseen, unread };
  }

  async mark(target: MarkTarget, change: MarkChange): Promise<void> {
    await this.#call("/v1/notifications/mark", { method: "POST", body: { ...target, change } });
  }

  /** Which notifications the member gets. */
  async notificationPreferences(signal?: AbortSignal): Promise<NotificationPreferences> {
    return preferencesOf((await this.#call("/v1/notifications/preferences", only({ signal }))).body);
  }

  /** Replaces all of them. */
  async changeNotificationPreferences(preferences: NotificationPreferences): Promise<NotificationPreferences> {
    return preferencesOf((await this.#call("/v1/notifications/preferences", { method: "PUT", body: preferences })).body);
  }

  /** The member's own views and the shared ones of the workspace, the oldest first. */
  async views(signal?: AbortSignal): Promise<readonly SavedView[]> {
    const { body } = await this.#call("/v1/views", only({ signal }));
    return viewsOf(asObject(body, "/v1/views")["data"]);
  }

  /** Saves a view. 409 `conflict` when the member has one with this name, `limit_reached` when there are too many. */
  async saveView(view: NewView): Promise<SavedView> {
    return viewOf((await this.#call("/v1/views", { method: "POST", body: view })).body);
  }

  /** Changes a view: one's own, or as owner or admin a shared one. With another version than the stored one: 412. */
  async changeView(id: string, change: ViewChange, version: number): Promise<SavedView> {
    return viewOf((await this.#call(`/v1/views/${encodeURIComponent(id)}`, { method: "PATCH", body: change, ifMatch: version })).body);
  }

  /** Deletes a view, for whoever may change it. */
  async deleteView(id: string, version: number): Promise<void> {
    await this.#call(`/v1/views/${encodeURIComponent(id)}`, { method: "DELETE", ifMatch: version });
  }

  /** The limits of the workspace and of the caller, with how much of each is used. */
  async usage(signal?: AbortSignal): Promise<readonly LimitUse[]> {
    const { body } = await this.#call("/v1/usage", only({ signal }));
    return usageOf(asObject(body, "/v1/usage")["data"]);
  }

  /** What follows `after` in the log, waiting up to `wait` seconds (0 to 25) for something to follow. */
  async events(after: string, limit: number, wait: number, signal?: AbortSignal): Promise<EventPage> {
    const { body, headers } = await this.#call("/v1/events", { query: { after, limit, wait }, extraTimeout: wait * 1000, ...only({ signal }) });
    const page = asObject(body, "the page of events");
    const nextCursor = page["nextCursor"] ?? headers.get("Heliograph-Cursor") ?? after;
    if (!Array.isArray(page["data"]) || typeof nextCursor !== "string") throw new ContractMismatch("the page of events has no data or cursor");
    return { data: page["data"] as readonly unknown[], nextCursor };
  }

  /** The cursor of the log's head, now. */
  async head(signal?: AbortSignal): Promise<string> {
    const { body, headers } = await this.#call("/v1/overview", only({ signal }));
    const cursor = headers.get("Heliograph-Cursor") ?? (isObject(body) ? body["asOf"] : undefined);
    if (typeof cursor !== "string") throw new ContractMismatch("the overview has no cursor");
    return cursor;
  }

  async #list<N extends keyof Contract>(
    path: string,
    name: N,
    query: Record<string, string | number | undefined>,
    signal?: AbortSignal,
  ): Promise<{ page: Page<Contract[N]>; body: Record<string, unknown> }> {
    const { page, body } = await this.#page(path, query, signal);
    return { page: { ...page, data: checkedList(body["data"], name, path) }, body };
  }

  /** A page of a list whose rows are not looked at. */
  async #page(path: string, query: Record<string, string | number | undefined>, signal?: AbortSignal): Promise<{ page: Omit<Page<never>, "data">; body: Record<string, unknown> }> {
    const answer = await this.#call(path, { query, ...only({ signal }) });
    const body = asObject(answer.body, path);
    const asOf = body["asOf"] ?? answer.headers.get("Heliograph-Cursor");
    if (typeof asOf !== "string") throw new ContractMismatch(`${path} has no cursor (asOf)`);
    const nextCursor = body["nextCursor"];
    return { page: { asOf, ...(typeof nextCursor === "string" ? { nextCursor } : {}) }, body };
  }

  /** One request; a token that has just ended is replaced once. */
  async #call(path: string, request: Request): Promise<Answer> {
    const key = request.method === "POST" ? randomId() : undefined;
    const { session } = this.#options;
    try {
      const { token } = await session.current();
      try {
        return await this.#send(path, request, token, key);
      } catch (error) {
        if (!(error instanceof ApiProblem && isCredentialCode(error.code))) throw error;
        return await this.#send(path, request, (await session.replace(token)).token, key);
      }
    } catch (error) {
      if (endsSession(error)) this.#options.onUnauthorized?.(reasonOf(error));
      throw error;
    }
  }

  async #send(path: string, request: Request, token: string, key: string | undefined): Promise<Answer> {
    const { baseUrl, fetch, timeout } = this.#options;
    const headers: Record<string, string> = { Accept: request.download === true ? "*/*" : "application/json", Authorization: `Bearer ${token}` };
    if (request.body !== undefined) headers["Content-Type"] = "application/json";
    if (key !== undefined) headers["Idempotency-Key"] = key;
    if (request.ifMatch !== undefined) headers["If-Match"] = `"${request.ifMatch}"`;
    const overdue = new AbortController();
    const disarm = this.#options.timing.after(timeout + (request.extraTimeout ?? 0), () => overdue.abort());
    const signal = request.signal === undefined ? overdue.signal : AbortSignal.any([overdue.signal, request.signal]);
    try {
      const sentAt = this.#options.timing.elapsed();
      const response = await fetch(baseUrl + path + queryOf(request.query), {
        method: request.method ?? "GET",
        headers,
        signal,
        ...(request.body === undefined ? {} : { body: written(request.body) }),
      });
      this.#doubt = "";
      this.#noteClock(response.headers, sentAt);
      if (request.download === true && response.ok) return { body: undefined, text: "", headers: response.headers, file: await response.blob() };
      const text = await response.text();
      if (!response.ok) throw new ApiProblem(response.status, jsonOrNothing(text), retryAfterOf(response.headers));
      return { body: text === "" ? undefined : parsedJson(text, path), text, headers: response.headers };
    } catch (error) {
      if (error instanceof ApiProblem || error instanceof ContractMismatch || request.signal?.aborted === true) throw error;
      throw new Unreachable(overdue.signal.aborted ? `no answer within ${timeout / 1000} s` : `the server cannot be reached${this.#doubt}`, { cause: error });
    } finally {
      disarm();
    }
  }

  #noteClock(headers: Headers, sentAt: number): void {
    const date = Date.parse(headers.get("Date") ?? "");
    const { timing, onClock } = this.#options;
    if (Number.isNaN(date) || onClock === undefined) return;
    const { skew, error } = clockReading(date + HALF_SECOND, timing.elapsed() - sentAt, timing.now());
    onClock({ skew, error: error + HALF_SECOND });
  }
}

/** The body as JSON; a JsonText among its fields stands in it as it is. */
function written(body: unknown): string {
  if (!isObject(body) || !Object.values(body).some((value) => value instanceof JsonText)) return JSON.stringify(body);
  const fields = Object.entries(body).filter(([, value]) => value !== undefined);
  return `{${fields.map(([key, value]) => `${JSON.stringify(key)}:${value instanceof JsonText ? value.text : JSON.stringify(value)}`).join()}}`;
}

/** The given fields without those that are undefined. */
function only<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function queryOf(query: Request["query"]): string {
  const entries = Object.entries(query ?? {}).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]));
  return entries.length === 0 ? "" : `?${new URLSearchParams(entries).toString()}`;
}

/** An empty list would ask for nothing at all: it is left out, as no filter. */
function commaSeparated(values: string | readonly string[] | undefined): string | undefined {
  const list = typeof values === "string" ? [values] : (values ?? []);
  return list.length === 0 ? undefined : list.join(",");
}

function statusCountsOf(value: unknown): ApprovalStatusCounts {
  const counts = asObject(value, "statusCounts");
  const count = (status: Approval["status"]) => {
    const number = counts[status];
    if (typeof number !== "number") throw new ContractMismatch(`statusCounts has no number of ${status}`);
    return number;
  };
  return { pending: count("pending"), approved: count("approved"), rejected: count("rejected"), expired: count("expired"), cancelled: count("cancelled") };
}

function facetsOf(value: unknown): ApprovalFacets {
  const facets = asObject(value, "facets");
  const list = (name: string): readonly Facet[] => {
    const values = facets[name];
    if (!Array.isArray(values)) throw new ContractMismatch(`facets has no list of ${name}`);
    return values.map((item: unknown) => {
      const { value: text, count } = asObject(item, `facets.${name}`);
      if (typeof text !== "string" || typeof count !== "number") throw new ContractMismatch(`facets.${name} has an item without value or count`);
      return { value: text, count };
    });
  };
  return { risk: list("risk"), agentId: list("agentId"), action: list("action"), tag: list("tag"), capped: facets["capped"] === true };
}

function checked<N extends keyof Contract>(value: unknown, name: N, what: string): Contract[N] {
  checkShape(value, `#${name}`, what);
  return value as Contract[N];
}

function checkedList<N extends keyof Contract>(value: unknown, name: N, what: string): readonly Contract[N][] {
  checkShape(value, ["list", `#${name}`], what);
  return value as readonly Contract[N][];
}

function asObject(value: unknown, what: string): Record<string, unknown> {
  if (!isObject(value)) throw new ContractMismatch(`${what}: expected an object`);
  return value;
}

function parsedJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ContractMismatch(`${path} did not return JSON`);
  }
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function retryAfterOf(headers: Headers): number | undefined {
  const seconds = Number(headers.get("Retry-After") ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

/** The approval in a refusal (409, 412), its current state; undefined when there is none. */
export function approvalIn(problem: ApiProblem): Approval | undefined {
  const approval = problem.members["approval"];
  return mismatch(approval, "#Approval") === undefined ? (approval as Approval) : undefined;
}
