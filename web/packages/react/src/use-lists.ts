"use client";

import type {
  ActorCredential,
  Agent,
  AgentCounts,
  Approval,
  ApprovalCounts,
  ApprovalFacets,
  ApprovalFilter,
  ApprovalStatusCounts,
  MarkChange,
  MarkTarget,
  Member,
  Notification,
} from "@heliograph/client";
import { useQuery } from "@tanstack/react-query";
import { keys } from "./live-cache.js";
import { none, stateOf, useCounted, useLiveQuery, type ListState } from "./live-query.js";
import { useLive } from "./provider.js";

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
