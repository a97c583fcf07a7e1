/** Beyond these a text is shown as it is, without being parsed. They keep the time of parsing under about 200 ms, whatever the text. */
const MAX_LENGTH = 40_000;
const MAX_COST = 600;
/** Of quotes and lists that begin on one line. */
const MAX_DEPTH = 8;
/** Cells of a table are made for each column of its head and each line, also where a line is shorter. */
const MAX_CELLS = 2_000;

const markers = /(?:[-+*>#=]|\d{1,9}[.)])(?=[\s>#]|$)|>/gy;
const special = /[*_~`[\]<>&|\\!@^]|:\/\/|www\./g;

/**
 * Whether Markdown is small and shallow enough to be parsed. The parser's time grows with the lines and with the characters that can begin
 * something, for some of them with their square, and its stack with the depth; both are counted here in one pass.
 */
export function isParseable(text: string): boolean {
  if (text.length > MAX_LENGTH) return false;
  const lines = text.split(/\r\n|\r|\n/);
  let cost = 0;
  let columns = 0;
  for (const line of lines) {
    const { depth, indent } = beginningOf(line);
    if (depth > MAX_DEPTH) return false;
    const specials = line.match(special)?.length ?? 0;
    cost += 1 + depth + Math.floor(indent / 8) + specials;
    if (cost > MAX_COST) return false;
    columns = Math.max(columns, line.split("|").length - 1);
  }
  return columns * lines.length <= MAX_CELLS;
}

/** How many markers of quotes, lists and headings a line begins with, and how wide the white space around them is. */
function beginningOf(line: string): { readonly depth: number; readonly indent: number } {
  let depth = 0;
  let indent = 0;
  let at = 0;
  for (;;) {
    while (line[at] === " " || line[at] === "\t") indent += line[at++] === "\t" ? 4 : 1;
    markers.lastIndex = at;
    if (!markers.test(line)) return { depth, indent };
    at = markers.lastIndex;
    depth++;
  }
}
