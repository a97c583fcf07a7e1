import type { AuditEntry, AuditFilter, Page } from "@heliograph/client";
import { useInfiniteQuery, useQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { useEffect } from "react";
import { useSession } from "../session/session-context.js";

/** Most rows that are kept; older ones are found by a filter. */
export const MAX_ENTRIES = 2_000;
/** Rows of a page. */
const PAGE = 50;
/** Rows that are fetched to see what is new. */
const HEAD = 200;
/** New entries are fetched so long after an event, in milliseconds: one request for many events. */
const DELAY = 1_000;

export interface Activity {
  readonly entries: readonly AuditEntry[];
  readonly isLoading: boolean;
  readonly error: Error | null;
  readonly refetch: () => void;
  /** How many entries are newer than those here; `HEAD` or more when `manyNew`. */
  readonly newCount: number;
  readonly manyNew: boolean;
  readonly showNew: () => void;
  /** Whether there are rows behind these; false also when MAX_ENTRIES are here. */
  readonly hasMore: boolean;
  readonly full: boolean;
  readonly isLoadingMore: boolean;
  readonly moreFailed: boolean;
  readonly loadMore: () => void;
}

type Pages = InfiniteData<Page<AuditEntry>, string>;

/** The audit trail of a filter, newest first. What is new is counted, and joins the rows when it is asked for. */
export function useActivity(filter: AuditFilter): Activity {
  const { client } = useSession();
  const queries = useQueryClient();
  const listKey = ["heliograph-audit", filter];
  const list = useInfiniteQuery({
    queryKey: listKey,
    queryFn: ({ pageParam, signal }) => client.rest.audit({ ...filter, limit: PAGE, ...(pageParam === "" ? {} : { cursor: pageParam }) }, signal),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    networkMode: "always",
  });
  const loaded = list.data !== undefined;
  const entries = list.data?.pages.flatMap(({ data }) => data) ?? [];
  const head = useQuery({
    queryKey: ["heliograph-audit-head", filter],
    queryFn: ({ signal }) => client.rest.audit({ ...filter, limit: HEAD }, signal),
    // Fetched by events only, and when the page is looked at again.
    enabled: false,
    gcTime: 0,
    networkMode: "always",
  });
  const { refetch: refetchHead } = head;
  useEffect(() => {
    if (!loaded) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        if (document.visibilityState === "visible") void refetchHead();
      }, DELAY);
    };
    const onVisible = () => document.visibilityState === "visible" && soon();
    const unsubscribe = [client.onAny(soon), client.onReset(soon)];
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      clearTimeout(timer);
      unsubscribe.forEach((undo) => undo());
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, [client, loaded, refetchHead]);

  const news = newIn(head.data, entries[0]?.id);
  const showNew = () => {
    if (news.gap) {
      void queries.resetQueries({ queryKey: listKey });
      return;
    }
    queries.setQueryData<Pages>(listKey, (known) => known && withNew(known, news.entries));
  };
  const full = entries.length >= MAX_ENTRIES;
  return {
    entries,
    isLoading: list.isPending,
    error: loaded ? null : list.error,
    refetch: () => void list.refetch(),
    newCount: news.entries.length,
    manyNew: news.gap,
    showNew,
    hasMore: list.hasNextPage && !full,
    full: full && list.hasNextPage,
    isLoadingMore: list.isFetchingNextPage,
    moreFailed: list.isFetchNextPageError,
    loadMore: () => void list.fetchNextPage(),
  };
}

/** The entries of a page that are newer than the one named; with `gap` there are others between. Ids are in the order of the trail. */
export function newIn(page: Page<AuditEntry> | undefined, newest: string | undefined): { readonly entries: readonly AuditEntry[]; readonly gap: boolean } {
  if (page === undefined) return { entries: [], gap: false };
  const entries = page.data.filter(({ id }) => newest === undefined || id > newest);
  return { entries, gap: entries.length > 0 && entries.length === page.data.length && page.nextCursor !== undefined };
}

function withNew({ pages, pageParams }: Pages, entries: readonly AuditEntry[]): Pages {
  const [first, ...others] = pages;
  return first === undefined ? { pages, pageParams } : { pages: [{ ...first, data: [...entries, ...first.data] }, ...others], pageParams };
}
