import {
  isAfter,
  isKnown,
  isType,
  parseCursor,
  type Agent,
  type AgentCounts,
  type AgentMessage,
  type AnyEvent,
  type Approval,
  type ApprovalCounts,
  type ApprovalFilter,
  type ApprovalStatusCounts,
  type HeliographEvent,
  type Notification,
  type Position,
} from "@heliograph/client";

/**
 * A list as the cache holds it: rows that are true at `at`. Reducers are pure; they ignore events up to `at`, and rows that are not newer
 * than what is there, so that applying an event twice or late changes nothing. `STALE` says that only a new fetch can tell.
 */
export interface LiveList<T> {
  readonly rows: readonly T[];
  readonly at: Position;
}

/**
 * The first rows of a filter in its order: all of them, or those up to and including the place of `end`. A row that belongs behind
 * that place is not held; it comes with the next page.
 */
export interface ApprovalList extends LiveList<Approval> {
  /** For the whole workspace, whatever the filter. */
  readonly counts: ApprovalCounts;
  readonly statusCounts: ApprovalStatusCounts;
  /** Where the rows that were fetched end; undefined when there are no more. */
  readonly more: { readonly end: Approval; readonly nextCursor: string } | undefined;
}

export interface AgentList extends LiveList<Agent> {
  readonly counts: AgentCounts;
}

export interface NotificationList extends LiveList<Notification> {
  readonly unseen: number;
  readonly unread: number;
}

/**
 * Messages of one agent that follow one another, oldest first: the newest ones, unless `newest` says that there are some behind the last
 * row. Never more than a limit: see `reduceMessages`.
 */
export interface MessageList extends LiveList<AgentMessage> {
  /** Messages before the first row; undefined when that is the first of the log. Without a cursor the way to them leads from the newest. */
  readonly more: { readonly nextCursor: string | undefined } | undefined;
  /** `seq` of the newest message that is known, held or not; 0 for none. */
  readonly newest: number;
}

/** What a full list of messages does with one more: lets the oldest go, or does not take the new one. */
export interface MessageLimit {
  readonly max: number;
  readonly keep: "newest" | "oldest";
}

export const STALE = "stale";
export type Stale = typeof STALE;

/** The newest state of an approval that anyone has seen, whichever list it came from. */
export type Lookup = (id: string) => Approval | undefined;

export function positionOf(cursor: string): Position {
  return parseCursor(cursor) ?? { epoch: "", offset: 0, cursor };
}

/** Applies events in order; each moves `at`. */
export function applyAll<L extends LiveList<unknown>>(list: L, events: readonly AnyEvent[], reduce: (list: L, event: AnyEvent) => L | Stale): L | Stale {
  let current = list;
  for (const event of events) {
    if (event.position.epoch !== current.at.epoch) return STALE;
    if (!isAfter(event.position, current.at)) continue;
    const next = reduce(current, event);
    if (next === STALE) return STALE;
    current = { ...next, at: event.position };
  }
  return current;
}

// --- approvals ---------------------------------------------------------------------------------------------------------

export function reduceApprovals(filter: ApprovalFilter, lookup: Lookup): (list: ApprovalList, event: AnyEvent) => ApprovalList | Stale {
  return (list, event) => {
    if (!event.type.startsWith("approval:")) return list;
    if (!isKnown(event)) return STALE;
    switch (event.type) {
      case "approval:created": {
        const { approval, counts } = event.data;
        return { ...withApproval(list, approval, filter), counts, statusCounts: { ...list.statusCounts, pending: counts.pending } };
      }
      case "approval:resolved":
      case "approval:expired": {
        const { counts } = event.data;
        const status = statusAfter(event);
        const counted = { ...list, counts, statusCounts: { ...list.statusCounts, pending: counts.pending, [status]: list.statusCounts[status] + 1 } };
        const known = approvalAfter(lookup(event.data.id) ?? list.rows.find((row) => row.id === event.data.id), event);
        // A row that nobody here has seen can only be missing from a list that asks for such rows. Which have the words, the server knows.
        if (known === undefined) return filter.q === undefined && mayHold(filter, event) ? STALE : counted;
        return withApproval(counted, known, filter);
      }
      case "approval:updated": {
        const known = approvalAfter(lookup(event.data.id) ?? list.rows.find((row) => row.id === event.data.id), event);
        if (known !== undefined) return withApproval(list, known, filter);
        // An earlier deadline may bring a row that was not seen here before the end.
        return filter.q === undefined && event.data.patch.expiresAt !== undefined && list.more !== undefined && isByDeadline(filter) ? STALE : list;
      }
      default:
        return list;
    }
  };
}

/** One approval: versions say what is newer, so `at` does not matter. */
export function reduceApproval(entry: LiveList<Approval>, event: AnyEvent): LiveList<Approval> {
  const held = entry.rows[0];
  const next = held !== undefined && held.id === event.subject?.id ? approvalAfter(held, event) : held;
  return next === held || next === undefined ? entry : { ...entry, rows: [next] };
}

/** What an event makes of an approval; the approval itself when the event is not newer. */
export function approvalAfter(approval: Approval | undefined, event: AnyEvent): Approval | undefined {
  if (isType(event, "approval:created")) {
    const created = event.data.approval;
    return approval === undefined || (approval.id === created.id && isNewer(created, approval)) ? created : approval;
  }
  if (approval === undefined || approval.id !== event.subject?.id) return approval;
  if (isType(event, "approval:resolved") && event.data.version > approval.version) {
    const { status, resolution, version } = event.data;
    return { ...withoutClaim(approval), status, resolution, resolvedAt: resolution.at, version };
  }
  if (isType(event, "approval:expired") && event.data.version > approval.version) {
    return { ...withoutClaim(approval), status: "expired", resolvedAt: event.data.expiredAt, version: event.data.version };
  }
  if (isType(event, "approval:updated") && event.data.version > approval.version) {
    const { claim, expiresAt } = event.data.patch;
    const base = claim === null ? withoutClaim(approval) : approval;
    return { ...base, ...(claim ? { claim } : {}), ...(expiresAt === undefined ? {} : { expiresAt }), version: event.data.version };
  }
  return approval;
}

/**
 * Puts a row where it belongs, or takes it out when the filter does not want it or it belongs behind the end; an older state than the one
 * there is ignored. A list with `q` gets no new rows here: only the server knows which have its words.
 */
export function withApproval(list: ApprovalList, approval: Approval, filter: ApprovalFilter): ApprovalList {
  const index = list.rows.findIndex((row) => row.id === approval.id);
  const held = list.rows[index];
  if (held !== undefined && (held === approval || !isNewer(approval, held))) return list;
  const order = orderOf(filter);
  const belongs = isInWindow(approval, filter, list.more);
  if (held === undefined) return belongs && filter.q === undefined ? { ...list, rows: [...list.rows, approval].sort(order) } : list;
  if (!belongs) return { ...list, rows: list.rows.toSpliced(index, 1) };
  const rows = list.rows.with(index, approval);
  return { ...list, rows: order(approval, held) === 0 ? rows : rows.sort(order) };
}

/** The rows, by id, that belong to a list with this end, in its order. */
export function windowOf(rows: ReadonlyMap<string, Approval>, filter: ApprovalFilter, more: ApprovalList["more"]): readonly Approval[] {
  return [...rows.values()].filter((row) => isInWindow(row, filter, more)).sort(orderOf(filter));
}

function isInWindow(approval: Approval, filter: ApprovalFilter, more: ApprovalList["more"]): boolean {
  return matches(approval, filter) && (more === undefined || orderOf(filter)(approval, more.end) <= 0);
}

/** Whether `a` tells more than `b`: a later version, or the same one with the arguments that `b` leaves out. */
export function isNewer(a: Approval, b: Approval): boolean {
  return a.version > b.version || (a.version === b.version && b.action.truncated === true && a.action.truncated !== true);
}

function matches(approval: Approval, filter: ApprovalFilter): boolean {
  return (
    isOneOf(filter.status, approval.status) &&
    isOneOf(filter.risk, approval.risk) &&
    (filter.agentId === undefined || approval.agentId === filter.agentId) &&
    (filter.action === undefined || approval.action.name === filter.action) &&
    (filter.tag === undefined || approval.tags.includes(filter.tag)) &&
    (filter.by === undefined || approval.resolution?.by.id === filter.by) &&
    (filter.from === undefined || Date.parse(approval.createdAt) >= Date.parse(filter.from)) &&
    (filter.to === undefined || Date.parse(approval.createdAt) < Date.parse(filter.to))
  );
}

/** As the server: an empty list is no filter. */
function isOneOf<T extends string>(wanted: T | readonly T[] | undefined, value: T): boolean {
  if (wanted === undefined || typeof wanted === "string") return wanted === undefined || wanted === value;
  return wanted.length === 0 || wanted.includes(value);
}

function mayHold(filter: ApprovalFilter, event: HeliographEvent<"approval:resolved" | "approval:expired">): boolean {
  return isOneOf(filter.status, statusAfter(event)) && (filter.agentId === undefined || filter.agentId === event.data.agentId);
}

function statusAfter(event: HeliographEvent<"approval:resolved" | "approval:expired">): "approved" | "rejected" | "cancelled" | "expired" {
  return event.type === "approval:expired" ? "expired" : event.data.status;
}

type Order = (a: Approval, b: Approval) => number;

const riskOrder: readonly string[] = ["critical", "high", "medium", "low"];

/** Newest first; ids sort by the time they were made. */
const byAge: Order = (a, b) => compare(b.createdAt, a.createdAt) || compare(b.id, a.id);
const byDeadline: Order = (a, b) => compare(a.expiresAt, b.expiresAt) || compare(a.id, b.id);
const byRisk: Order = (a, b) => riskOrder.indexOf(a.risk) - riskOrder.indexOf(b.risk) || byDeadline(a, b);
const byResolution: Order = (a, b) => compare(b.resolvedAt ?? "", a.resolvedAt ?? "") || compare(b.id, a.id);

/** Whether an event may bring rows to a list with `q`, or change which rows have its status. */
export function mayChangeSearch({ type }: AnyEvent): boolean {
  return type === "approval:created" || type === "approval:resolved" || type === "approval:expired";
}

/** The order of the server's list; 0 for the same row only. */
function orderOf(filter: ApprovalFilter): Order {
  switch (filter.sort) {
    case "expiresAt":
      return byDeadline;
    case "-risk":
      return byRisk;
    case "-resolvedAt":
      return byResolution;
    default:
      return byAge;
  }
}

function isByDeadline(filter: ApprovalFilter): boolean {
  return filter.sort === "expiresAt" || filter.sort === "-risk";
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function withoutClaim(approval: Approval): Approval {
  const { claim, ...rest } = approval;
  return rest;
}

// --- agents ------------------------------------------------------------------------------------------------------------

export function reduceAgents(list: AgentList, event: AnyEvent): AgentList | Stale {
  if (event.type !== "agent:status") return list;
  if (!isType(event, "agent:status")) return STALE;
  const { agent, counts } = event.data;
  const index = list.rows.findIndex((row) => row.id === agent.id);
  const held = list.rows[index];
  if (held === undefined) return { ...list, rows: orderAgents([...list.rows, agent]), counts };
  return held.version >= agent.version ? { ...list, counts } : { ...list, rows: orderAgents(list.rows.with(index, agent)), counts };
}

export function orderAgents(rows: readonly Agent[]): readonly Agent[] {
  return [...rows].sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
}

// --- messages ----------------------------------------------------------------------------------------------------------

export function reduceMessages(agentId: string, limit: MessageLimit): (list: MessageList, event: AnyEvent) => MessageList | Stale {
  return (list, event) => {
    if (event.type !== "agent:message") return list;
    if (!isType(event, "agent:message")) return STALE;
    return event.data.message.agentId === agentId ? withMessage(list, event.data.message, limit) : list;
  };
}

/** Replaces an older state of a message, or adds a message to the end. What is outside of the rows that are held changes none of them. */
function withMessage(list: MessageList, message: AgentMessage, { max, keep }: MessageLimit): MessageList {
  const index = list.rows.findIndex((row) => row.id === message.id);
  const held = list.rows[index];
  if (held !== undefined) return isOlderState(message, held) ? list : { ...list, rows: list.rows.with(index, message) };
  if (list.more !== undefined && message.seq < (list.rows[0]?.seq ?? Infinity)) return list;
  const newest = Math.max(list.newest, message.seq);
  if (newerThan(list) > 0 || (keep === "oldest" && list.rows.length >= max)) return { ...list, newest };
  return limited({ ...list, rows: orderMessages([...list.rows, message]), newest }, max);
}

/** Without the oldest rows that are too many. They can be fetched again, from the newest on: no page of the server ends before the first row. */
export function limited(list: MessageList, max: number): MessageList {
  if (list.rows.length <= max) return list;
  return { ...list, rows: list.rows.slice(-max), more: { nextCursor: undefined } };
}

/** Messages behind the last row that are not held: `seq` has no gaps. */
export function newerThan({ rows, newest }: MessageList): number {
  return Math.max(0, newest - (rows.at(-1)?.seq ?? newest));
}

/** A message streams until it is final, and the number of its last delta only grows. */
function isOlderState(a: AgentMessage, b: AgentMessage): boolean {
  if (a.state !== b.state) return b.state === "final";
  return (a.deltaRev ?? 0) < (b.deltaRev ?? 0);
}

/** Oldest first. */
export function orderMessages(rows: readonly AgentMessage[]): readonly AgentMessage[] {
  return [...rows].sort((a, b) => a.seq - b.seq || (a.id < b.id ? -1 : 1));
}

// --- notifications -----------------------------------------------------------------------------------------------------

export function reduceNotifications(list: NotificationList, event: AnyEvent): NotificationList | Stale {
  if (!event.type.startsWith("notification:")) return list;
  if (!isKnown(event)) return STALE;
  switch (event.type) {
    case "notification:new": {
      const { notification, unseen, unread } = event.data;
      return { ...list, rows: orderNotifications([notification, ...list.rows.filter((row) => row.id !== notification.id)]), unseen, unread };
    }
    case "notification:read": {
      const { unseen, unread } = event.data;
      const rows = list.rows
        .map((row) => (isMarked(row, event) ? marked(row, event.data.change, event.at) : row))
        .filter((row) => row.archivedAt === undefined);
      return { ...list, rows, unseen, unread };
    }
    default:
      return list;
  }
}

export function orderNotifications(rows: readonly Notification[]): readonly Notification[] {
  return [...rows].sort((a, b) => (a.createdAt === b.createdAt ? (a.id < b.id ? 1 : -1) : a.createdAt < b.createdAt ? 1 : -1));
}

function isMarked(row: Notification, event: HeliographEvent<"notification:read">): boolean {
  const { ids, all, before } = event.data;
  if (ids !== undefined) return ids.includes(row.id);
  return all === true && (before === undefined || row.createdAt <= before);
}

/** What a change makes of a row. Who reads has seen. */
export function marked(row: Notification, change: HeliographEvent<"notification:read">["data"]["change"], at: string): Notification {
  switch (change) {
    case "seen":
      return { ...row, seenAt: row.seenAt ?? at };
    case "read":
      return { ...row, seenAt: row.seenAt ?? at, readAt: row.readAt ?? at };
    case "unread": {
      const { readAt, ...rest } = row;
      return rest;
    }
    case "archived":
      return { ...row, archivedAt: at };
  }
}
