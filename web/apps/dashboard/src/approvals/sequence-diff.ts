/** What becomes of an item on the way from one sequence to another. */
export type Step = "same" | "removed" | "added";

/** Comparisons of two items at most, for some milliseconds and 2 MB. */
const MAX_COMPARISONS = 1_000_000;

/**
 * The steps from one sequence to another, with as many equal items as there can be. Each item of `before` is `same` or `removed`, each of
 * `after` is `same` or `added`, in their order; between two equal items, what is removed comes first. Where more comparisons than
 * `maxComparisons` were needed, all between the equal beginning and the equal end counts as changed.
 *
 * Source: longest common subsequence by a table of lengths, Wagner and Fischer, "The String-to-String Correction Problem" (1974).
 */
export function stepsBetween(before: readonly string[], after: readonly string[], maxComparisons = MAX_COMPARISONS): readonly Step[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const middle = stepsOf(before.slice(start, before.length - end), after.slice(start, after.length - end), maxComparisons);
  return [...repeat("same", start), ...middle, ...repeat("same", end)];
}

function stepsOf(before: readonly string[], after: readonly string[], maxComparisons: number): readonly Step[] {
  if (before.length === 0 || after.length === 0 || before.length * after.length > maxComparisons) {
    return [...repeat("removed", before.length), ...repeat("added", after.length)];
  }
  const width = after.length + 1;
  const common = lengths(before, after, width);
  const at = (row: number, column: number) => common[row * width + column] ?? 0;
  const steps: Step[] = [];
  let removed = 0;
  let added = 0;
  const flush = () => {
    steps.push(...repeat("removed", removed), ...repeat("added", added));
    removed = 0;
    added = 0;
  };
  for (let row = 0, column = 0; row < before.length || column < after.length; ) {
    if (row < before.length && column < after.length && before[row] === after[column]) {
      flush();
      steps.push("same");
      row++;
      column++;
    } else if (column === after.length || (row < before.length && at(row + 1, column) >= at(row, column + 1))) {
      removed++;
      row++;
    } else {
      added++;
      column++;
    }
  }
  flush();
  return steps;
}

/** How many items the rests of both sequences have in common, by where the rests begin. Not more than 65,535: the shorter has fewer items. */
function lengths(before: readonly string[], after: readonly string[], width: number): Uint16Array {
  const table = new Uint16Array((before.length + 1) * width);
  for (let row = before.length - 1; row >= 0; row--) {
    for (let column = after.length - 1; column >= 0; column--) {
      const here = row * width + column;
      table[here] = before[row] === after[column] ? (table[here + width + 1] ?? 0) + 1 : Math.max(table[here + width] ?? 0, table[here + 1] ?? 0);
    }
  }
  return table;
}

function repeat(step: Step, count: number): readonly Step[] {
  return Array.from({ length: count }, () => step);
}
