import { describe, expect, test } from "vitest";
import { faultOf, isSame, misfitOf, typedNumber, withField } from "../src/approvals/field-values.js";
import { matchesPattern } from "../src/approvals/safe-pattern.js";
import type { Field } from "../src/approvals/schema-field.js";
import { planOf } from "../src/approvals/schema-plan.js";
import { readJson, writeJson, type Json } from "../src/shared/exact-json.js";

const object = (properties: object, more: object = {}) => ({ type: "object", properties, ...more });
const read = (text: string): Json => readJson(text, { exactNumbers: false });

function only(schema: object): Field {
  const plan = planOf(object({ x: schema }));
  if ("refusal" in plan) throw new Error(JSON.stringify(plan.refusal));
  const field = plan.group.properties[0]?.field;
  if (field === undefined) throw new Error("no field");
  return field;
}

describe("the form of a schema", () => {
  test("has a field for each property", () => {
    const schema = object(
      {
        to: { type: "string", title: "Recipient", description: "An address", minLength: 3, maxLength: 9, pattern: "^a" },
        amount: { type: "number", minimum: 0, exclusiveMaximum: 100 },
        count: { type: "integer" },
        urgent: { type: "boolean" },
        size: { enum: ["s", "m", 3, null] },
        fixed: { const: "x" },
        tags: { type: "array", items: { type: "string" }, minItems: 1, maxItems: 2 },
        address: { $ref: "#/$defs/address", description: "Where" },
      },
      { required: ["to"], additionalProperties: false, $defs: { address: object({ "a/b": { type: "string" } }) }, "x-order": 1 },
    );

    expect(planOf(schema)).toEqual({
      group: {
        kind: "group",
        properties: [
          { name: "to", required: true, field: { kind: "text", title: "Recipient", description: "An address", minLength: 3, maxLength: 9, pattern: "^a" } },
          { name: "amount", required: false, field: { kind: "number", integer: false, minimum: { value: 0, exclusive: false }, maximum: { value: 100, exclusive: true } } },
          { name: "count", required: false, field: { kind: "number", integer: true } },
          { name: "urgent", required: false, field: { kind: "choice", values: [true, false] } },
          { name: "size", required: false, field: { kind: "choice", values: ["s", "m", 3, null] } },
          { name: "fixed", required: false, field: { kind: "choice", values: ["x"] } },
          { name: "tags", required: false, field: { kind: "list", item: { kind: "text" }, minItems: 1, maxItems: 2 } },
          { name: "address", required: false, field: { kind: "group", description: "Where", properties: [{ name: "a/b", required: false, field: { kind: "text" } }] } },
        ],
      },
    });
  });

  test("limits of draft 4 are exclusive by a boolean", () => {
    expect(only({ type: "number", minimum: 1, exclusiveMinimum: true })).toEqual({ kind: "number", integer: false, minimum: { value: 1, exclusive: true } });
  });

  const nested = (levels: number): object => (levels === 0 ? { type: "string" } : object({ x: nested(levels - 1) }));

  test("objects are nested to depth 3", () => {
    expect(planOf(nested(4) as never)).toHaveProperty("group");
    expect(planOf(nested(5) as never)).toEqual({ refusal: { why: "depth", at: "/properties/x/properties/x/properties/x/properties/x" } });
  });

  test.each<[string, object, object]>([
    ["alternatives", object({ a: { oneOf: [{ type: "string" }] } }), { why: "keyword", name: "oneOf", at: "/properties/a" }],
    ["all of several", { allOf: [object({})] }, { why: "keyword", name: "allOf", at: "" }],
    ["names by a pattern", object({}, { patternProperties: {} }), { why: "keyword", name: "patternProperties", at: "" }],
    ["other properties of a type", object({}, { additionalProperties: { type: "string" } }), { why: "keyword", name: "additionalProperties", at: "" }],
    ["a reference elsewhere", object({ a: { $ref: "https://example.com/x.json" } }), { why: "keyword", name: "$ref", at: "/properties/a" }],
    ["a reference to an anchor", object({ a: { $ref: "#a" } }), { why: "keyword", name: "$ref", at: "/properties/a" }],
    ["a reference to what there is not", object({ a: { $ref: "#/$defs/constructor" } }), { why: "keyword", name: "$ref", at: "/properties/a" }],
    ["a reference to itself", { $ref: "#" }, { why: "keyword", name: "$ref", at: "" }],
    ["a list that has itself", object({ a: { $ref: "#/$defs/l" } }, { $defs: { l: { type: "array", items: { $ref: "#/$defs/l" } } } }), { why: "depth" }],
    ["a list of objects", object({ a: { type: "array", items: object({}) } }), { why: "keyword", name: "items", at: "/properties/a" }],
    ["a list of anything", object({ a: { type: "array" } }), { why: "type", at: "/properties/a/items" }],
    ["several types", object({ "a~/": { type: ["string", "null"] } }), { why: "type", at: "/properties/a~0~1" }],
    ["no type", object({ a: {} }), { why: "type", at: "/properties/a" }],
    ["true", object({ a: true }), { why: "type", at: "/properties/a" }],
    ["a choice of objects", object({ a: { enum: [{}] } }), { why: "keyword", name: "enum", at: "/properties/a" }],
    ["no object", { type: "string" }, { why: "type", at: "" }],
  ])("%s: there is none, and it says why", (_, schema, refusal) => {
    expect(planOf(schema as never)).toMatchObject({ refusal });
  });
});

describe("values", () => {
  const plan = planOf(object({ n: { type: "number" }, s: { type: "string" }, l: { type: "array", items: { type: "string" } }, o: object({ b: { type: "boolean" } }) }));
  const group = "group" in plan ? plan.group : undefined;

  test.each<[string, string | undefined]>([
    ['{"n":1.0,"s":"","l":["a"],"o":{"b":true},"more":[{}]}', undefined],
    ["{}", undefined],
    ['{"n":"no number yet"}', undefined],
    ['{"o":{"b":"neither"}}', undefined],
    ["[]", ""],
    ['{"n":true}', "/n"],
    ['{"s":1}', "/s"],
    ['{"s":null}', "/s"],
    ['{"l":"a"}', "/l"],
    ['{"l":["a",{}]}', "/l/1"],
    ['{"o":{"b":[]}}', "/o/b"],
  ])("%s fit, or the form says where not", (text, at) => {
    if (group === undefined) throw new Error("no form");
    expect(misfitOf(group, read(text))).toBe(at);
  });

  test.each<[object, string, object | undefined]>([
    [{ type: "string", minLength: 2 }, '"👩"', { fault: "minLength", limit: 2 }],
    [{ type: "string", maxLength: 1 }, '"👩"', undefined],
    [{ type: "string", maxLength: 1 }, '"ab"', { fault: "maxLength", limit: 1 }],
    [{ type: "string", pattern: "^[A-Z]{2}-\\d+$" }, '"EU-1"', undefined],
    [{ type: "string", pattern: "^[A-Z]{2}-\\d+$" }, '"EU1"', { fault: "pattern" }],
    [{ type: "number" }, '"12"', { fault: "number" }],
    [{ type: "number", minimum: 0 }, "-0.5", { fault: "minimum", limit: 0 }],
    [{ type: "number", minimum: 0 }, "0", undefined],
    [{ type: "number", exclusiveMinimum: 0 }, "0", { fault: "above", limit: 0 }],
    [{ type: "number", maximum: 10 }, "1e1", undefined],
    [{ type: "number", maximum: 10 }, "10.5", { fault: "maximum", limit: 10 }],
    [{ type: "number", exclusiveMaximum: 10 }, "10", { fault: "below", limit: 10 }],
    [{ type: "integer" }, "1.0", undefined],
    [{ type: "integer" }, "1.5", { fault: "integer" }],
    [{ enum: [1, "a"] }, "1.0", undefined],
    [{ enum: [1, "a"] }, '"1"', { fault: "choice" }],
    [{ type: "array", items: { type: "string" }, minItems: 1 }, "[]", { fault: "minItems", limit: 1 }],
    [{ type: "array", items: { type: "string" }, maxItems: 1 }, '["a","b"]', { fault: "maxItems", limit: 1 }],
  ])("%j and %s: what is wrong", (schema, value, fault) => {
    expect(faultOf(only(schema), read(value), true)).toEqual(fault);
  });

  test("what is left out is wrong when it is required", () => {
    expect(faultOf(only({ type: "string" }), undefined, true)).toEqual({ fault: "required" });
    expect(faultOf(only({ type: "string" }), undefined, false)).toBeUndefined();
  });

  test("a typed number keeps its digits; anything else is a text", () => {
    for (const text of ["1.0", "-0.50", "1E5", "9007199254740993"]) expect(writeJson(typedNumber(text))).toBe(text);
    for (const text of ["", "1,5", "01", "+1", "1.", "0x10", " 1"]) expect(typedNumber(text)).toBe(text);
    expect(isSame(1, typedNumber("1.00"))).toBe(true);
  });

  test("another value of a key leaves the others as they are written, in their order", () => {
    const value = read('{"a":1.0,"b":{"c":1E5},"d":9007199254740993}');
    if (!(value instanceof Map)) throw new Error("no object");
    expect(writeJson(withField(value as ReadonlyMap<string, Json>, "b", "x"))).toBe('{\n  "a": 1.0,\n  "b": "x",\n  "d": 9007199254740993\n}');
    expect(writeJson(withField(value as ReadonlyMap<string, Json>, "a", undefined))).toBe('{\n  "b": {\n    "c": 1E5\n  },\n  "d": 9007199254740993\n}');
  });
});

describe("patterns", () => {
  test.each(["(a+)+$", "(a|a)*b", "^(\\w+\\s?)*$", "(a|b|c|d|e)", "a?a?a?a?aaaa", ".*.*.*.*x", "(?=a)b", "(a)\\1", "\\pL+", "(?i)a", "["])("%s is left to the server", (pattern) => {
    expect(matchesPattern("a".repeat(30), pattern)).toBeUndefined();
  });

  test("so is a long text", () => {
    expect(matchesPattern("a".repeat(201), "^b")).toBeUndefined();
    expect(matchesPattern("a".repeat(200), "^b")).toBe(false);
  });

  test.each([
    ["^[a-z+*?|]+@example\\.com$", "ada@example.com", true],
    ["^(EU|US)-[0-9]{4}$", "EU-0042", true],
    ["^(?:EU|US)-[0-9]{4}$", "US-0042", true],
    ["^(EU|US)-[0-9]{4}$", "UK-0042", false],
  ])("%s and %s: %s", (pattern, text, matches) => {
    expect(matchesPattern(text, pattern)).toBe(matches);
  });
});
