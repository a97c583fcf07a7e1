"use client";

import { useQuery, type QueryFunctionContext, type QueryKey, type UseQueryResult } from "@tanstack/react-query";
import type { LiveList } from "./lists.js";

/** Common result of the list hooks. */
export interface ListState {
  /** No data yet. */
  readonly isLoading: boolean;
  /** Why the newest fetch failed; rows of an earlier one stay. */
  readonly error: Error | null;
  readonly refetch: () => void;
}

export const none: readonly never[] = [];

/** Events keep the data fresh, so nothing else fetches again: no interval, no focus, no reconnect. */
export function useLiveQuery<L extends LiveList<unknown>>(
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
export function useCounted<T>(queryKey: QueryKey, queryFn: (context: QueryFunctionContext) => Promise<T>, enabled = true): UseQueryResult<T> {
  return useQuery({ queryKey, queryFn, enabled, staleTime: 0, gcTime: 60_000, refetchOnMount: "always", refetchOnWindowFocus: false, refetchOnReconnect: false, networkMode: "always" });
}

export function stateOf(query: UseQueryResult): ListState {
  return { isLoading: query.isPending, error: query.error, refetch: () => void query.refetch() };
}
