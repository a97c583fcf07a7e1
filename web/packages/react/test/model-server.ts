import type { AgentPage, AnyEvent, Approval, ApprovalFilter, ApprovalPage, Decision, EventBatch, EventData, HeliographClient, NotificationPage, Paging } from "@heliograph/client";
import { ApiProblem } from "@heliograph/client";
import { parseEvent } from "../../client/src/events.js";
import { Stream } from "../../client/src/stream.js";

/** Rows on a page. */
const ROWS = 3;
const LAST = "9".repeat(30);

/** A text that sorts as the filter orders rows. */
function placeIn(filter: ApprovalFilter, { id, createdAt, expiresAt, resolvedAt, risk }: Approval): string {
  const number = (text: string) => text.replace(/\D/g, "");
  const later = (text: string) => (BigInt(LAST) - BigInt(number(text))).toString();
  const deadline = `${expiresAt} ${id}`;
  switch (filter.sort) {
    case "expiresAt":
      return deadline;
    case "-risk":
      return `${["critical", "high", "medium", "low"].indexOf(risk)} ${deadline}`;
    case "-resolvedAt":
      return `${later(resolvedAt ?? "0")} ${later(id)}`;
    default:
      return `${later(createdAt)} ${later(id)}`;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A promise that somebody else settles, later. */
interface Held<T> {
  readonly answer: T | Error;
  readonly settle: () => void;
}

/**
 * The server's state, its log, and a client of it that does nothing by itself: a test says when events arrive, when an answer is read from
 * the database, and when it comes back.
 */
export class ModelServer {
  readonly approvals = new Map<string, Approval>();
  epoch = 1;
  #log: { type: keyof EventData; envelope: Record<string, unknown> }[] = [];
  #delivered = 0;
  #clock = Date.parse("2026-01-01T00:00:00.000Z");
  readonly stream = new Stream();
  readonly #batchHandlers = new Set<(batch: EventBatch) => void>();
  readonly #resetHandlers = new Set<(reason: string) => void>();
  /** Answers under way, oldest first. */
  readonly held: Held<unknown>[] = [];
  fetches = 0;

  readonly client = {
    onBatch: (handler: (batch: EventBatch) => void) => {
      this.#batchHandlers.add(handler);
      return () => this.#batchHandlers.delete(handler);
    },
    onReset: (handler: (reason: string) => void) => {
      this.#resetHandlers.add(handler);
      return () => this.#resetHandlers.delete(handler);
    },
    since: (asOf: string) => this.stream.since(asOf),
    seed: (asOf: string) => this.stream.seed(asOf),
    position: () => this.stream.position,
    rest: {
      head: () => Promise.resolve(this.cursor()),
      approvals: (filter: ApprovalFilter & Paging) => this.#answer(this.#page(filter)),
      approval: (id: string) => this.#answer(this.#get(id)),
      decide: (id: string, decision: Decision) => this.#answer(this.#decide(id, decision)),
      agents: () => this.#answer<AgentPage>({ data: [], counts: {}, asOf: this.cursor() }),
      notifications: () => this.#answer<NotificationPage>({ data: [], unseen: 0, unread: 0, asOf: this.cursor() }),
    },
  } as unknown as HeliographClient;

  cursor(offset = this.#log.length): string {
    return `k${this.epoch}:${offset}:check`;
  }

  // --- what happens at the server ----------------------------------------------------------------------------------------

  create(fields: Partial<Approval> = {}): Approval {
    const id = `apr_${String(this.approvals.size + 1).padStart(4, "0")}`;
    const approval: Approval = {
      id,
      workspaceId: "ws_1",
      agentId: "agt_1",
      title: id,
      risk: "low",
      tags: [],
      action: { name: "act", args: {}, digest: id },
      allow: { approve: true, edit: false, respond: false, reject: true },
      status: "pending",
      createdAt: this.#now(),
      expiresAt: "2027-01-01T00:00:00.000Z",
      version: 1,
      ...fields,
    };
    this.approvals.set(id, approval);
    this.#append("approval:created", approval, { approval, counts: this.#counts() });
    return approval;
  }

  resolve(id: string, status: "approved" | "rejected" | "cancelled", by = "mem_2"): boolean {
    const before = this.approvals.get(id);
    if (before?.status !== "pending") return false;
    const resolution = { outcome: status, by: { type: "member", id: by }, at: this.#now() };
    const { claim, ...rest } = before;
    const after: Approval = { ...rest, status, resolution, resolvedAt: resolution.at, version: before.version + 1 };
    this.approvals.set(id, after);
    this.#append("approval:resolved", after, { id, version: after.version, status, resolution, agentId: after.agentId, counts: this.#counts() });
    return true;
  }

  expire(id: string): void {
    const before = this.approvals.get(id);
    if (before?.status !== "pending") return;
    const expiredAt = this.#now();
    const { claim, ...rest } = before;
    const after: Approval = { ...rest, status: "expired", resolvedAt: expiredAt, version: before.version + 1 };
    this.approvals.set(id, after);
    const { version, expiresAt, agentId } = after;
    this.#append("approval:expired", after, { id, version, expiresAt, expiredAt, agentId, counts: this.#counts() });
  }

  /** To one of a few deadlines, so that some are equal. */
  extend(id: string, day: number): void {
    const before = this.approvals.get(id);
    if (before?.status !== "pending") return;
    const expiresAt = `2027-01-0${day}T00:00:00.000Z`;
    const after: Approval = { ...before, expiresAt, version: before.version + 1 };
    this.approvals.set(id, after);
    this.#append("approval:updated", after, { id, version: after.version, patch: { expiresAt } });
  }

  claim(id: string, by: string | null): void {
    const before = this.approvals.get(id);
    if (before?.status !== "pending") return;
    const claim = by === null ? null : { by: { type: "member", id: by }, until: this.#now() };
    const { claim: _old, ...rest } = before;
    const after: Approval = { ...rest, ...(claim === null ? {} : { claim }), version: before.version + 1 };
    this.approvals.set(id, after);
    this.#append("approval:updated", after, { id, version: after.version, patch: { claim } });
  }

  // --- what happens on the wire ------------------------------------------------------------------------------------------

  /** The next events arrive together; `repeat` of those before them come once more. */
  deliver(count: number, repeat = 0): void {
    const from = Math.max(0, this.#delivered - repeat);
    this.#delivered = Math.min(this.#log.length, this.#delivered + count);
    const events = this.#log
      .slice(from, this.#delivered)
      .map((entry) => parseEvent(structuredClone(entry.envelope), this.cursor(Number(entry.envelope["offset"]))))
      .filter((event): event is AnyEvent => event !== undefined && this.stream.accept(event));
    if (events.length > 0) for (const handler of this.#batchHandlers) handler({ events, replayed: false });
  }

  /** The log is lost: a new epoch begins with what is there now, and nothing of the old one arrives any more. */
  reset(): void {
    this.epoch += 1;
    this.#log = [];
    this.#delivered = 0;
    this.stream.begin(this.cursor());
    for (const handler of this.#resetHandlers) handler("epoch_changed");
  }

  /** One of the answers under way comes back. */
  settle(index: number): void {
    this.held.splice(index % Math.max(1, this.held.length), 1)[0]?.settle();
  }

  /** All rows of a filter, in its order. */
  truth(filter: ApprovalFilter): readonly Approval[] {
    const places = new Map([...this.approvals.values()].map((approval) => [approval, placeIn(filter, approval)]));
    return [...this.approvals.values()]
      .filter((approval) => (filter.status === undefined || [filter.status].flat().includes(approval.status)) && (filter.risk === undefined || approval.risk === filter.risk))
      .sort((a, b) => compare(places.get(a) ?? "", places.get(b) ?? ""));
  }

  /** Whether a row is not behind another, as the filter orders them. */
  isUpTo(filter: ApprovalFilter, row: Approval, end: Approval): boolean {
    return compare(placeIn(filter, row), placeIn(filter, end)) <= 0;
  }

  #answer<T>(answer: T | Error): Promise<T> {
    this.fetches += 1;
    return new Promise((resolve, reject) => {
      const copy: unknown = answer instanceof Error ? answer : structuredClone(answer);
      this.held.push({ answer: copy, settle: () => (copy instanceof Error ? reject(copy) : resolve(copy as T)) });
    });
  }

  /** A few rows only, as when they are large. The cursor is the place of the last of them. */
  #page({ cursor, limit, ...filter }: ApprovalFilter & Paging): ApprovalPage {
    const following = this.truth(filter).filter((row) => cursor === undefined || compare(placeIn(filter, row), cursor) > 0);
    const data = following.slice(0, ROWS);
    const last = data.at(-1);
    const nextCursor = following.length > data.length && last !== undefined ? { nextCursor: placeIn(filter, last) } : {};
    return { data, counts: this.#counts(), statusCounts: this.statusCounts(), asOf: this.cursor(), ...nextCursor };
  }

  statusCounts(): ApprovalPage["statusCounts"] {
    const count = (status: string) => [...this.approvals.values()].filter((approval) => approval.status === status).length;
    return { pending: count("pending"), approved: count("approved"), rejected: count("rejected"), expired: count("expired"), cancelled: count("cancelled") };
  }

  #get(id: string): Approval | Error {
    return this.approvals.get(id) ?? new ApiProblem(404, { code: "not_found" });
  }

  #decide(id: string, decision: Decision): Approval | Error {
    if (decision.outcome === "responded") return new ApiProblem(400, { code: "invalid_request" });
    const won = this.resolve(id, decision.outcome, "me");
    const approval = this.approvals.get(id);
    if (approval === undefined) return new ApiProblem(404, { code: "not_found" });
    if (won) return approval;
    return new ApiProblem(409, { code: "already_decided", detail: "decided already", approval: structuredClone(approval) });
  }

  #counts(): { pending: number; critical: number } {
    const pending = [...this.approvals.values()].filter((approval) => approval.status === "pending");
    return { pending: pending.length, critical: pending.filter((approval) => approval.risk === "critical").length };
  }

  #append<T extends keyof EventData>(type: T, approval: Approval, data: EventData[T]): void {
    const offset = this.#log.length + 1;
    const subject = { type: "approval", id: approval.id, version: approval.version };
    this.#log.push({ type, envelope: { id: `evt_${offset}`, type, offset, at: this.#now(), actor: { type: "system" }, subject, data: structuredClone(data) } });
  }

  #now(): string {
    this.#clock += 1;
    return new Date(this.#clock).toISOString();
  }
}
