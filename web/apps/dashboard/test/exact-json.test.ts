import { JsonText } from "@heliograph/client";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editableArgs, editedArgs } from "../src/approvals/edited-args.js";
import { argsIn } from "../src/approvals/use-exact-args.js";
import { requestTexts } from "../src/approvals/request-texts.js";
import { readJson, writeJson } from "../src/shared/exact-json.js";
import { jsonTexts } from "../src/shared/json-texts.js";

const texts = { argsNull: requestTexts.en.argsNull, json: jsonTexts.en };
const exact = (text: string) => readJson(text, { exactNumbers: true });
const parsedOrNothing = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
const again = (text: string) => writeJson(readJson(text, { exactNumbers: false }));

describe("reading and writing", () => {
  test("numbers keep their form, keys their order", () => {
    expect(again('{"b":1.0,"10":1E5,"2":9007199254740993,"__proto__":-0.50}')).toBe('{\n  "b": 1.0,\n  "10": 1E5,\n  "2": 9007199254740993,\n  "__proto__": -0.50\n}');
  });

  test("any JSON is the same value afterwards", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(again(JSON.stringify(value)))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("what is not JSON is refused, and what is JSON is not", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), fc.string({ unit: fc.constantFrom(..."{ } [ ] : , \" \\ t f n u l 0 1 . e - + \n true null".split(" "), " ") })), (text) => {
        const value = parsedOrNothing(text);
        if (value === undefined) {
          expect(() => again(text)).toThrow(/^Line \d+: /);
          return;
        }
        try {
          expect(JSON.parse(again(text))).toEqual(value);
        } catch (error) {
          // The only JSON that is refused.
          expect(String(error)).toMatch(/is there twice/);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  test("characters that would not be seen are escaped, and the value stays", () => {
    const text = JSON.stringify({ "a\u202E": "x\u{E0041} é 👨‍👩‍👧 \uFEFF" });
    expect(again(text)).toBe('{\n  "a\\u202e": "x\\udb40\\udc41 é 👨‍👩‍👧 \\ufeff"\n}');
    expect(JSON.parse(again(text))).toEqual(JSON.parse(text));
  });
});

describe("what is refused names the line and the key", () => {
  test.each([
    ['{\n  "id": 9007199254740993\n}', 'Line 2: "id": the number 9007199254740993 would become 9007199254740992. Write it as text, in double quotes.'],
    ['{\n  "amount": 1e400\n}', 'Line 2: "amount": the number 1e400 is too large. Write it as text, in double quotes.'],
    ['{"a": [1,\n1e-400]}', 'Line 2: "a": the number 1e-400 would become 0. Write it as text, in double quotes.'],
    ["[-0]", "Line 1: the number -0 would become 0. Write it as text, in double quotes."],
    ['{"a": 1,\n"b": 2,\n"a": 1}', 'Line 3: the key "a" is there twice.'],
    ['{"a": 1,\n}', "Line 2: a key in double quotes is expected."],
    ['{"a" 1}', 'Line 1: a colon is expected after the key "a".'],
    ["[1 2]", "Line 1: a comma or ] is expected."],
    ["", "Line 1: a value is expected."],
    ["{} x", "Line 1: something follows the end of the JSON."],
    ["[".repeat(101) + "]".repeat(101), "Line 1: it is nested deeper than 100 levels."],
    ['["a\nb"]', "Line 1: this text has no end, or a character or escape that JSON does not have."],
  ])("%s", (text, problem) => expect(() => exact(text)).toThrow(problem));

  test.each(["9007199254740991", "9007199254740992", "1.0", "42.00", "1E5", "0.1", "295147905179352830000", "1.7976931348623157e308", "5e-324", "0.0", "1000e-3", "-12.50"])("%s is taken", (number) => {
    expect(() => exact(number)).not.toThrow();
  });
  test.each(["9007199254740993.0", "295147905179352825856", "4.9e-324", "0.1000000000000000055511151231257827", "-0.0", "-1e400"])("%s is not", (number) => {
    expect(() => exact(number)).toThrow(/number/);
  });
});

describe("the editor", () => {
  /** JSON in which numbers are written in ways that JSON.stringify would change. */
  const args = fc.letrec<{ value: string; object: string }>((tie) => ({
    value: fc.oneof({ depthSize: "small" }, fc.constantFrom("1.0", "1E5", "-0.50", "42", "null", "true", "100000000000000000000", "1e-7"), fc.string().map((text) => JSON.stringify(text)), fc.array(tie("value")).map((items) => `[${items.join()}]`), tie("object")),
    object: fc.uniqueArray(fc.tuple(fc.oneof(fc.string(), fc.nat(20).map(String)), tie("value")), { selector: ([key]) => key }).map((fields) => `{${fields.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`),
  })).object;

  test("what was not touched is not sent", () => {
    fc.assert(
      fc.property(args, (original) => {
        expect(editedArgs(editableArgs(original), original, texts)).toEqual({});
      }),
    );
  });

  test("a change sends the rest as it was, byte by byte", () => {
    fc.assert(
      fc.property(args, (rest) => {
        const original = `{"changed":1,"rest":${rest}}`;
        const edited = editedArgs(editableArgs(original).replace('"changed": 1', '"changed": 2'), original, texts);
        if ("fault" in edited || edited.args === undefined) throw new Error(JSON.stringify(edited));
        expect(edited.args).toBeInstanceOf(JsonText);
        expect(writeJson(readJson(edited.args.text, { exactNumbers: false }))).toBe(editableArgs(`{"changed":2,"rest":${rest}}`));
        // Nothing but white space and escapes differs, so every number is where it was, as it was.
        const numbers = (text: string) => text.replace(/"(?:[^"\\]|\\.)*"/g, '""').match(/-?\d[\d.eE+-]*/g) ?? [];
        expect(numbers(edited.args.text)).toEqual(numbers(`{"changed":2,"rest":${rest}}`));
      }),
    );
  });

  test("null and broken text are refused", () => {
    expect(editedArgs("null", "{}", texts)).toEqual({ fault: "Arguments cannot be null." });
    expect(editedArgs("{", "{}", texts)).toEqual({ fault: "Line 1: a key in double quotes is expected." });
  });

  test("the arguments of an approval are read from its JSON", () => {
    expect(argsIn('{"title":"a","action":{"name":"b","args":{"amount":1.0},"digest":"c"}}')).toBe('{\n  "amount": 1.0\n}');
    expect(argsIn('{"action":{"name":"b","truncated":true}}')).toBeUndefined();
  });
});
