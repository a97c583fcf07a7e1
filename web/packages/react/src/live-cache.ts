import {
  ApiProblem,
  approvalIn,
  type AgentMessage,
  type AnyEvent,
  type Approval,
  type ApprovalFilter,
  type Decision,
  type EventBatch,
  type HeliographClient,
  type Page,
  Store,
} from "@heliograph/client";
import { hashKey, type Query, type QueryClient, type QueryKey } from "@tanstack/react-query";
import {
  applyAll,
  approvalAfter,
  isNewer,
  limited,
  mayChangeSearch,
  newerThan,
  orderAgents,
  orderMessages,
  orderNotifications,
  positionOf,
  reduceAgents,
  reduceApproval,
  reduceApprovals,
  reduceMessages,
  reduceNotifications,
  STALE,
  windowOf,
  withApproval,
  type AgentList,
  type ApprovalList,
  type LiveList,
  type MessageLimit,
  type MessageList,
  type NotificationList,
  type Stale,
} from "./lists.js";

/** Keys of everything that this package keeps in the query cache. */
export const keys = {
  all: ["heliograph"] as const,
  approvals: (filter: ApprovalFilter) => ["heliograph", "approvals", filter] as const,
  approval: (id: string) => ["heliograph", "approval", id] as const,
  agents: () => ["heliograph", "agents"] as const,
  messages: (agentId: string) => ["heliograph", "messages", agentId] as const,
  notifications: () => ["heliograph", "notifications"] as const,
};

/** Whether the query is one of these lists: others in the same cache have data of any shape. */
function isLive({ queryKey }: Query): boolean {
  return queryKey[0] === keys.all[0];
}

/** The state of a decision that was sent from here and is not stored. */
export type DecisionState =
  | { readonly state: "sending"; readonly decision: Decision }
  /** Another member decided first, or the request expired: see `approval`. */
  | { readonly state: "overtaken"; readonly decision: Decision; readonly approval: Approval }
  | { readonly state: "failed"; readonly decision: Decision; readonly error: Error };

/** How often a list that is older than the stream is fetched again before it counts as failed. */
const FETCHES = 5;
/** So many approvals are remembered beyond those in lists. */
const REMEMBERED = 2_000;
const PAGE = 200;
/** Lists longer than this are cut, oldest first. */
const PAGES = 5;
/** Messages of one agent that are held at most. */
export const MAX_MESSAGES = 600;

/** The server finds new approvals within two seconds: a list with `q` is fetched again that long after an event. */
const SEARCH_DELAY = 2_000;

type AnyList = LiveList<unknown>;
type Reduce = (list: AnyList, event: AnyEvent) => AnyList | Stale;

/**
 * Joins lists and stream exactly. A fetched list is brought forward over the events that were delivered since its cursor before it enters
 * the cache, and once more when it has entered, so a response that comes late cannot undo an event. Afterwards events patch it in place.
 * Decisions made here are kept apart from the rows: rows only hold what the server sent.
 */
export class LiveCache {
  readonly #client: HeliographClient;
  readonly #queries: QueryClient;
  /** Newest state by id, in order of last use. */
  readonly #approvals = new Map<string, Approval>();
  /** Next pages that are on their way, by the list's key. */
  readonly #fetchingMore = new Map<string, Promise<void>>();
  /** How many components ask to keep the oldest messages of an agent, by its id. */
  readonly #holds = new Map<string, number>();
  readonly #maxMessages: number;
  /** Lists with `q` that are to be fetched again, by the query's hash. */
  readonly #searches = new Map<string, Search>();
  readonly #decisions = new Store<ReadonlyMap<string, DecisionState>>(new Map());

  /** `maxMessages`: so many messages of one agent are held at most. */
  constructor(client: HeliographClient, queries: QueryClient, maxMessages = MAX_MESSAGES) {
    this.#client = client;
    this.#queries = queries;
    this.#maxMessages = maxMessages;
  }

  /** Keeps the cache up to date until the returned function is called. */
  attach(): () => void {
    const undos = [
      this.#client.onBatch((batch) => this.#onBatch(batch)),
      this.#client.onReset(() => void this.#queries.invalidateQueries({ queryKey: keys.all })),
      this.#queries.getQueryCache().subscribe((event) => {
        if (event.type === "updated" && event.action.type === "success" && event.action.manual !== true && isLive(event.query as Query)) this.#bringForward(event.query as Query);
      }),
    ];
    for (const query of this.#held()) this.#bringForward(query);
    return () => {
      undos.forEach((undo) => undo());
      for (const { timer } of this.#searches.values()) clearTimeout(timer);
      this.#searches.clear();
    };
  }

  // --- fetching ----------------------------------------------------------------------------------------------------------

  /** As many rows as the list has now, and at least one page. */
  fetchApprovals(filter: ApprovalFilter, signal: AbortSignal): Promise<ApprovalList> {
    const wanted = this.#approvalList(filter)?.rows.length ?? 0;
    return this.#fetch(reduceApprovals(filter, this.lookup), async () => {
      const first = await this.#client.rest.approvals({ ...filter, limit: PAGE }, signal);
      const rows = [...first.data];
      let last = first;
      while (rows.length < wanted && last.nextCursor !== undefined) {
        last = await this.#client.rest.approvals({ ...filter, limit: PAGE, cursor: last.nextCursor }, signal);
        rows.push(...last.data);
      }
      // As old as the first page: events since then change nothing in rows that are newer.
      const more = moreOf(last);
      return { rows: this.#newest(rows, filter, more), at: positionOf(first.asOf), counts: first.counts, statusCounts: first.statusCounts, more };
    });
  }

  /** Fetches the page that follows the rows of a list. Concurrent calls are one. */
  fetchMoreApprovals(filter: ApprovalFilter): Promise<void> {
    return this.#once(keys.approvals(filter), () => this.#fetchMore(filter));
  }

  /** While the next page of a list is on its way, no other is fetched. */
  #once(queryKey: QueryKey, fetch: () => Promise<void>): Promise<void> {
    const key = hashKey(queryKey);
    const running = this.#fetchingMore.get(key);
    if (running !== undefined) return running;
    const fetching = fetch().finally(() => this.#fetchingMore.delete(key));
    this.#fetchingMore.set(key, fetching);
    return fetching;
  }

  async #fetchMore(filter: ApprovalFilter): Promise<void> {
    const cursor = this.#approvalList(filter)?.more?.nextCursor;
    if (cursor === undefined) return;
    const page = await this.#client.rest.approvals({ ...filter, limit: PAGE, cursor });
    const list = this.#approvalList(filter);
    // A fetch of the whole list came first: its end is another.
    if (list?.more?.nextCursor !== cursor) return;
    const events = this.#client.since(page.asOf);
    if (events === undefined) {
      await this.#queries.invalidateQueries({ queryKey: keys.approvals(filter), exact: true });
      return;
    }
    const more = moreOf(page);
    const joined = { ...list, rows: this.#newest([...list.rows, ...page.data], filter, more), more, at: positionOf(page.asOf) };
    const current = applyAll(joined, events, reduceApprovals(filter, this.lookup));
    // Counts and position are the list's own: the events were counted there already.
    await this.#extend(keys.approvals(filter), current === STALE ? STALE : { ...current, at: list.at, counts: list.counts, statusCounts: list.statusCounts });
  }

  /** Sets a list that has one more page. When the last fetch of the whole list failed, the rows may be from before a reset: it is fetched again. */
  async #extend(queryKey: QueryKey, list: object | typeof STALE): Promise<void> {
    const failed = this.#queries.getQueryState(queryKey)?.status === "error";
    if (list === STALE || failed) await this.#queries.invalidateQueries({ queryKey, exact: true });
    else this.#queries.setQueryData(queryKey, list);
  }

  /** The newest state of each row that was seen here, as far as it belongs to the list in that state. */
  #newest(rows: readonly Approval[], filter: ApprovalFilter, more: ApprovalList["more"]): readonly Approval[] {
    rows.forEach((row) => this.#remember(row));
    return windowOf(new Map(rows.map((row) => [row.id, this.#approvals.get(row.id) ?? row])), filter, more);
  }

  #approvalList(filter: ApprovalFilter): ApprovalList | undefined {
    return this.#queries.getQueryData<ApprovalList>(keys.approvals(filter));
  }

  async fetchApproval(id: string, signal: AbortSignal): Promise<LiveList<Approval>> {
    // The stream must start before the answer, or events in between are lost.
    if (this.#client.position() === undefined) this.#client.seed(await this.#client.rest.head(signal));
    const at = this.#client.position() ?? positionOf("");
    const approval = await this.#client.rest.approval(id, signal);
    this.#remember(approval);
    return { rows: [this.#approvals.get(id) ?? approval], at };
  }

  fetchAgents(signal: AbortSignal): Promise<AgentList> {
    return this.#fetch(reduceAgents, async () => {
      const { rows, first } = await allPages((cursor) => this.#client.rest.agents({ limit: PAGE, ...cursor }, signal));
      return { rows: orderAgents(rows), at: positionOf(first.asOf), counts: first.counts };
    });
  }

  /** As many of the newest messages as there are rows now, and at least one page; a list that does not reach the newest begins anew there. */
  fetchMessages(agentId: string, signal: AbortSignal): Promise<MessageList> {
    const held = this.#messageList(agentId);
    const wanted = held === undefined || newerThan(held) > 0 ? 0 : held.rows.length;
    return this.#fetch(reduceMessages(agentId, this.#messageLimit(agentId)), async () => {
      // Messages arrive only while the agent is watched, so the list must not be older than that. The answer to `measure` confirms it.
      await this.#client.measure();
      const first = await this.#client.rest.messages(agentId, { limit: PAGE }, signal);
      const rows = [...first.data];
      let last = first;
      while (rows.length < wanted && last.nextCursor !== undefined) {
        last = await this.#client.rest.messages(agentId, { limit: PAGE, cursor: last.nextCursor }, signal);
        rows.push(...last.data);
      }
      const list = { rows: orderMessages(rows), at: positionOf(first.asOf), more: earlierOf(last), newest: first.data[0]?.seq ?? 0 };
      return limited(list, this.#maxMessages);
    });
  }

  /** Fetches the page of messages before the rows. Concurrent calls are one. Where that are too many rows, the newest go. */
  fetchEarlierMessages(agentId: string): Promise<void> {
    return this.#once(keys.messages(agentId), () => this.#fetchEarlier(agentId));
  }

  async #fetchEarlier(agentId: string): Promise<void> {
    const before = this.#messageList(agentId);
    if (before?.more === undefined) return;
    const page = await this.#pageBefore(agentId, before.rows[0]?.seq ?? Infinity, before.more.nextCursor);
    const list = this.#messageList(agentId);
    // A fetch of the whole list, or new messages that took the place of old ones, came first: the rows begin elsewhere.
    if (list?.more !== before.more) return;
    const events = this.#client.since(page.asOf);
    const limit: MessageLimit = { max: Infinity, keep: "newest" };
    const joined = { ...list, rows: orderMessages([...page.data, ...list.rows]), more: earlierOf(page), at: positionOf(page.asOf) };
    const current = events === undefined ? STALE : applyAll(joined, events, reduceMessages(agentId, limit));
    await this.#extend(keys.messages(agentId), current === STALE ? STALE : { ...current, rows: current.rows.slice(0, this.#maxMessages), at: list.at });
  }

  /** The messages with a lower `seq`, from the page where they begin. Without a cursor the pages from the newest on are read until there. */
  async #pageBefore(agentId: string, seq: number, nextCursor: string | undefined): Promise<Page<AgentMessage>> {
    for (let cursor = nextCursor; ; ) {
      const page = await this.#client.rest.messages(agentId, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
      const data = page.data.filter((row) => row.seq < seq);
      if (data.length > 0 || page.nextCursor === undefined) return { ...page, data };
      cursor = page.nextCursor;
    }
  }

  /** Until the returned function is called, no message of the agent makes room for a new one: a full list takes no more. */
  holdMessages(agentId: string): () => void {
    this.#holds.set(agentId, (this.#holds.get(agentId) ?? 0) + 1);
    return () => {
      const left = (this.#holds.get(agentId) ?? 1) - 1;
      if (left === 0) this.#holds.delete(agentId);
      else this.#holds.set(agentId, left);
    };
  }

  #messageLimit(agentId: string): MessageLimit {
    return { max: this.#maxMessages, keep: this.#holds.has(agentId) ? "oldest" : "newest" };
  }

  #messageList(agentId: string): MessageList | undefined {
    return this.#queries.getQueryData<MessageList>(keys.messages(agentId));
  }

  fetchNotifications(signal: AbortSignal): Promise<NotificationList> {
    return this.#fetch(reduceNotifications, async () => {
      const page = await this.#client.rest.notifications({ limit: PAGE }, signal);
      const rows = orderNotifications(page.data.filter((row) => row.archivedAt === undefined));
      return { rows, at: positionOf(page.asOf), unseen: page.unseen, unread: page.unread };
    });
  }

  /** The newest state of an approval that was seen here. */
  readonly lookup = (id: string): Approval | undefined => this.#approvals.get(id);

  // --- decisions ---------------------------------------------------------------------------------------------------------

  get decisions(): Store<ReadonlyMap<string, DecisionState>> {
    return this.#decisions;
  }

  /** Sends a decision. Resolves when it is stored, or when the state of the decision says why not; never rejects. */
  async decide(approval: Approval, decision: Decision): Promise<Approval | undefined> {
    if (this.#decisions.getState().get(approval.id)?.state === "sending") return undefined;
    this.#setDecision(approval.id, { state: "sending", decision });
    try {
      const decided = await this.#client.rest.decide(approval.id, decision);
      this.#store(decided);
      this.#setDecision(approval.id, undefined);
      return decided;
    } catch (error) {
      await this.#onRefused(approval.id, decision, error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
  }

  dismiss(approvalId: string): void {
    this.#setDecision(approvalId, undefined);
  }

  async #onRefused(id: string, decision: Decision, error: Error): Promise<void> {
    if (!(error instanceof ApiProblem) || (error.status !== 409 && error.status !== 412)) {
      this.#setDecision(id, { state: "failed", decision, error });
      return;
    }
    const stands = approvalIn(error) ?? (await this.#client.rest.approval(id).catch(() => undefined));
    if (stands !== undefined) this.#store(stands);
    const overtaken = error.status === 409 && stands !== undefined;
    this.#setDecision(id, overtaken ? { state: "overtaken", decision, approval: stands } : { state: "failed", decision, error });
  }

  #setDecision(id: string, state: DecisionState | undefined): void {
    const decisions = new Map(this.#decisions.getState());
    if (state === undefined) decisions.delete(id);
    else decisions.set(id, state);
    this.#decisions.set(decisions);
  }

  // --- patching ----------------------------------------------------------------------------------------------------------

  #onBatch({ events }: EventBatch): void {
    for (const event of events) this.#rememberAfter(event);
    const searches = events.some(mayChangeSearch);
    for (const query of this.#held()) {
      this.#apply(query, events);
      if (searches && isSearch(query.queryKey)) this.#searchLater(query);
    }
  }

  /** Fetches a list with `q` again when the server's index has what has happened up to now. Events meanwhile share the next fetch. */
  #searchLater(query: Query): void {
    const pending = this.#searches.get(query.queryHash);
    if (pending !== undefined) {
      pending.again = true;
      return;
    }
    const timer = setTimeout(() => {
      const { again } = this.#searches.get(query.queryHash) ?? { again: false };
      this.#searches.delete(query.queryHash);
      void this.#queries.invalidateQueries({ queryKey: query.queryKey, exact: true });
      if (again) this.#searchLater(query);
    }, SEARCH_DELAY);
    this.#searches.set(query.queryHash, { timer, again: false });
  }

  /** Applies what was delivered while a response was on its way. */
  #bringForward(query: Query): void {
    const list = listOf(query);
    if (list === undefined) return;
    const events = this.#client.since(list.at.cursor);
    if (events !== undefined) this.#apply(query, events);
    else if (query.state.fetchStatus === "idle") void this.#queries.invalidateQueries({ queryKey: query.queryKey, exact: true });
  }

  #apply(query: Query, events: readonly AnyEvent[]): void {
    const list = listOf(query);
    const reduce = this.#reducerOf(query.queryKey);
    if (list === undefined || reduce === undefined) return;
    const next = reduce === reduceOne ? events.reduce(reduceOne, list) : applyAll(list, events, reduce);
    if (next === STALE) void this.#queries.invalidateQueries({ queryKey: query.queryKey, exact: true });
    else if (next !== list) this.#queries.setQueryData(query.queryKey, next);
  }

  /** Takes in a state that came outside the stream, as the answer to a call. */
  #store(approval: Approval): void {
    this.#remember(approval);
    for (const query of this.#held()) {
      const list = listOf(query) as LiveList<Approval> | undefined;
      if (list === undefined) continue;
      const next = noted(query.queryKey, list, approval);
      if (next !== list) this.#queries.setQueryData(query.queryKey, next);
    }
  }

  #reducerOf(key: QueryKey): Reduce | undefined {
    switch (key[1]) {
      case "approvals":
        return reduceApprovals(key[2] as ApprovalFilter, this.lookup) as Reduce;
      case "approval":
        return reduceOne;
      case "agents":
        return reduceAgents as Reduce;
      case "messages":
        return reduceMessages(String(key[2]), this.#messageLimit(String(key[2]))) as Reduce;
      case "notifications":
        return reduceNotifications as Reduce;
      default:
        return undefined;
    }
  }

  #rememberAfter(event: AnyEvent): void {
    const held = event.subject === undefined ? undefined : this.#approvals.get(event.subject.id);
    const known = approvalAfter(held, event);
    if (known !== undefined) this.#remember(known);
  }

  #remember(approval: Approval): void {
    const held = this.#approvals.get(approval.id);
    if (held !== undefined && !isNewer(approval, held)) return;
    this.#approvals.delete(approval.id);
    this.#approvals.set(approval.id, approval);
    if (this.#approvals.size > REMEMBERED) {
      const oldest = this.#approvals.keys().next().value;
      if (oldest !== undefined) this.#approvals.delete(oldest);
    }
  }

  #held(): readonly Query[] {
    return this.#queries.getQueryCache().findAll({ queryKey: keys.all });
  }

  async #fetch<L extends AnyList>(reduce: (list: L, event: AnyEvent) => L | Stale, fetch: () => Promise<L>): Promise<L> {
    for (let tries = 0; tries < FETCHES; tries += 1) {
      const list = await fetch();
      this.#client.seed(list.at.cursor);
      const events = this.#client.since(list.at.cursor);
      const current = events === undefined ? STALE : applyAll(list, events, reduce);
      if (current !== STALE) return current;
    }
    throw new Error("the list changed during each of 5 fetches");
  }
}

interface Search {
  readonly timer: ReturnType<typeof setTimeout>;
  /** Whether there were events since the timer was set. */
  again: boolean;
}

function isSearch(key: QueryKey): boolean {
  return key[1] === "approvals" && (key[2] as ApprovalFilter).q !== undefined;
}

/** A single approval goes by its version alone. */
const reduceOne = reduceApproval as (list: AnyList, event: AnyEvent) => AnyList;

function listOf(query: Query): AnyList | undefined {
  return query.state.data as AnyList | undefined;
}

function noted(key: QueryKey, list: LiveList<Approval>, approval: Approval): LiveList<Approval> {
  switch (key[1]) {
    case "approvals":
      return withApproval(list as ApprovalList, approval, key[2] as ApprovalFilter);
    case "approval": {
      const held = list.rows[0];
      return held?.id === approval.id && isNewer(approval, held) ? { ...list, rows: [approval] } : list;
    }
    default:
      return list;
  }
}

/** Where a list ends whose last page is this one. */
function moreOf({ data, nextCursor }: Page<Approval>): ApprovalList["more"] {
  const end = data.at(-1);
  return nextCursor === undefined || end === undefined ? undefined : { end, nextCursor };
}

/** What lies before a list whose earliest page is this one. */
function earlierOf({ nextCursor }: Page<AgentMessage>): MessageList["more"] {
  return nextCursor === undefined ? undefined : { nextCursor };
}

/** All pages of a list; it is as old as the first of them. */
async function allPages<T, P extends Page<T>>(page: (cursor: { cursor?: string }) => Promise<P & Page<T>>): Promise<{ rows: T[]; first: P }> {
  const first = await page({});
  const rows = [...first.data];
  let cursor = first.nextCursor;
  for (let count = 1; count < PAGES && cursor !== undefined; count += 1) {
    const following = await page({ cursor });
    rows.push(...following.data);
    cursor = following.nextCursor;
  }
  return { rows, first };
}
