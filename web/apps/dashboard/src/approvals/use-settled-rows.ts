import { useMemo, useState } from "react";

export interface SettledRows<T> {
  readonly rows: readonly T[];
  /** New rows that are not shown yet. */
  readonly waiting: readonly T[];
  /** Shows the new rows. */
  readonly showNew: () => void;
  /** Handlers for the list's element: while it has the pointer or the focus, rows do not move. */
  readonly hold: {
    readonly onPointerEnter: () => void;
    readonly onPointerLeave: () => void;
    readonly onFocus: () => void;
    readonly onBlur: (event: { currentTarget: Node; relatedTarget: EventTarget | null }) => void;
  };
}

/**
 * Keeps rows in place while the list has the pointer or the focus. Meanwhile known rows change in place, removed rows stay with the state
 * that `lookup` returns, and new rows are held back, except urgent ones: they are shown above the others at once.
 */
export function useSettledRows<T extends { readonly id: string }>(
  rows: readonly T[],
  lookup: (id: string) => T | undefined,
  isUrgent: (row: T) => boolean,
): SettledRows<T> {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const [held, setHeld] = useState<readonly string[] | null>(null);
  const ids = useMemo(() => rows.map((row) => row.id), [rows]);

  const holdRows = () => setHeld((current) => current ?? ids);
  // What `showNew` asked for, with the rows of this moment.
  if (held?.length === 0 && ids.length > 0 && (pointed || focused)) setHeld(ids);
  const holding = held !== null && (pointed || focused) && held.length > 0;
  const added = holding ? rows.filter((row) => !held.includes(row.id)) : [];
  const urgent = added.filter(isUrgent);
  if (holding && urgent.length > 0) setHeld([...urgent.map((row) => row.id), ...held]);
  const shown = holding ? settle(held, rows, lookup) : rows;
  return {
    rows: shown,
    waiting: added.filter((row) => !isUrgent(row)),
    showNew: () => setHeld([]),
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
