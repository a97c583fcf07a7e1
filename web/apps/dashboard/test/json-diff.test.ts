import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changesBetween, pathText } from "../src/approvals/json-diff.js";
import { readJson, writeJson, type Json } from "../src/shared/exact-json.js";

const read = (text: string): Json => readJson(text, { exactNumbers: false });
const changes = (before: string, after: string) =>
  changesBetween(read(before), read(after)).map(({ path, before: old, after: now }) => `${pathText(path)}: ${old === undefined ? "" : writeJson(old)} → ${now === undefined ? "" : writeJson(now)}`);

describe("changes between JSON values", () => {
  test.each<[string, string, string, readonly string[]]>([
    ["nothing", '{"a":1}', '{ "a" : 1 }', []],
    ["keys in another order", '{"a":1,"b":2}', '{"b":2,"a":1}', []],
    ["a number", '{"amount":42}', '{"amount":40}', ["amount: 42 → 40"]],
    ["the form of a number", '{"a":1.0}', '{"a":1}', ["a: 1.0 → 1"]],
    ["a number that a double does not keep", '{"a":9007199254740993}', '{"a":9007199254740992}', ["a: 9007199254740993 → 9007199254740992"]],
    ["a type", '{"a":1}', '{"a":"1"}', ['a: 1 → "1"']],
    ["what is deep", '{"a":{"b":[{"c":1},{"c":2}]}}', '{"a":{"b":[{"c":1},{"c":3}]}}', ["a.b[1].c: 2 → 3"]],
    ["a key that is added and one that is removed", '{"a":1,"b":2}', '{"b":2,"c":null}', ["a: 1 → ", "c:  → null"]],
    ["an item that is removed", '["x","y","z"]', '["y","z"]', ['[0]: "x" → ']],
    ["an item that is added", '{"to":["a"]}', '{"to":["a","b"]}', ['to[1]:  → "b"']],
    ["odd keys", '{"a b":1,"":2}', '{"a b":2,"":3}', ['["a b"]: 1 → 2', '[""]: 2 → 3']],
    ["a hidden character", '{"a":"x"}', '{"a":"x\\u202e"}', ['a: "x" → "x\\u202e"']],
    ["an object and a list", '{"a":{}}', '{"a":[]}', ["a: {} → []"]],
    ["the whole", "1", "2", [": 1 → 2"]],
  ])("%s", (_, before, after, expected) => {
    expect(changes(before, after)).toEqual(expected);
  });

  test("there are none between a value and itself, and some between values that differ", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), fc.json({ maxDepth: 3 }), (one, other) => {
        expect(changes(one, one)).toEqual([]);
        expect(changes(one, other).length > 0).toBe(sorted(JSON.parse(one)) !== sorted(JSON.parse(other)));
      }),
    );
  });
});

/** JSON with its keys in one order. */
function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${sorted(item)}`).sort().join()}}`;
}
