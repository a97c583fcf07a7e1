import { describe, expect, test } from "vitest";
import { countOf, isClaimedBy, isFiltered, listFilter, noFilters, queryOf, searchOf, startOf, tabs, viewOf, type View } from "../src/approvals/view.js";
import { shortCount } from "../src/approvals/tabs.js";
import { formats } from "../src/shared/formats.js";
import { inMs, request } from "./console.js";

const plain: View = { tab: "pending", sort: "expiresAt", q: "", filters: noFilters };
const now = Date.parse("2026-11-30T10:20:30.000Z");

describe("the view in the address", () => {
  test("is the pending list without parameters", () => {
    expect(viewOf("")).toEqual(plain);
    expect(searchOf(plain)).toBe("");
  });

  test.each([
    "?tab=decided",
    "?tab=decided&q=refund+order",
    "?tab=mine&sort=-risk",
    "?q=gr%C3%B6%C3%9Fe",
    "?sort=-createdAt&risk=critical%2Clow&agentId=agt_1&action=payments.refund&tag=vip",
    "?tab=expired&period=week",
    "?tab=all&from=2026-11-01T00%3A00%3A00.000Z&to=2026-11-02T00%3A00%3A00.000Z",
    "?tab=decided&by=mem_1",
  ])("%s is read and written", (search) => {
    expect(searchOf(viewOf(search))).toBe(search);
  });

  test.each([
    ["a search without a word", "?q=%20-%20!"],
    ["unknown values", "?tab=nope&sort=title&risk=extreme&period=decade&colour=red"],
    ["empty values", "?tab=&sort=&risk=&agentId=&action=%20&tag=&from=&to=&by="],
    ["times that are none", "?from=yesterday&to=2026-13-45T00:00:00Z"],
    ["a range that ends before it begins", "?from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z"],
    ["who decided, where nothing is decided", "?by=mem_1"],
    ["a value that is too long", `?tag=${"x".repeat(301)}`],
    ["a broken encoding", "?tag=&%E0%A4%A=%"],
  ])("%s are ignored", (_, search) => {
    expect(viewOf(search)).toEqual(plain);
  });

  test("the known ones of several risks count", () => {
    expect(viewOf("?risk=low,nope,critical").filters.risk).toEqual(["critical", "low"]);
  });

  test("a period counts before a range", () => {
    expect(viewOf("?period=today&from=2026-11-01T00:00:00Z").filters).toEqual({ ...noFilters, period: "today" });
  });
});

test("what is searched for has no space around it, one between words, and ends at the server's limit", () => {
  expect(queryOf("  refund\t order ")).toBe("refund order");
  expect(queryOf("日本")).toBe("日本");
  expect(queryOf(" …! ")).toBe("");
  expect(queryOf("x".repeat(300))).toHaveLength(200);
});

describe("what is asked of the server", () => {
  test.each([
    ["pending", { status: "pending", sort: "-risk", q: "refund" }],
    ["decided", { status: ["approved", "rejected", "cancelled"], sort: "-createdAt", q: "refund" }],
    ["expired", { status: "expired", sort: "-createdAt", q: "refund" }],
    ["all", { sort: "-createdAt", q: "refund" }],
  ] as const)("%s with words", (tab, filter) => {
    expect(listFilter({ ...plain, tab, sort: "-risk", q: "refund" }, now)).toEqual(filter);
  });

  test.each([
    ["pending", { status: "pending", sort: "-risk" }],
    ["mine", { status: "pending", sort: "-risk" }],
    ["decided", { status: ["approved", "rejected", "cancelled"], sort: "-resolvedAt" }],
    ["expired", { status: "expired", sort: "-resolvedAt" }],
    ["all", { sort: "-createdAt" }],
  ] as const)("%s", (tab, filter) => {
    expect(listFilter({ ...plain, tab, sort: "-risk" }, now)).toEqual(filter);
  });

  test("has the filters, and nothing for those that are not set", () => {
    const filters = { risk: ["high"], agentId: "agt_1", action: "refund", tag: "vip", to: "2026-11-30T00:00:00Z", by: "mem_1" } as const;

    expect(listFilter({ ...plain, tab: "decided", filters }, now)).toEqual({ status: ["approved", "rejected", "cancelled"], sort: "-resolvedAt", ...filters });
    expect(Object.keys(listFilter(plain, now))).toEqual(["status", "sort"]);
  });

  test("a period begins so long before now, and has no end", () => {
    const from = (period: "hour" | "today" | "week") => listFilter({ ...plain, filters: { ...noFilters, period, to: "2020-01-01T00:00:00Z" } }, now);

    expect(from("hour")).toEqual({ status: "pending", sort: "expiresAt", from: "2026-11-30T09:20:30.000Z" });
    expect(from("week").from).toBe("2026-11-23T10:20:30.000Z");
    expect(from("today").from).toBe(new Date(startOf("today", now)).toISOString());
    expect([new Date(startOf("today", now)).getHours(), now - startOf("today", now) < 86_400_000]).toEqual([0, true]);
  });
});

test("filters are on when one of them is", () => {
  expect(isFiltered(noFilters)).toBe(false);
  for (const one of [{ risk: ["low"] }, { agentId: "a" }, { action: "a" }, { tag: "t" }, { period: "hour" }, { from: "f" }, { to: "t" }, { by: "b" }]) {
    expect(isFiltered({ ...noFilters, ...one } as View["filters"]), JSON.stringify(one)).toBe(true);
  }
});

test("the tabs' counts; what is mine is not counted", () => {
  const counts = { pending: 1, approved: 2, rejected: 4, expired: 8, cancelled: 16 };

  expect(tabs.map((tab) => countOf(tab, counts))).toEqual([1, undefined, 22, 8, 31]);
  expect([9_999, 12_345, 1_200_000].map((count) => shortCount(count, formats("en")))).toEqual(["9,999", "12.3K", "1.2M"]);
});

test("a claim is a member's until it ends", () => {
  const claimed = (until: string) => request("apr_001", { claim: { by: { type: "member", id: "mem_ada" }, until } });

  expect(isClaimedBy(claimed(inMs(1_000)), "mem_ada", Date.now())).toBe(true);
  expect(isClaimedBy(claimed(inMs(-1_000)), "mem_ada", Date.now())).toBe(false);
  expect(isClaimedBy(claimed(inMs(1_000)), "mem_bo", Date.now())).toBe(false);
  expect(isClaimedBy(request("apr_001"), "mem_ada", Date.now())).toBe(false);
});
