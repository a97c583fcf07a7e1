import { useMemo, useState } from "react";

export interface SettledRows<T> {
  readonly rows: readonly T[];
  /** New rows that are not shown yet. */
  readonly waiting: readonly T[];
  /** Shows the new rows. */
  readonly showNew: () => void;
  /** Takes in the rows that were fetched behind the last one; no row moves. */
  readonly extend: () => void;
  /** Handlers for the list's element: while it has the pointer or the focus, rows do not move. */
  readonly hold: {
    readonly onPointerEnter: () => void;
    readonly onPointerLeave: () => void;
    readonly onFocus: () => void;
    readonly onBlur: (event: { currentTarget: Node; relatedTarget: EventTarget | null }) => void;
  };
}

/** Ids of rows in the order in which they are kept. */
interface Held {
  readonly list: string;
  readonly ids: readonly string[];
}

/**
 * Keeps rows in place while the list has the pointer or the focus. Meanwhile known rows change in place, removed rows stay with the state
 * that `lookup` returns, and new rows are held back, except urgent ones: they are shown above the others at once. `list` names the list: the
 * rows of another one are held anew.
 */
export function useSettledRows<T extends { readonly id: string }>(
  list: string,
  rows: readonly T[],
  lookup: (id: string) => T | undefined,
  isUrgent: (row: T) => boolean,
): SettledRows<T> {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const [held, setHeld] = useState<Held | null>(null);
  const [extending, setExtending] = useState(false);
  const ids = useMemo(() => rows.map((row) => row.id), [rows]);
  const active = pointed || focused;

  const holdRows = () => setHeld((current) => (current?.list === list ? current : { list, ids }));
  if (held !== null && held.list !== list) {
    // The rows of the list before are gone, and with them the focus that one of them had.
    setHeld(pointed ? { list, ids } : null);
    setFocused(false);
  } else if (held !== null && active && held.ids.length === 0 && ids.length > 0) {
    // The rows of this moment: `showNew` asked for them, or the list has just been loaded.
    setHeld({ list, ids });
  }
  const holding = held !== null && active && held.list === list && held.ids.length > 0;
  const known = new Set(holding ? held.ids : []);
  const added = holding ? rows.filter((row) => !known.has(row.id)) : [];
  const urgent = added.filter(isUrgent);
  if (holding && urgent.length > 0) setHeld({ list, ids: [...urgent.map((row) => row.id), ...held.ids] });
  else if (extending) {
    setExtending(false);
    const behind = ids.slice(ids.findLastIndex((id) => known.has(id)) + 1);
    if (holding && behind.length > 0) setHeld({ list, ids: [...held.ids, ...behind] });
  }
  const shown = holding ? settle(held.ids, rows, lookup) : rows;
  return {
    rows: shown,
    waiting: added.filter((row) => !isUrgent(row)),
    showNew: () => setHeld({ list, ids: [] }),
    extend: () => setExtending(true),
    hold: {
      onPointerEnter: () => {
        holdRows();
        setPointed(true);
      },
      onPointerLeave: () => {
        setPointed(false);
        if (!focused) setHeld(null);
      },
      onFocus: () => {
        holdRows();
        setFocused(true);
      },
      onBlur: (event) => {
        if (event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget)) return;
        setFocused(false);
        if (!pointed) setHeld(null);
      },
    },
  };
}

/** The rows of a held list as they are now. */
export function settle<T extends { readonly id: string }>(held: readonly string[], rows: readonly T[], lookup: (id: string) => T | undefined): readonly T[] {
  const present = new Map(rows.map((row) => [row.id, row]));
  return held.flatMap((id) => present.get(id) ?? lookup(id) ?? []);
}
