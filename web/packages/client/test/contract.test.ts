import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { errorCodes, isKnown, isType } from "../src/index.js";
import { parseDelta, parseEvent } from "../src/events.js";
import { mismatch } from "../src/validation.js";
import { generate } from "../scripts/contract.mjs";

const read = (path: string) => readFileSync(new URL(`../../../../${path}`, import.meta.url), "utf8");

test("the generated contract is the one in docs/asyncapi.yaml", () => {
  const generated = generate(read("docs/asyncapi.yaml"));

  expect(read("web/packages/client/src/contract.ts"), "run npm run contract").toBe(generated);
});

test("the error codes are those of the catalogue in docs/PROTOCOL.md", () => {
  const rows = [...read("docs/PROTOCOL.md").matchAll(/^\| `([a-z_]+)` \| \d{3} \|/gm)].map((match) => match[1]);

  expect([...errorCodes].sort()).toEqual(rows.sort());
});

const envelope = {
  id: "evt_1",
  type: "approval:expired",
  offset: 7,
  at: "2026-01-01T00:00:00.000Z",
  actor: { type: "system" },
  subject: { type: "approval", id: "apr_1", version: 2 },
  data: {
    id: "apr_1",
    version: 2,
    expiresAt: "2026-01-01T00:00:00.000Z",
    expiredAt: "2026-01-01T00:00:00.100Z",
    agentId: "agt_1",
    counts: { pending: 0, critical: 0 },
  },
};

describe("an event from the wire", () => {
  test("of a known type has typed data and its place in the log", () => {
    const event = parseEvent(envelope, "k1:7:abcd");

    if (event === undefined || !isType(event, "approval:expired")) throw new Error("not recognised");
    expect(event.data.counts.pending).toBe(0);
    expect(event.position).toEqual({ epoch: "k1", offset: 7, cursor: "k1:7:abcd" });
  });

  test("with data that departs from the contract is not taken for known, and says where", () => {
    const event = parseEvent({ ...envelope, data: { ...envelope.data, counts: { pending: "none", critical: 0 } } }, "k1:7:abcd");

    expect(event).toMatchObject({ problem: "counts.pending: expected an integer" });
    expect(event !== undefined && isKnown(event)).toBe(false);
  });

  test.each([["nothing", undefined], ["a list", []], ["an envelope without offset", { ...envelope, offset: undefined }]])("is dropped when it is %s", (_, value) => {
    expect(parseEvent(value, "k1:7:abcd")).toBeUndefined();
  });

  test("of a type of your own needs no subject; one of the contract does", () => {
    const { subject: _, ...published } = { ...envelope, type: "order:shipped", topic: "orders/42", key: "42", data: { orderId: 42 } };
    const custom = parseEvent(published, "k1:7:abcd");
    const known = parseEvent({ ...envelope, subject: undefined }, "k1:7:abcd");

    expect(custom).toMatchObject({ type: "order:shipped", topic: "orders/42", key: "42", data: { orderId: 42 } });
    expect(custom !== undefined && isType(custom, "order:shipped")).toBe(true);
    expect(known).toMatchObject({ problem: "subject: expected an object" });
  });

  test("may have fields that nobody knows yet", () => {
    const event = parseEvent({ ...envelope, data: { ...envelope.data, colour: "red" } }, "k1:7:abcd");

    expect(event !== undefined && isKnown(event)).toBe(true);
  });
});

describe("shapes", () => {
  test("a null where an optional field has no null counts as absent", () => {
    const lease = { seconds: 60, expiresAt: null };

    expect(mismatch(lease, "#Lease")).toBeUndefined();
    expect(lease).toEqual({ seconds: 60 });
  });

  test("a null that means something stays", () => {
    const patch = { claim: null };

    expect(mismatch(patch, "#ApprovalPatch")).toBeUndefined();
    expect(patch).toEqual({ claim: null });
  });

  test("an enum that may grow takes any word, a closed one does not", () => {
    expect(mismatch({ type: "robot" }, "#Actor")).toBeUndefined();
    expect(mismatch("grave", "#Risk")).toBe("the value: expected one of low, medium, high, critical");
  });

  test("lists say which item is wrong", () => {
    expect(mismatch({ change: "read", ids: ["a", 5], unseen: 0, unread: 0 }, "#NotificationRead")).toBe("ids[1]: expected a string");
  });
});

test("a delta is told from anything else", () => {
  expect(parseDelta({ messageId: "msg_1", agentId: "agt_1", rev: 1, append: "Hel" })).toBeDefined();
  expect(parseDelta({ message: {} })).toBeUndefined();
  expect(parseDelta("text")).toBeUndefined();
});
