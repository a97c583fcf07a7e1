import type { AuditEntry, HeliographClient } from "@heliograph/client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { none, stateOf, type ListState } from "./live-query.js";
import { useLive } from "./provider.js";

export interface TimelineState extends ListState {
  /** Oldest first. */
  readonly entries: readonly AuditEntry[];
  /** Whether there are later entries that were not fetched. */
  readonly hasMore: boolean;
}

const PAGE = 200;
const PAGES = 5;

/** What happened to an approval: its first 1,000 entries. Fetched at each mount, and again when an event of the approval arrives. */
export function useTimeline(approvalId: string): TimelineState {
  const { client } = useLive();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: keyOf(approvalId),
    queryFn: ({ signal }) => fetchTimeline(client, approvalId, signal),
    staleTime: 0,
    gcTime: 60_000,
    refetchOnMount: "always",
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    networkMode: "always",
  });
  useEffect(() => {
    const refetch = () => void queries.invalidateQueries({ queryKey: keyOf(approvalId), exact: true });
    const undos = [
      client.onAny(({ subject }) => {
        if (subject?.type === "approval" && subject.id === approvalId) refetch();
      }),
      client.onReset(refetch),
    ];
    return () => undos.forEach((undo) => undo());
  }, [client, queries, approvalId]);
  return { entries: query.data?.entries ?? none, hasMore: query.data?.hasMore ?? false, ...stateOf(query) };
}

function keyOf(approvalId: string): readonly string[] {
  return ["heliograph-timeline", approvalId];
}

async function fetchTimeline(client: HeliographClient, approvalId: string, signal: AbortSignal): Promise<Pick<TimelineState, "entries" | "hasMore">> {
  const entries: AuditEntry[] = [];
  let cursor: string | undefined;
  for (let count = 0; count < PAGES; count += 1) {
    const page = await client.rest.timeline(approvalId, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) }, signal);
    entries.push(...page.data);
    cursor = page.nextCursor;
    if (cursor === undefined) break;
  }
  return { entries, hasMore: cursor !== undefined };
}
