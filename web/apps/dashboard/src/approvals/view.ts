import type { Approval, ApprovalFilter, ApprovalSort, ApprovalStatusCounts, Risk } from "@heliograph/client";

/** The lists of requests. `mine` are the pending ones that the member has claimed. */
export const tabs = ["pending", "mine", "decided", "expired", "all"] as const;
export type Tab = (typeof tabs)[number];

export const pendingSorts = ["expiresAt", "-risk", "-createdAt"] as const satisfies readonly ApprovalSort[];
export type PendingSort = (typeof pendingSorts)[number];

export const risks = ["critical", "high", "medium", "low"] as const satisfies readonly Risk[];

/** Spans of time that end now. */
export const periods = ["hour", "today", "week"] as const;
export type Period = (typeof periods)[number];

/** What a list is filtered by. */
export type FilterKind = "risk" | "agentId" | "action" | "tag" | "time" | "by";

/** When requests were made: in a period that ends now, or from and to a time, RFC 3339. */
export interface Filters {
  /** Empty for all. */
  readonly risk: readonly Risk[];
  readonly agentId?: string | undefined;
  readonly action?: string | undefined;
  readonly tag?: string | undefined;
  readonly period?: Period | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Id of who decided. For `decided` only. */
  readonly by?: string | undefined;
}

/** What the page shows, as the address says it. */
export interface View {
  readonly tab: Tab;
  /** Of pending requests; the other lists have one order each. */
  readonly sort: PendingSort;
  /** Words that are searched for; empty for none. */
  readonly q: string;
  readonly filters: Filters;
}

export const noFilters: Filters = { risk: [] };

/** The server searches for so many characters at most. */
export const MAX_QUERY = 200;
/** Longer values of parameters are no ids or names. */
const MAX_LENGTH = 300;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;

/** Reads the view from a query string. What is unknown or malformed is ignored. */
export function viewOf(search: string): View {
  const parameters = new URLSearchParams(search);
  const text = (name: string) => {
    const value = parameters.get(name);
    return value === null || value.trim() === "" || value.length > MAX_LENGTH ? undefined : value;
  };
  const tab = oneOf(tabs, parameters.get("tab")) ?? "pending";
  const wanted = (parameters.get("risk") ?? "").split(",");
  const period = oneOf(periods, parameters.get("period"));
  const range = period === undefined ? rangeOf(text("from"), text("to")) : {};
  return {
    tab,
    sort: oneOf(pendingSorts, parameters.get("sort")) ?? "expiresAt",
    q: queryOf(parameters.get("q") ?? ""),
    filters: {
      risk: risks.filter((risk) => wanted.includes(risk)),
      agentId: text("agentId"),
      action: text("action"),
      tag: text("tag"),
      period,
      ...range,
      by: tab === "decided" ? text("by") : undefined,
    },
  };
}

/** The query string of a view: empty for the default, else with its `?`. */
export function searchOf({ tab, sort, q, filters }: View): string {
  const parameters = new URLSearchParams();
  const set = (name: string, value: string | undefined) => value !== undefined && value !== "" && parameters.set(name, value);
  set("tab", tab === "pending" ? undefined : tab);
  set("sort", sort === "expiresAt" ? undefined : sort);
  set("q", q);
  set("risk", filters.risk.join(","));
  set("agentId", filters.agentId);
  set("action", filters.action);
  set("tag", filters.tag);
  set("period", filters.period);
  set("from", filters.period === undefined ? filters.from : undefined);
  set("to", filters.period === undefined ? filters.to : undefined);
  set("by", tab === "decided" ? filters.by : undefined);
  const search = parameters.toString();
  return search === "" ? "" : `?${search}`;
}

/** What is searched for when this is typed: nothing while it has no letter and no digit. */
export function queryOf(typed: string): string {
  const text = typed.trim().replace(/\s+/g, " ").slice(0, MAX_QUERY);
  return /[\p{L}\p{N}]/u.test(text) ? text : "";
}

export function isFiltered({ risk, agentId, action, tag, period, from, to, by }: Filters): boolean {
  return risk.length > 0 || [agentId, action, tag, period, from, to, by].some((value) => value !== undefined);
}

/** The filter of the list on the server. `now` in epoch milliseconds: a period begins so long before it. */
export function listFilter({ tab, sort, q, filters }: View, now: number): ApprovalFilter {
  const { risk, agentId, action, tag, period, from, to, by } = filters;
  const since = period === undefined ? from : new Date(startOf(period, now)).toISOString();
  const given = {
    risk: risk.length === 0 ? undefined : risk,
    agentId,
    action,
    tag,
    from: since,
    to: period === undefined ? to : undefined,
    by,
    q: q === "" ? undefined : q,
  };
  return { ...order(tab, sort, q !== ""), ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as ApprovalFilter) };
}

/** When a period began that ends at `now`, in epoch milliseconds. */
export function startOf(period: Period, now: number): number {
  switch (period) {
    case "hour":
      return now - 3_600_000;
    case "today":
      return new Date(now).setHours(0, 0, 0, 0);
    case "week":
      return now - 7 * 86_400_000;
  }
}

/** How many requests a tab has in the workspace; undefined where the server does not count them. */
export function countOf(tab: Tab, counts: ApprovalStatusCounts): number | undefined {
  const decided = counts.approved + counts.rejected + counts.cancelled;
  switch (tab) {
    case "pending":
      return counts.pending;
    case "mine":
      return undefined;
    case "decided":
      return decided;
    case "expired":
      return counts.expired;
    case "all":
      return counts.pending + decided + counts.expired;
  }
}

/** Whether a member has claimed a request at `now`, in epoch milliseconds. */
export function isClaimedBy({ claim }: Approval, memberId: string, now: number): boolean {
  return claim?.by.id === memberId && Date.parse(claim.until) > now;
}

/** What is found among requests that are not pending is listed by when it was made: the search has no other order. */
function order(tab: Tab, sort: PendingSort, searched: boolean): ApprovalFilter {
  const resolved = searched ? "-createdAt" : "-resolvedAt";
  switch (tab) {
    case "pending":
    case "mine":
      return { status: "pending", sort };
    case "decided":
      return { status: ["approved", "rejected", "cancelled"], sort: resolved };
    case "expired":
      return { status: "expired", sort: resolved };
    case "all":
      return { sort: "-createdAt" };
  }
}

function rangeOf(from: string | undefined, to: string | undefined): { readonly from?: string | undefined; readonly to?: string | undefined } {
  const range = { from: instantOf(from), to: instantOf(to) };
  return range.from !== undefined && range.to !== undefined && Date.parse(range.from) >= Date.parse(range.to) ? {} : range;
}

function instantOf(text: string | undefined): string | undefined {
  return text !== undefined && INSTANT.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
}

function oneOf<T extends string>(values: readonly T[], value: string | null): T | undefined {
  return values.find((candidate) => candidate === value);
}
