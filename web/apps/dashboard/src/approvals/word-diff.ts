import { isSuspicious } from "../shared/unicode.js";
import { stepsBetween, type Step } from "./sequence-diff.js";

/** A part of a line; the parts of a line together are the line. */
export interface Part {
  readonly text: string;
  /** Whether the other line does not have it. */
  readonly changed: boolean;
}

export interface ChangedWords {
  readonly before: readonly Part[];
  readonly after: readonly Part[];
}

/** Longer lines are compared as a whole. UTF-16 units. */
const MAX_LENGTH = 1_000;
/** Comparisons of two words, of one pair of lines. */
const MAX_COMPARISONS = 40_000;
/** Lines with less in common are different lines, not one that was changed. Share of the longer one's characters, spaces aside. */
const MIN_COMMON = 0.3;

/** Words with what joins them or sits on their letters, spaces, ASCII signs one by one, and runs of anything else, such as emoji. */
const token = /[\p{L}\p{N}_][\p{L}\p{N}\p{M}_\u200C\u200D]*|\s+|[!-~]\p{M}*|[^\s\p{L}\p{N}_!-~]+/gu;

/** A line from right to left would be torn apart: its parts are laid out from left to right. */
const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/**
 * Which words of two lines differ; undefined when the lines are best seen as a whole: they are long, are written from right to left, have
 * little in common, or have characters that are marked by what is around them.
 */
export function changedWords(before: string, after: string): ChangedWords | undefined {
  if (before.length > MAX_LENGTH || after.length > MAX_LENGTH) return undefined;
  if ([before, after].some((line) => rightToLeft.test(line) || isSuspicious(line, "prose"))) return undefined;
  const words = { before: wordsOf(before), after: wordsOf(after) };
  const steps = stepsBetween(words.before, words.after, MAX_COMPARISONS);
  const parts = { before: partsOf(words.before, steps, "removed"), after: partsOf(words.after, steps, "added") };
  return common(parts.before) < MIN_COMMON * Math.max(visible(before), visible(after)) ? undefined : parts;
}

/** The text split into words; together they are the text. */
export function wordsOf(text: string): readonly string[] {
  return text.match(token) ?? [];
}

/** Words that follow one another and are both changed, or both not, are one part. */
function partsOf(words: readonly string[], steps: readonly Step[], changed: Step): readonly Part[] {
  const own = steps.filter((step) => step === "same" || step === changed);
  const parts: { text: string; readonly changed: boolean }[] = [];
  words.forEach((text, index) => {
    const isChanged = own[index] === changed;
    const last = parts.at(-1);
    if (last?.changed === isChanged) last.text += text;
    else parts.push({ text, changed: isChanged });
  });
  return parts;
}

function common(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + (part.changed ? 0 : visible(part.text)), 0);
}

/** Characters that are no spaces. */
function visible(text: string): number {
  return text.replace(/\s/gu, "").length;
}
