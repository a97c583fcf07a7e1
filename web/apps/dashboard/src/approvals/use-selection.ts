import type { Approval } from "@heliograph/client";
import { useCallback, useState } from "react";

/** So many the server decides in one call. */
export const MAX_SELECTED = 50;

export interface Selection {
  /** Whether rows can be chosen now. */
  readonly on: boolean;
  readonly has: (id: string) => boolean;
  /** The chosen requests that can still be decided together, in the order of the list. */
  readonly requests: readonly Approval[];
  /** Without effect for a request that is decided alone, and beyond MAX_SELECTED. */
  readonly toggle: (approval: Approval) => void;
  readonly start: () => void;
  readonly stop: () => void;
}

interface Chosen {
  readonly list: string;
  readonly ids: ReadonlySet<string>;
}

const nothing: ReadonlySet<string> = new Set();

/** The rows of a list that are chosen to be decided together. `list` names the list: another one begins with none. */
export function useSelection(list: string, rows: readonly Approval[]): Selection {
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const ids = chosen?.list === list ? chosen.ids : nothing;
  const toggle = useCallback(
    (approval: Approval) =>
      setChosen((before) => {
        const next = new Set(before?.list === list ? before.ids : nothing);
        if (!next.delete(approval.id) && isSelectable(approval) && next.size < MAX_SELECTED) next.add(approval.id);
        return { list, ids: next };
      }),
    [list],
  );
  return {
    on: chosen?.list === list,
    has: (id) => ids.has(id),
    requests: ids.size === 0 ? [] : rows.filter((row) => ids.has(row.id) && isSelectable(row)),
    toggle,
    start: () => setChosen({ list, ids: nothing }),
    stop: () => setChosen(null),
  };
}

/** What is critical is decided alone. */
export function isSelectable({ status, risk }: Approval): boolean {
  return status === "pending" && risk !== "critical";
}

/** The arguments of a request of high risk have to be read before it is approved. */
export function isApprovedTogether(approval: Approval): boolean {
  return isSelectable(approval) && approval.risk !== "high";
}
