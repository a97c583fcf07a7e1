"use client";

import type { DecisionStatistics, StatisticsFilter } from "@heliograph/client";
import { useQuery } from "@tanstack/react-query";
import { useLive } from "./provider.js";
import type { ListState } from "./live-query.js";

/** Milliseconds. */
const PERIOD = 60_000;

/** Decisions by hour or day. No event tells them: they are fetched again each minute while the page is visible. */
export function useDecisionStatistics(filter: StatisticsFilter = {}): ListState & { readonly statistics: DecisionStatistics | undefined } {
  const { client } = useLive();
  const query = useQuery({
    queryKey: ["heliograph-decision-statistics", filter],
    queryFn: ({ signal }) => client.rest.decisionStatistics(filter, signal),
    refetchInterval: PERIOD,
    refetchIntervalInBackground: false,
    staleTime: PERIOD,
    networkMode: "always",
  });
  return { statistics: query.data, isLoading: query.isPending, error: query.error, refetch: () => void query.refetch() };
}
