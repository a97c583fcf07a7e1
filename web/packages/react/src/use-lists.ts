import {
  isType,
  type ActorCredential,
  type Agent,
  type AgentCounts,
  type AgentMessage,
  type AgentMessageDelta,
  type Approval,
  type ApprovalCounts,
  type ApprovalFacets,
  type ApprovalFilter,
  type ApprovalStatusCounts,
  type MarkChange,
  type MarkTarget,
  type Member,
  type Notification,
} from "@heliograph/client";
import { useQuery, type QueryFunctionContext, type QueryKey, type UseQueryResult } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { LiveList } from "./lists.js";
import { keys } from "./live-cache.js";
import { useLive } from "./provider.js";

/** Common result of the list hooks. */
export interface ListState {
  /** No data yet. */
  readonly isLoading: boolean;
  /** Why the newest fetch failed; rows of an earlier one stay. */
  readonly error: Error | null;
  readonly refetch: () => void;
}

export interface ApprovalsState extends ListState {
  readonly approvals: readonly Approval[];
  /** Of the whole workspace. */
  readonly counts: ApprovalCounts | undefined;
  readonly statusCounts: ApprovalStatusCounts | undefined;
  /** Whether there are rows behind these. */
  readonly hasMore: boolean;
  /** Fetches the next rows; rejects when that fails. Without effect when there are none, or they are on their way. */
  readonly loadMore: () => Promise<void>;
  /** The newest state of an approval that was seen here, in this list or not any more. */
  readonly lookup: (id: string) => Approval | undefined;
}

/**
 * The first approvals of a filter, in its order (`sort`, newest first by default), updated by events: 200 rows, and 200 more with each
 * `loadMore`. With `q`, rows that are there change by events, and new ones come with a fetch, two seconds after an event.
 */
export function useApprovals(filter: ApprovalFilter = {}): ApprovalsState {
  const { cache } = useLive();
  const query = useLiveQuery(keys.approvals(filter), ({ signal }) => cache.fetchApprovals(filter, signal));
  return {
    approvals: query.data?.rows ?? none,
    counts: query.data?.counts,
    statusCounts: query.data?.statusCounts,
    hasMore: query.data?.more !== undefined,
    loadMore: () => cache.fetchMoreApprovals(filter),
    lookup: cache.lookup,
    ...stateOf(query),
  };
}

/**
 * Which values the approvals of a filter have, and how many. Counted when the component mounts and when the filter changes; events change
 * nothing.
 */
export function useApprovalFacets(filter: ApprovalFilter = {}): ListState & { readonly facets: ApprovalFacets | undefined } {
  const { client } = useLive();
  const query = useCounted(["heliograph-facets", filter], ({ signal }) => client.rest.approvalFacets(filter, signal));
  return { facets: query.data, ...stateOf(query) };
}

/** The members of the workspace, as they were when the component mounted; not fetched while `enabled` is false. */
export function useMembers(enabled = true): ListState & { readonly members: readonly Member[] } {
  const { client } = useLive();
  const query = useCounted(["heliograph-members"], ({ signal }) => client.rest.members(signal), enabled);
  return { members: query.data ?? none, ...stateOf(query) };
}

/** One approval with all its arguments, updated by events. */
export function useApproval(id: string): ListState & { readonly approval: Approval | undefined } {
  const { cache } = useLive();
  const query = useLiveQuery(keys.approval(id), ({ signal }) => cache.fetchApproval(id, signal));
  const approval = query.data?.rows[0];
  // What a list knows is shown until the whole is here.
  return { approval: approval ?? cache.lookup(id), ...stateOf(query) };
}

/** The API key by which an agent asked for an approval; undefined until it is known, and when a member asked. It never changes. */
export function useAskedBy(id: string): ActorCredential | undefined {
  const { client } = useLive();
  const query = useQuery({
    queryKey: ["heliograph-asked-by", id],
    queryFn: async ({ signal }) => (await client.rest.askedBy(id, signal)) ?? null,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    networkMode: "always",
  });
  return query.data ?? undefined;
}

/** All agents by name, updated by events. */
export function useAgents(): ListState & { readonly agents: readonly Agent[]; readonly counts: AgentCounts | undefined } {
  const { cache } = useLive();
  const query = useLiveQuery(keys.agents(), ({ signal }) => cache.fetchAgents(signal));
  return { agents: query.data?.rows ?? none, counts: query.data?.counts, ...stateOf(query) };
}

/** Deltas of one message that are kept at most; text behind them shows with the next durable one. */
const MAX_PIECES = 10_000;

/** Pieces of a message that arrived beside its durable text, in any order. */
interface Pieces {
  /** The durable text has the pieces up to this `rev`, when it does not say so itself. */
  readonly base: number;
  /** By `rev`. */
  readonly texts: ReadonlyMap<number, string>;
}

function withPiece(known: Pieces | undefined, { rev, append }: AgentMessageDelta): Pieces {
  const { base, texts } = known ?? { base: 0, texts: new Map<number, string>() };
  return rev <= base || texts.size >= MAX_PIECES ? { base, texts } : { base, texts: new Map(texts).set(rev, append) };
}

/** A durable text has replaced what was there: the pieces that came before it are in it. */
function replaced({ texts }: Pieces, deltaRev: number | undefined): Pieces {
  // An older server does not send `deltaRev`: assume all pieces.
  const base = deltaRev ?? Math.max(0, ...texts.keys());
  return { base, texts: new Map([...texts].filter(([rev]) => rev > base)) };
}

/** The durable text and the pieces that follow it without a gap; what is behind a gap waits for what is missing. */
function grown(message: AgentMessage, pieces: Pieces | undefined): AgentMessage {
  if (message.state !== "streaming" || pieces === undefined) return message;
  let text = message.text;
  for (let rev = (message.deltaRev ?? pieces.base) + 1; pieces.texts.has(rev); rev++) text += pieces.texts.get(rev) ?? "";
  return { ...message, text };
}

/** An agent's newest messages, oldest first. While one streams, its text grows piece by piece. */
export function useAgentMessages(agentId: string): ListState & { readonly messages: readonly AgentMessage[] } {
  const { client, cache } = useLive();
  const [pieces, setPieces] = useState<ReadonlyMap<string, Pieces>>(new Map());
  // Before the query, so that the agent is watched when the fetch begins.
  useEffect(() => {
    const unwatch = client.watchAgent(agentId);
    const unsubscribeDeltas = client.onDelta((delta) => {
      if (delta.agentId === agentId) setPieces((known) => new Map(known).set(delta.messageId, withPiece(known.get(delta.messageId), delta)));
    });
    // What is durable has the pieces that came before it. Heard by `onAny`, which does not ask for the messages of all agents.
    const unsubscribeMessages = client.onAny((event) => {
      if (!isType(event, "agent:message")) return;
      const { id, deltaRev, state } = event.data.message;
      setPieces((known) => {
        const pieces = known.get(id);
        if (pieces === undefined) return known;
        const next = new Map(known);
        if (state === "final") next.delete(id);
        else next.set(id, replaced(pieces, deltaRev));
        return next;
      });
    });
    return () => {
      unsubscribeDeltas();
      unsubscribeMessages();
      unwatch();
      setPieces(new Map());
    };
  }, [client, agentId]);
  // Not cached after unmount: without the subscription it would become stale.
  const query = useLiveQuery(keys.messages(agentId), ({ signal }) => cache.fetchMessages(agentId, signal), 0);
  const messages = (query.data?.rows ?? none).map((message) => grown(message, pieces.get(message.id)));
  return { messages, ...stateOf(query) };
}

export interface NotificationsState extends ListState {
  readonly notifications: readonly Notification[];
  /** What the badge shows. */
  readonly unseen: number;
  readonly unread: number;
  /** Sends the change; it shows when its event arrives. */
  readonly mark: (target: MarkTarget, change: MarkChange) => Promise<void>;
}

/** The member's inbox, newest first, updated by events. */
export function useNotifications(): NotificationsState {
  const { client, cache } = useLive();
  const query = useLiveQuery(keys.notifications(), ({ signal }) => cache.fetchNotifications(signal));
  return {
    notifications: query.data?.rows ?? none,
    unseen: query.data?.unseen ?? 0,
    unread: query.data?.unread ?? 0,
    mark: (target, change) => client.rest.mark(target, change),
    ...stateOf(query),
  };
}

const none: readonly never[] = [];

/** Events keep the data fresh, so nothing else fetches again: no interval, no focus, no reconnect. */
function useLiveQuery<L extends LiveList<unknown>>(
  queryKey: QueryKey,
  queryFn: (context: QueryFunctionContext) => Promise<L>,
  gcTime = 300_000,
): UseQueryResult<L> {
  return useQuery({
    gcTime,
    queryKey,
    queryFn,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    networkMode: "always",
    structuralSharing: false,
  });
}

/** What no event tells: fetched again at each mount, and shown as it was until the answer is here. */
function useCounted<T>(queryKey: QueryKey, queryFn: (context: QueryFunctionContext) => Promise<T>, enabled = true): UseQueryResult<T> {
  return useQuery({ queryKey, queryFn, enabled, staleTime: 0, gcTime: 60_000, refetchOnMount: "always", refetchOnWindowFocus: false, refetchOnReconnect: false, networkMode: "always" });
}

function stateOf(query: UseQueryResult): ListState {
  return { isLoading: query.isPending, error: query.error, refetch: () => void query.refetch() };
}
