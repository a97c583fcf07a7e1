/** Groups of items, in the order in which they are shown. */
export const groups = ["screens", "views", "settings", "actions", "agents", "requests"] as const;

export type Group = (typeof groups)[number];

/** Something that the palette opens or does. */
export interface PaletteItem {
  /** Unique in the palette. */
  readonly id: string;
  readonly group: Group;
  /** Of an agent, a request or a view as it was written: it is marked where it is shown. */
  readonly label: string;
  /** Whether an agent or another person wrote the label. */
  readonly written?: "name" | "line";
  /** Shown whatever is typed. */
  readonly always?: boolean;
  readonly run: () => void;
}

/** Items that are shown at most. */
export const MAX_SHOWN = 50;

/** The items of which each typed word begins a word, without case and accents, by groups. */
export function matching(items: readonly PaletteItem[], typed: string): readonly PaletteItem[] {
  const wanted = wordsOf(typed);
  const found = items.filter(({ label, always }) => {
    if (always === true || wanted.length === 0) return true;
    const words = wordsOf(label);
    return wanted.every((word) => words.some((candidate) => candidate.startsWith(word)));
  });
  return groups.flatMap((group) => found.filter((item) => item.group === group));
}

function wordsOf(text: string): readonly string[] {
  const folded = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return folded.match(/[\p{L}\p{N}]+/gu) ?? [];
}
