import type { Approval, ApprovalFilter } from "@heliograph/client";
import { useApprovals, type ApprovalsState } from "@heliograph/react";
import { useState } from "react";
import { useSession } from "../session/session-context.js";
import { useServerNow } from "../shared/time.js";
import { useSettledRows, type SettledRows } from "./use-settled-rows.js";
import { isClaimedBy, listFilter, startOf, type View } from "./view.js";

/** A new request that expires within this time is not held back. Milliseconds. */
const AT_ONCE = 60_000;

export interface Queue {
  /** Names the list: another tab, order or filter is another list. */
  readonly key: string;
  readonly list: ApprovalsState;
  /** What was asked of the server. */
  readonly filter: ApprovalFilter;
  /** The rows as they are now, and as they are shown. */
  readonly wanted: readonly Approval[];
  readonly settled: SettledRows<Approval>;
}

/** The list of a view. */
export function useQueue(view: View): Queue {
  const { identity } = useSession();
  const now = useServerNow(5_000);
  const { tab } = view;
  const { period } = view.filters;
  // A period is asked for from when it was chosen; rows that fall out of it later are left out here, without another fetch.
  const [asked, setAsked] = useState({ period, at: now });
  if (asked.period !== period) setAsked({ period, at: now });
  const filter = listFilter(view, asked.period === period ? asked.at : now);
  const list = useApprovals(filter);

  const since = period === undefined ? 0 : startOf(period, now);
  const isWanted = (row: Approval) => (tab !== "mine" || isClaimedBy(row, identity.member.id, now)) && Date.parse(row.createdAt) >= since;
  const isNarrowed = tab === "mine" || period !== undefined;
  const wanted = isNarrowed ? list.approvals.filter(isWanted) : list.approvals;
  const key = JSON.stringify([tab, filter]);
  const isUrgent = (row: Approval) => row.status === "pending" && Date.parse(row.expiresAt) - now < AT_ONCE;
  return { key, list, filter, wanted, settled: useSettledRows(key, wanted, list.lookup, isUrgent) };
}
