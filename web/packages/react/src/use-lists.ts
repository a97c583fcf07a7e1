import {
  isType,
  type ActorCredential,
  type Agent,
  type AgentCounts,
  type AgentMessage,
  type AgentMessageDelta,
  type Approval,
  type ApprovalCounts,
  type ApprovalFilter,
  type MarkChange,
  type MarkTarget,
  type Notification,
} from "@heliograph/client";
import { useQuery, type QueryFunctionContext, type QueryKey, type UseQueryResult } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { LiveList } from "./lists.js";
import { keys } from "./live-cache.js";
import { useLive } from "./provider.js";

/** What every list hook says. */
export interface ListState {
  /** Nothing is there to show yet. */
  readonly isLoading: boolean;
  /** Why the newest fetch failed; rows of an earlier one stay. */
  readonly error: Error | null;
  readonly refetch: () => void;
}

export interface ApprovalsState extends ListState {
  readonly approvals: readonly Approval[];
  /** Of the whole workspace. */
  readonly counts: ApprovalCounts | undefined;
  /** The newest state of an approval that was seen here, in this list or not any more. */
  readonly lookup: (id: string) => Approval | undefined;
}

/** The approvals that a filter lets through, newest first, kept true by events. */
export function useApprovals(filter: ApprovalFilter = {}): ApprovalsState {
  const { cache } = useLive();
  const query = useLiveQuery(keys.approvals(filter), ({ signal }) => cache.fetchApprovals(filter, signal));
  return { approvals: query.data?.rows ?? none, counts: query.data?.counts, lookup: cache.lookup, ...stateOf(query) };
}

/** One approval with all its arguments, kept true by events. */
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

/** All agents by name, kept true by events. */
export function useAgents(): ListState & { readonly agents: readonly Agent[]; readonly counts: AgentCounts | undefined } {
  const { cache } = useLive();
  const query = useLiveQuery(keys.agents(), ({ signal }) => cache.fetchAgents(signal));
  return { agents: query.data?.rows ?? none, counts: query.data?.counts, ...stateOf(query) };
}

/** An agent's newest messages, oldest first. While one streams, its text grows piece by piece. */
/** What a streaming message has grown by since it was durable. */
interface Pieces {
  readonly text: string;
  /** The `rev` of the last piece; undefined right behind a durable state. */
  readonly last: number | undefined;
  /** False from a lost piece on: what follows a hole is not shown until the durable text is there. */
  readonly whole: boolean;
}

function grown(known: Pieces | undefined, { rev, append }: AgentMessageDelta): Pieces {
  const follows = known === undefined ? rev === 1 : known.whole && (known.last === undefined || rev === known.last + 1);
  const text = known?.text ?? "";
  return follows ? { text: text + append, last: rev, whole: true } : { text, last: rev, whole: false };
}

export function useAgentMessages(agentId: string): ListState & { readonly messages: readonly AgentMessage[] } {
  const { client, cache } = useLive();
  const [pieces, setPieces] = useState<ReadonlyMap<string, Pieces>>(new Map());
  // Before the query, so that the agent is watched when the fetch begins.
  useEffect(() => {
    const unwatch = client.watchAgent(agentId);
    const unhearDeltas = client.onDelta((delta) => {
      if (delta.agentId === agentId) setPieces((known) => new Map(known).set(delta.messageId, grown(known.get(delta.messageId), delta)));
    });
    // What is durable has the pieces that came before it. Heard by `onAny`, which does not ask for the messages of all agents.
    const unhearMessages = client.onAny((event) => {
      if (!isType(event, "agent:message")) return;
      const { id } = event.data.message;
      setPieces((known) => (known.has(id) ? new Map(known).set(id, { text: "", last: undefined, whole: true }) : known));
    });
    return () => {
      unhearDeltas();
      unhearMessages();
      unwatch();
      setPieces(new Map());
    };
  }, [client, agentId]);
  // Not kept once nobody watches: nothing would keep it true.
  const query = useLiveQuery(keys.messages(agentId), ({ signal }) => cache.fetchMessages(agentId, signal), 0);
  const messages = (query.data?.rows ?? none).map((message) =>
    message.state === "streaming" && pieces.has(message.id) ? { ...message, text: message.text + (pieces.get(message.id)?.text ?? "") } : message,
  );
  return { messages, ...stateOf(query) };
}

export interface NotificationsState extends ListState {
  readonly notifications: readonly Notification[];
  /** What the badge shows. */
  readonly unseen: number;
  readonly unread: number;
  /** Tells the server; the change shows when its event comes. */
  readonly mark: (target: MarkTarget, change: MarkChange) => Promise<void>;
}

/** The member's inbox, newest first, kept true by events. */
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

function stateOf(query: UseQueryResult): ListState {
  return { isLoading: query.isPending, error: query.error, refetch: () => void query.refetch() };
}
