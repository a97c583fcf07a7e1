/** Longer texts are not compared. Characters. */
const MAX_LENGTH = 200;
/** Repeats and alternatives of a pattern at most: each multiplies the ways in which a text may be compared. */
const MAX_CHOICES = 3;

/**
 * Whether a text matches a pattern of a schema; undefined when that is not evaluated here. The server's expressions (RE2) run in linear time;
 * the browser's may backtrack exponentially. So only patterns with few repeats and alternatives and without repeated groups are evaluated.
 */
export function matchesPattern(text: string, pattern: string): boolean | undefined {
  if (text.length > MAX_LENGTH || !isHarmless(pattern)) return undefined;
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    // The server's syntax has more.
    return undefined;
  }
}

function isHarmless(pattern: string): boolean {
  // What is escaped or in brackets is one character.
  const plain = pattern.replace(/\\./gsu, "x").replace(/\[[^\]]*\]/gu, "x");
  if (/\)[*+?{]|\\|\(\?(?!:)/u.test(plain) || /\\[1-9k]/u.test(pattern)) return false;
  const choices = plain.match(/[*+|]|(?<!\()\?|\{\d*,\d*\}/gu) ?? [];
  return choices.length <= MAX_CHOICES;
}
