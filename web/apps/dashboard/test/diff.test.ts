import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rowsBetween, rowsOfUnified, sideBySide, type DiffRow } from "../src/approvals/diff-rows.js";
import { stepsBetween } from "../src/approvals/sequence-diff.js";
import { changedWords, wordsOf } from "../src/approvals/word-diff.js";

const items = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 });
const line = fc.string({ unit: fc.constantFrom("a", "b1", " ", "\t", "=", "é", "e\u0301", "👩‍⚕️", "#️⃣", "_", "."), maxLength: 30 });
const text = fc.array(fc.constantFrom("a", "b = 1", "b = 2", "", "+", "-- x"), { maxLength: 8 }).map((lines) => lines.join("\n"));

const textOf = (parts: readonly { readonly text: string }[]) => parts.map((part) => part.text).join("");
const shown = ({ kind, before, after, parts }: DiffRow) =>
  `${before ?? "."} ${after ?? "."} ${{ same: " ", removed: "-", added: "+", note: "#" }[kind]}${parts.map((part) => (part.changed ? `[${part.text}]` : part.text)).join("")}`;

describe("steps between sequences", () => {
  test("lead from one to the other, by as few changes as there can be", () => {
    fc.assert(
      fc.property(items, items, (before, after) => {
        const steps = stepsBetween(before, after);
        expect(steps.filter((step) => step !== "added")).toHaveLength(before.length);
        expect(steps.filter((step) => step !== "removed")).toHaveLength(after.length);
        let [old, now] = [0, 0];
        for (const step of steps) {
          if (step === "same") expect(after[now]).toBe(before[old]);
          if (step !== "added") old++;
          if (step !== "removed") now++;
        }
        expect(steps.filter((step) => step === "same")).toHaveLength(longestCommon(before, after));
      }),
    );
  });

  test("between two equal items, what is removed comes first", () => {
    expect(stepsBetween(["a", "x", "y", "b"], ["a", "1", "b"])).toEqual(["same", "removed", "removed", "added", "same"]);
  });

  test("what is too long to compare is changed as a whole between its equal ends", () => {
    expect(stepsBetween(["a", "x", "y", "b"], ["a", "y", "z", "b"], 3)).toEqual(["same", "removed", "removed", "added", "added", "same"]);
  });
});

describe("words of a line", () => {
  const marked = (before: string, after: string) => {
    const words = changedWords(before, after);
    return words && [words.before, words.after].map((parts) => parts.map((part) => (part.changed ? `[${part.text}]` : part.text)).join(""));
  };

  test("are the line, whatever is in it, and no sign is torn apart", () => {
    fc.assert(
      fc.property(line, (written) => {
        expect(wordsOf(written).join("")).toBe(written);
      }),
    );
    for (const whole of ["👩‍⚕️", "#️⃣", "e\u0301le\u0301", "می\u200Cخواهم", "snake_case1"]) expect(wordsOf(whole)).toEqual([whole]);
  });

  test("of both lines are the lines, and what is not changed is the same in both", () => {
    fc.assert(
      fc.property(line, line, (before, after) => {
        const words = changedWords(before, after);
        if (words === undefined) return;
        expect([textOf(words.before), textOf(words.after)]).toEqual([before, after]);
        const same = (parts: typeof words.before) => textOf(parts.filter((part) => !part.changed));
        expect(same(words.before)).toBe(same(words.after));
      }),
    );
  });

  test.each<[string, string, string, readonly string[] | undefined]>([
    ["a number", "  retry: 3,", "  retry: 5,", ["  retry: [3],", "  retry: [5],"]],
    ["a word that is added", "delete all rows", "delete all old rows", ["delete all rows", "delete all [old ]rows"]],
    ["spaces", "a = b", "a  = b", ["a[ ]= b", "a[  ]= b"]],
    ["letters with marks", "cafe\u0301 au lait", "cafe au lait", ["[cafe\u0301] au lait", "[cafe] au lait"]],
    ["emoji", "nurse 👩‍⚕️ on duty", "nurse 👨‍⚕️ on duty", ["nurse [👩‍⚕️] on duty", "nurse [👨‍⚕️] on duty"]],
    ["other lines", "delete the table", "keep nothing", undefined],
    ["an empty line", "", "something", undefined],
    ["a line from right to left", "מחק את הטבלה", "מחק את השורה", undefined],
    ["hidden characters", "pay\u202E 100", "pay 100", undefined],
    ["a very long line", "x ".repeat(600), "y ".repeat(600), undefined],
  ])("%s", (_, before, after, parts) => {
    expect(marked(before, after)).toEqual(parts);
  });
});

describe("rows between texts", () => {
  test("have all lines of both, numbered", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const rows = rowsBetween(before, after);
        const lines = (written: string) => (written === "" ? [] : (written.endsWith("\n") ? written.slice(0, -1) : written).split("\n"));
        expect(rows.filter((row) => row.before !== undefined).map((row) => textOf(row.parts))).toEqual(lines(before));
        expect(rows.filter((row) => row.after !== undefined).map((row) => textOf(row.parts))).toEqual(lines(after));
        expect(rows.flatMap((row) => row.before ?? [])).toEqual(lines(before).map((_line, index) => index + 1));
        expect(rows.flatMap((row) => row.after ?? [])).toEqual(lines(after).map((_line, index) => index + 1));
        const pairs = sideBySide(rows);
        expect(pairs.flatMap(({ left }) => left ?? []).filter((row) => row.kind !== "added")).toEqual(rows.filter((row) => row.kind !== "added"));
        expect(pairs.flatMap(({ right }) => right ?? []).filter((row) => row.kind !== "removed")).toEqual(rows.filter((row) => row.kind !== "removed"));
      }),
    );
  });

  test("tell which words of a changed line differ", () => {
    expect(rowsBetween("a\nlimit = 10\n\nb", "a\nlimit = 20\n\nb\n").map(shown)).toEqual(["1 1  a", "2 . -limit = [10]", ". 2 +limit = [20]", "3 3  ", "4 4  b"]);
  });

  test("show a return only where it is what differs", () => {
    expect(rowsBetween("a\r\nb\r\n", "a\r\nc\r\n").map(shown)).toEqual(["1 1  a", "2 . -b", ". 2 +c"]);
    expect(rowsBetween("a\r\n", "a\n").map(shown)).toEqual(["1 . -a\r", ". 1 +a"]);
    expect(rowsBetween("a\r\nb\n", "a\r\nc\n").map(shown)).toEqual(["1 1  a", "2 . -b", ". 2 +c"]);
  });

  test("of equal and of empty texts", () => {
    expect(rowsBetween("a\n", "a\n").map(shown)).toEqual(["1 1  a"]);
    expect(rowsBetween("", "")).toEqual([]);
    expect(rowsBetween("", "\n").map(shown)).toEqual([". 1 +"]);
  });
});

describe("a unified diff", () => {
  test("has the numbers of its heads, and file names are notes", () => {
    const diff = ["diff --git a/x b/x", "--- a/x", "+++ b/x", "@@ -3,4 +3,4 @@ section", " keep", "-limit = 10", "+limit = 20", "", "--- not a file", "\\ No newline at end of file", ""].join("\n");
    expect(rowsOfUnified(diff).map(shown)).toEqual([
      ". . #diff --git a/x b/x",
      ". . #--- a/x",
      ". . #+++ b/x",
      ". . #@@ -3,4 +3,4 @@ section",
      "3 3  keep",
      "4 . -limit = [10]",
      ". 4 +limit = [20]",
      "5 5  ",
      "6 . --- not a file",
      ". . #\\ No newline at end of file",
    ]);
  });

  test("without heads has no numbers, and all its lines", () => {
    expect(rowsOfUnified("- old line\n+ new line\nkept\n").map(shown)).toEqual([". . - [old] line", ". . + [new] line", ". .  kept"]);
  });

  test("that claims more or fewer lines than it has loses none", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("@@ -1,9 +1 @@", "@@ -1 +1,9 @@", "--- a", "+++ b", "-x", "+y", " z", "w", "", "\\ none"), { minLength: 1, maxLength: 12 }), (lines) => {
        const rows = rowsOfUnified(`${lines.join("\n")}\n`);
        const sign = { same: " ", removed: "-", added: "+", note: "" } as const;
        expect(rows).toHaveLength(lines.length);
        rows.forEach((row, index) => {
          const whole = sign[row.kind] + textOf(row.parts);
          expect([whole, whole.replace(/^ /, "")]).toContain(lines[index]);
        });
      }),
    );
  });
});

/** By trying all, for short sequences. */
function longestCommon(before: readonly string[], after: readonly string[]): number {
  const [first, ...others] = before;
  if (first === undefined) return 0;
  const at = after.indexOf(first);
  return Math.max(longestCommon(others, after), at < 0 ? 0 : 1 + longestCommon(others, after.slice(at + 1)));
}
