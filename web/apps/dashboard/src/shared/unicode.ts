/** What a text is, which decides what in it is ordinary. */
export type TextKind =
  /** Several lines of natural language: line breaks and tabs are ordinary. */
  | "prose"
  /** One line of natural language. */
  | "line"
  /** A name that programs compare: spaces at its ends and other spaces than U+0020 are marked as well. */
  | "name"
  /** A string among the arguments: as a name, but it may have line breaks and tabs. */
  | "value";

/** A piece of a text. The `text` of all pieces together is the text itself. */
export type Piece =
  | { readonly kind: "plain"; readonly text: string }
  /** Characters that are not seen, or that reorder or cover what is around them. `mark` is shown in their place. */
  | { readonly kind: "hidden"; readonly text: string; readonly mark: string }
  /** A letter of another script than the rest of its word, which looks like a letter of that script. `mark` is shown behind it. */
  | { readonly kind: "lookalike"; readonly text: string; readonly mark: string };

/** So many pieces are told apart; what follows is one piece with its marks in brackets. */
const MAX_PIECES = 1_000;
/** So many different characters of one run are named. */
const MAX_NAMED = 8;

/** Format characters of Arabic, Syriac and Kaithi that are seen: a sign that encloses the digits after it. */
const visibleFormats = "\\u0600-\\u0605\\u06DD\\u070F\\u0890\\u0891\\u08E2\\u{110BD}\\u{110CD}";
/** Controls, formats, fillers, unassigned and private code points, halves of a pair, line and paragraph separators, blank symbols. */
const hidden = `(?:(?![${visibleFormats}\\n\\t])[\\p{Cc}\\p{Cf}\\p{Cn}\\p{Co}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\u2800\\uFFFC\\u{1D159}])`;

const picture = "\\p{Extended_Pictographic}(?:[\\uFE0E\\uFE0F]|\\p{Emoji_Modifier})?";
/** The flags of England, Scotland and Wales, an emoji with its presentation and skin, several joined to one, a keycap. */
const emoji = `\\u{1F3F4}\\u{E0067}\\u{E0062}(?:\\u{E0065}\\u{E006E}\\u{E0067}|\\u{E0073}\\u{E0063}\\u{E0074}|\\u{E0077}\\u{E006C}\\u{E0073})\\u{E007F}|${picture}(?:\\u200D${picture})*|[0-9#*]\\uFE0F\\u20E3`;

const joining = ["Arabic", "Syriac", "Nko", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu", "Kannada", "Malayalam", "Sinhala", "Myanmar"];
/** U+200C and U+200D between two characters of one script that writes with them, such as Persian and Hindi. */
const joiner = joining.map((script) => `(?<=\\p{Script_Extensions=${script}})[\\u200C\\u200D](?=\\p{Script_Extensions=${script}})`).join("|");

/** Marks on a letter beyond these reach into other lines. A mark without a letter sits on what is before the text. */
const MAX_MARKS = 8;
const mark = `(?!${hidden})\\p{M}`;
const stacked = `(?<=^|(?:${mark}){${MAX_MARKS}})(?:${mark})+`;

const lineBreaks = "\\r\\n|[\\n\\t]";
const otherSpaces = "(?!\\u0020)\\p{Zs}";
const ends = "^[\\p{Zs}\\t]+|[\\p{Zs}\\t]+$";

/** Ordinary sequences first, so that what they hold is not found as hidden. */
function pattern(kind: TextKind): RegExp {
  const broken = kind === "line" || kind === "name";
  const padded = kind === "value" || kind === "name";
  const ordinary = [emoji, joiner, ...(broken ? [] : [lineBreaks])];
  const marked = [...(padded ? [ends, otherSpaces] : []), broken ? `(?:${hidden}|[\\n\\t])+` : `${hidden}+`, stacked];
  return new RegExp(`(?<ordinary>${ordinary.join("|")})|(?<marked>${marked.join("|")})`, "gu");
}

const patterns: Readonly<Record<TextKind, RegExp>> = { prose: pattern("prose"), line: pattern("line"), name: pattern("name"), value: pattern("value") };

/** What stands behind the codes of some characters when there are more. */
type AndMore = (count: number) => string;
const andMoreInEnglish: AndMore = (count) => ` and ${count} more`;

/** Splits a text so that everything in it can be shown. */
export function piecesOf(text: string, kind: TextKind, andMore = andMoreInEnglish): readonly Piece[] {
  const lookalikes = lookalikesIn(text);
  const pieces: Piece[] = [];
  let shown = 0;
  let next = 0;
  const plainUpTo = (end: number) => {
    for (let at = lookalikes[next]; at !== undefined && at < end; at = lookalikes[++next]) {
      if (at > shown) pieces.push({ kind: "plain", text: text.slice(shown, at) });
      const letter = text.slice(at, at + 1);
      pieces.push({ kind: "lookalike", text: letter, mark: codeOf(letter) });
      shown = at + 1;
    }
    if (end > shown) pieces.push({ kind: "plain", text: text.slice(shown, end) });
  };
  for (const match of text.matchAll(patterns[kind])) {
    const found = match.groups?.["marked"];
    if (found === undefined) continue;
    plainUpTo(match.index);
    pieces.push({ kind: "hidden", text: found, mark: markOf(found, andMore) });
    shown = match.index + found.length;
  }
  plainUpTo(text.length);
  return pieces.length <= MAX_PIECES ? pieces : bounded(pieces);
}

/** Whether a text has anything that is marked. */
export function isSuspicious(text: string, kind: TextKind): boolean {
  return piecesOf(text, kind).some((piece) => piece.kind !== "plain");
}

/** The text with marks in brackets, for places that take no elements. */
export function markedText(text: string, kind: TextKind, andMore = andMoreInEnglish): string {
  return inline(piecesOf(text, kind, andMore));
}

function bounded(pieces: readonly Piece[]): readonly Piece[] {
  const rest = pieces.slice(MAX_PIECES - 1);
  const text = rest.map((piece) => piece.text).join("");
  return [...pieces.slice(0, MAX_PIECES - 1), { kind: "hidden", text, mark: inline(rest) }];
}

function inline(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (piece.kind === "plain" ? piece.text : piece.kind === "hidden" ? `[${piece.mark}]` : `${piece.text}[${piece.mark}]`)).join("");
}

/** Such as `U+202E`, `U+200B ×3`, `U+E0041 U+E0042`. */
function markOf(run: string, andMore: AndMore): string {
  const counted: [string, number][] = [];
  let length = 0;
  for (const character of run) {
    const last = counted.at(-1);
    if (last?.[0] === character) last[1]++;
    else if (counted.length < MAX_NAMED) counted.push([character, 1]);
    else break;
    length++;
  }
  const more = Array.from(run).length - length;
  return counted.map(([character, count]) => codeOf(character) + (count > 1 ? ` ×${count}` : "")).join(" ") + (more > 0 ? andMore(more) : "");
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Letters that look like a Latin one, and Latin letters that look like one of theirs. All are of one UTF-16 unit. */
const foreign = "АВЕЗЅІЇЈКМНОРСТУХҮЁЬаеіїјкмнорстухѕԁԛԝһӏүёв" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳαγικνορυχϲ";
const latin = "ABEHIJKMNOPSTVXYZabcdehijkmnopqrstuvwxyÏïËë";
const word = /[\p{L}\p{M}]+/gu;
const mixable = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}]/u;
const always = /[\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}]/u;
const isLatin = /\p{Script=Latin}/u;

/** Where letters of the rarer script stand in words of two scripts, as far as they look like letters of the other one. */
function lookalikesIn(text: string): readonly number[] {
  if (!mixable.test(text) || !isLatin.test(text)) return [];
  const found: number[] = [];
  for (const { 0: letters, index } of text.matchAll(word)) {
    if (!mixable.test(letters) || !isLatin.test(letters)) continue;
    const units = Array.from(letters).filter((letter) => letter.length === 1);
    const foreigners = units.filter((letter) => mixable.test(letter)).length;
    const latins = units.filter((letter) => isLatin.test(letter)).length;
    const looksAlike = foreigners <= latins ? (letter: string) => foreign.includes(letter) || always.test(letter) : (letter: string) => latin.includes(letter);
    for (let at = 0; at < letters.length; at++) if (looksAlike(letters.charAt(at))) found.push(index + at);
  }
  return found;
}
