import { expect, test } from "vitest";
import { declarations, itemsIn } from "../bundles/event-types.js";

const shipped = {
  type: "order:shipped",
  description: "A parcel left.\nNot */ here.",
  schema: {
    $id: "https://example.com/shipped",
    title: "Shipped order",
    type: "object",
    required: ["orderId", "address"],
    properties: { orderId: { type: "integer" }, carrier: { enum: ["dhl", "ups"] }, address: { $ref: "#/$defs/Address" } },
    additionalProperties: false,
    $defs: { Address: { type: "object", required: ["city"], properties: { city: { type: "string" } }, additionalProperties: false } },
  },
};

test("writes a namespace for each type and merges them into CustomEvents, in the order of the types", async () => {
  const text = await declarations([shipped, { type: "cart:checked-out", schema: { type: "array", items: { type: "string" } } }], "https://example.com");

  expect(text).toBe(`// Written by heliograph-types from https://example.com. Do not edit: run it again.
import "@heliograph/client";

declare module "@heliograph/client" {
  interface CustomEvents {
    "cart:checked-out": CartCheckedOut.Data;
    /** A parcel left. Not *\\/ here. */
    "order:shipped": OrderShipped.Data;
  }
}

export namespace CartCheckedOut {
  export type Data = string[]
}

export namespace OrderShipped {
  export interface Data {
  orderId: number
  carrier?: ("dhl" | "ups")
  address: Address
  }
  export interface Address {
  city: string
  }
}
`);
});

test("types whose names would be the same have numbers", async () => {
  const text = await declarations([{ type: "cart:item.added", schema: true }, { type: "cart:item-added", schema: false }], "https://example.com");

  expect(text).toContain('"cart:item-added": CartItemAdded.Data;');
  expect(text).toContain("export namespace CartItemAdded {\n  export type Data = never;\n}");
  expect(text).toContain('"cart:item.added": CartItemAdded_2.Data;');
  expect(text).toContain("export namespace CartItemAdded_2 {\n  export type Data = unknown;\n}");
});

test.each(["file:///etc/hostname", "/etc/hostname", "http://127.0.0.1:9/schema.json"])("a schema cannot make it read %s", async ($ref) => {
  await expect(declarations([{ type: "order:shipped", schema: { type: "object", properties: { address: { $ref } } } }], "https://example.com")).rejects.toThrow(
    "the schema of order:shipped cannot be written as TypeScript",
  );
});

test.each([
  ["nothing", undefined, "the answer has no list `data`"],
  ["a type that is none", { data: [{ type: "Order shipped", schema: {} }] }, "data[0].type is not the type of an event"],
  ["a schema that is none", { data: [{ type: "order:shipped", schema: "any" }] }, "data[0].schema is no JSON Schema"],
])("refuses an answer with %s", (_, page, message) => {
  expect(() => itemsIn(page)).toThrow(message);
});

test("reads a page of the list", () => {
  expect(itemsIn({ data: [{ ...shipped, updatedAt: "2026-01-01T00:00:00Z" }], nextCursor: "c2", asOf: "k1:1:x" })).toEqual({ items: [shipped], nextCursor: "c2" });
});
