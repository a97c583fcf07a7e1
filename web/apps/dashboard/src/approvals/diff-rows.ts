import { stepsBetween } from "./sequence-diff.js";
import { changedWords, type Part } from "./word-diff.js";

/** A line of a diff. */
export interface DiffRow {
  /** A `note` is what a diff says about itself, such as the name of a file. */
  readonly kind: "same" | "removed" | "added" | "note";
  /** Number of the line in the old text, from 1; undefined when it is not there, or not known. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** The line without its sign. */
  readonly parts: readonly Part[];
}

/** The rows that lead from one text to another: all lines of both. */
export function rowsBetween(before: string, after: string): readonly DiffRow[] {
  const [old = [], now = []] = withoutReturns(before, after).map(linesOf);
  const rows: DiffRow[] = [];
  let removed = 0;
  let added = 0;
  for (const kind of stepsBetween(old, now)) {
    const text = (kind === "added" ? now[added] : old[removed]) ?? "";
    if (kind !== "added") removed++;
    if (kind !== "removed") added++;
    rows.push(row(kind, text, kind === "added" ? undefined : removed, kind === "removed" ? undefined : added));
  }
  return withWords(rows);
}

const hunk = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/;

/**
 * The rows of a diff in the unified format: each line once. Lines have numbers where a head such as `@@ -3,2 +3,4 @@` gives them.
 *
 * Source: POSIX.1-2024, diff, "Diff -u or -U Output Format".
 */
export function rowsOfUnified(diff: string): readonly DiffRow[] {
  const [lines = []] = withoutReturns(diff).map(linesOf);
  const hasHeads = lines.some((line) => hunk.test(line));
  /** The next lines of both texts, and how many of each the hunk still has. */
  let at = { before: 0, after: 0, oldLeft: 0, newLeft: 0 };
  const rows = lines.map((line, index): DiffRow => {
    const head = hunk.exec(line);
    if (head !== null) {
      at = { before: Number(head[1]), after: Number(head[3]), oldLeft: Number(head[2] ?? 1), newLeft: Number(head[4] ?? 1) };
      return row("note", line);
    }
    const counted = at.oldLeft > 0 || at.newLeft > 0;
    const kind = !counted && isFileName(lines, index) ? "note" : kindOf(line, hasHeads, counted);
    if (kind === "note") return row("note", line);
    const text = /^[ +-]/.test(line) ? line.slice(1) : line;
    const [old, now] = [kind !== "added" && at.oldLeft > 0, kind !== "removed" && at.newLeft > 0];
    const made = row(kind, text, old ? at.before : undefined, now ? at.after : undefined);
    at = { before: at.before + Number(old), after: at.after + Number(now), oldLeft: at.oldLeft - Number(old), newLeft: at.newLeft - Number(now) };
    return made;
  });
  return withWords(rows);
}

function kindOf(line: string, hasHeads: boolean, counted: boolean): DiffRow["kind"] {
  if (line.startsWith("+")) return "added";
  if (line.startsWith("-")) return "removed";
  if (line.startsWith("\\")) return "note";
  // Some programs take the space away from an empty line.
  return !hasHeads || (counted && (line === "" || line.startsWith(" "))) ? "same" : "note";
}

/** Whether the line is the first or second of `--- old` and `+++ new`. */
function isFileName(lines: readonly string[], index: number): boolean {
  const at = (place: number, sign: string) => lines[place]?.startsWith(`${sign} `) === true;
  return (at(index, "---") && at(index + 1, "+++")) || (at(index, "+++") && at(index - 1, "---"));
}

/** Rows beside one another: a removed line and the added one in its place, or the same line, or a note, on both sides. */
export interface RowPair {
  readonly left: DiffRow | undefined;
  readonly right: DiffRow | undefined;
}

/** The rows of a diff in two columns. */
export function sideBySide(rows: readonly DiffRow[]): readonly RowPair[] {
  return changesOf(rows).flatMap((change): readonly RowPair[] =>
    "row" in change
      ? [{ left: change.row, right: change.row }]
      : Array.from({ length: Math.max(change.removed.length, change.added.length) }, (_, index) => ({ left: change.removed[index], right: change.added[index] })),
  );
}

type Change = { readonly row: DiffRow } | { readonly removed: DiffRow[]; readonly added: DiffRow[] };

/** Removed rows with the added ones that follow them, and all others alone. */
function changesOf(rows: readonly DiffRow[]): readonly Change[] {
  const changes: Change[] = [];
  for (const each of rows) {
    const last = changes.at(-1);
    const open = last !== undefined && "removed" in last ? last : undefined;
    if (each.kind === "added" && open !== undefined) open.added.push(each);
    else if (each.kind === "added") changes.push({ removed: [], added: [each] });
    else if (each.kind !== "removed") changes.push({ row: each });
    else if (open?.added.length === 0) open.removed.push(each);
    else changes.push({ removed: [each], added: [] });
  }
  return changes;
}

/** The same rows; those that take the place of one another tell which of their words differ. */
function withWords(rows: readonly DiffRow[]): readonly DiffRow[] {
  const told = new Map<DiffRow, readonly Part[]>();
  for (const { left, right } of sideBySide(rows)) {
    if (left?.kind !== "removed" || right === undefined) continue;
    const words = changedWords(textOf(left), textOf(right));
    if (words === undefined) continue;
    told.set(left, words.before).set(right, words.after);
  }
  return rows.map((each) => ({ ...each, parts: told.get(each) ?? each.parts }));
}

function row(kind: DiffRow["kind"], text: string, before?: number, after?: number): DiffRow {
  // A return is seen where it is what was changed.
  return { kind, before, after, parts: [{ text: kind === "same" || kind === "note" ? text.replace(/\r$/, "") : text, changed: false }] };
}

function textOf({ parts }: DiffRow): string {
  return parts.map(({ text }) => text).join("");
}

/** Lines of a text; the line break at its end begins no other one. */
function linesOf(text: string): readonly string[] {
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

/** The texts with `\n` for `\r\n` when they have no other line breaks: returns are no difference between them then. */
function withoutReturns(...texts: readonly string[]): readonly string[] {
  return texts.some((text) => /(?<!\r)\n/.test(text)) ? texts : texts.map((text) => text.replaceAll("\r\n", "\n"));
}
