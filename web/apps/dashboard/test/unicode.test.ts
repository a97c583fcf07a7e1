import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSuspicious, markedText, piecesOf, type TextKind } from "../src/shared/unicode.js";

const kinds: readonly TextKind[] = ["prose", "line", "name", "value"];

describe("what would not be seen is marked", () => {
  test.each([
    ["a\u202Eb", "a[U+202E]b"],
    ["\u2066a\u2069", "[U+2066]a[U+2069]"],
    ["pay\u200Bpal", "pay[U+200B]pal"],
    ["a\u200B\u200B\u200Bb", "a[U+200B ×3]b"],
    ["x\u{E0041}\u{E0042}", "x[U+E0041 U+E0042]"],
    ["a\uFE0F", "a[U+FE0F]"],
    ["a\u{E0100}", "a[U+E0100]"],
    ["a\u0000\u0007\u001B\u007F\u0085", "a[U+0000 U+0007 U+001B U+007F U+0085]"],
    ["a\u00ADb\u034Fc\u115F\u3164\uFFA0\u2800", "a[U+00AD]b[U+034F]c[U+115F U+3164 U+FFA0 U+2800]"],
    ["\uFEFFa\u2060\u2028b", "[U+FEFF]a[U+2060 U+2028]b"],
    ["\uD800 \uE000", "[U+D800] [U+E000]"],
    ["a\u200Db", "a[U+200D]b"],
    ["\u{1F3F4}\u{E0061}\u{E0062}\u{E007F}", "\u{1F3F4}[U+E0061 U+E0062 U+E007F]"],
    ["a\rb", "a[U+000D]b"],
    ["\u0301a", "[U+0301]a"],
  ])("%j", (text, marked) => {
    for (const kind of kinds) expect(markedText(text, kind)).toBe(marked);
  });

  test("of many marks on one letter, those that reach into other lines", () => {
    expect(markedText(`a${"\u0301".repeat(8)}${"\u0302".repeat(5)}b`, "prose")).toBe(`a${"\u0301".repeat(8)}[U+0302 ×5]b`);
  });

  test("of many different characters, some and their number", () => {
    const text = Array.from({ length: 50 }, (_, index) => String.fromCodePoint(0xe0041 + index)).join("");
    expect(markedText(text, "line")).toBe("[U+E0041 U+E0042 U+E0043 U+E0044 U+E0045 U+E0046 U+E0047 U+E0048 and 42 more]");
  });

  test("line breaks in what is one line", () => {
    expect(markedText("a\nb\tc\r\nd", "line")).toBe("a[U+000A]b[U+0009]c[U+000D U+000A]d");
    expect(markedText("a\nb\tc\r\nd", "prose")).toBe("a\nb\tc\r\nd");
  });

  test("spaces at the ends of names and values, and spaces that are no spaces", () => {
    expect(markedText(" a b\u00A0c  ", "name")).toBe("[U+0020]a b[U+00A0]c[U+0020 ×2]");
    expect(markedText(" a ", "value")).toBe("[U+0020]a[U+0020]");
    expect(markedText(" a\u00A0b ", "line")).toBe(" a\u00A0b ");
  });
});

describe("letters of another script that look like those around them are marked", () => {
  test.each([
    ["p\u0430ypal", "p\u0430[U+0430]ypal"],
    ["\u0410dmin and \u0410", "\u0410[U+0410]dmin and \u0410"],
    ["\u0421\u0431\u0435\u0440\u0431a\u043D\u043A", "\u0421\u0431\u0435\u0440\u0431a[U+0061]\u043D\u043A"],
    ["r\u03BFot", "r\u03BF[U+03BF]ot"],
  ])("%s", (text, marked) => expect(markedText(text, "name")).toBe(marked));
});

test.each([
  "Refund order 9? 42.00 €, “quoted” – naïve café, straße",
  "👍 ❤️ ☎️ 👨‍👩‍👧‍👦 🏳️‍🌈 👋🏽 🏃🏽‍♀️‍➡️ 🇩🇪 1️⃣ #️⃣ ❤️‍🔥 🏴󠁧󠁢󠁥󠁮󠁧󠁿 👁️‍🗨️",
  "مرحبا بالعالم، کتاب‌ها می‌خواهم",
  "שָׁלוֹם עוֹלָם",
  "e\u0301 a\u0308 o\u0323\u0302 ά",
  "क्‍ष नमस्ते சரி",
  "Привет, мир. USB-кабель",
  "Ελλάδα 5 μm, Δt, 3 kΩ",
  "日本語テキスト 한국어 ไทย",
])("ordinary text is unmarked: %s", (text) => {
  for (const kind of kinds) expect(piecesOf(text, kind)).toEqual([{ kind: "plain", text }]);
});

/** Written apart from the code that is tested: nothing of it is drawn, or it moves what is drawn. */
// eslint-disable-next-line no-misleading-character-class
const unseen = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u2028-\u202E\u2060-\u206F\u2800\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\u{1BCA0}-\u{1BCA3}\u{1D173}-\u{1D17A}\u{E0000}-\u{E0FFF}]/u;
const emojiSequence = /\p{Extended_Pictographic}[\uFE0E\uFE0F\p{Emoji_Modifier}]?(?:\u200D\p{Extended_Pictographic}[\uFE0E\uFE0F\p{Emoji_Modifier}]?)*|[0-9#*]\uFE0F\u20E3/gu;

const anyText = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0x10ffff }),
      fc.integer({ min: 0, max: 0x2ff }),
      fc.constantFrom(0x202e, 0x2066, 0x200b, 0x200d, 0x200c, 0xfe0f, 0xe0041, 0xe007f, 0x1f3f4, 0x1f468, 0x2764, 0x301, 0x430, 0x61, 0x20, 0xa0, 0xa, 0xd, 0x9, 0xd800, 0x627),
    ),
    { maxLength: 40 },
  )
  .map((codes) => String.fromCodePoint(...codes));

test("a joiner between letters of two scripts is marked", () => {
  expect(piecesOf("\u0627\u200D\u1CD0", "prose")).toEqual([
    { kind: "plain", text: "\u0627" },
    { kind: "hidden", text: "\u200D", mark: "U+200D" },
    { kind: "plain", text: "\u1CD0" },
  ]);
});

test("whatever the text is, nothing unseen is outside of marks, and the pieces are the text", () => {
  fc.assert(
    fc.property(anyText, fc.constantFrom(...kinds), (text, kind) => {
      const pieces = piecesOf(text, kind);
      expect(pieces.map((piece) => piece.text).join("")).toBe(text);
      const shown = pieces
        .filter((piece) => piece.kind !== "hidden")
        .map((piece) => piece.text)
        .join("\u0001")
        .split("\u0001");
      for (const part of shown) {
        const seen = part.replace(/\r\n|[\n\t]/g, kind === "prose" || kind === "value" ? "" : "$&").replace(emojiSequence, "").replace(/(?<=\p{Script_Extensions=Arabic})[\u200C\u200D](?=\p{Script_Extensions=Arabic})/gu, "");
        expect(unseen.test(seen)).toBe(false);
      }
      expect(unseen.test(pieces.map((piece) => (piece.kind === "plain" ? "" : piece.mark)).join(""))).toBe(false);
      expect(isSuspicious(text, kind)).toBe(pieces.some((piece) => piece.kind !== "plain"));
    }),
    { numRuns: 3_000 },
  );
});

test("a long text with a mark at every second place has few pieces", () => {
  const text = "a\u200B".repeat(30_000);
  const pieces = piecesOf(text, "prose");
  expect(pieces.length).toBeLessThanOrEqual(1_000);
  expect(pieces.map((piece) => piece.text).join("")).toBe(text);
});
