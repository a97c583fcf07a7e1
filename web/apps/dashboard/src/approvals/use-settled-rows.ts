import { useMemo, useState } from "react";

export interface SettledRows<T> {
  readonly rows: readonly T[];
  /** Rows that wait until the list may move. */
  readonly waiting: number;
  /** Lets them in. */
  readonly letIn: () => void;
  /** Handlers for the list's element: while somebody points into it or has the focus in it, it holds still. */
  readonly hold: {
    readonly onPointerEnter: () => void;
    readonly onPointerLeave: () => void;
    readonly onFocus: () => void;
    readonly onBlur: (event: { currentTarget: Node; relatedTarget: EventTarget | null }) => void;
  };
}

/**
 * Keeps a list from moving under somebody's hand. While it is held, known rows change in place, rows that left the list stay as `lookup`
 * knows them, and new ones wait.
 */
export function useSettledRows<T extends { readonly id: string }>(rows: readonly T[], lookup: (id: string) => T | undefined): SettledRows<T> {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const [held, setHeld] = useState<readonly string[] | null>(null);
  const ids = useMemo(() => rows.map((row) => row.id), [rows]);

  const grab = () => setHeld((current) => current ?? ids);
  const holding = held !== null && (pointed || focused) && held.length > 0;
  const shown = holding ? settle(held, rows, lookup) : rows;
  return {
    rows: shown,
    waiting: holding ? ids.filter((id) => !held.includes(id)).length : 0,
    letIn: () => setHeld(ids),
    hold: {
      onPointerEnter: () => {
        grab();
        setPointed(true);
      },
      onPointerLeave: () => {
        setPointed(false);
        if (!focused) setHeld(null);
      },
      onFocus: () => {
        grab();
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
