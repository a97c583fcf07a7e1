import { describe, expect, test } from "vitest";
import { countsText } from "../src/agents/agents-page.js";
import { agentsTexts } from "../src/agents/texts.js";
import { leftText } from "../src/approvals/countdown.js";
import { statusText } from "../src/approvals/status-text.js";
import { approvalsTexts } from "../src/approvals/texts.js";
import { settle } from "../src/approvals/use-settled-rows.js";
import { codeIn } from "../src/session/code-in.js";
import { formats } from "../src/shared/formats.js";
import { approval } from "./stage.js";

test("a held list keeps its order, shows what became of its rows, and leaves new ones out", () => {
  const gone = approval({ id: "apr_1", status: "approved", version: 2 });
  const rows = [approval({ id: "apr_3" }), approval({ id: "apr_2", version: 5 })];

  const shown = settle(["apr_1", "apr_2", "apr_9"], rows, (id) => (id === "apr_1" ? gone : undefined));

  expect(shown).toEqual([gone, rows[1]]);
});

describe("words", () => {
  test.each([
    [59_000, "0:59"],
    [65_000, "1:05"],
    [2_520_000, "42 min"],
    [10_800_000, "3 h"],
    [259_200_000, "3 d"],
  ])("%i ms is %s", (left, text) => expect(leftText(left, formats("en"))).toBe(text));

  test("who decided, and whether it was the reader", () => {
    const at = "2026-01-01T00:00:00.000Z";
    const by = { type: "member", id: "mem_1", name: "Mara" };
    const approved = approval({ status: "approved", resolution: { outcome: "approved", by, at } });
    expect(statusText(approved, approvalsTexts.en)).toBe("Approved by Mara");
    expect(statusText(approved, approvalsTexts.en, "mem_1")).toBe("Approved by you");
    expect(statusText(approval({ status: "rejected", resolution: { outcome: "responded", by, at } }), approvalsTexts.en)).toBe("Answered by Mara");
    expect(statusText(approval({ status: "expired" }), approvalsTexts.en)).toBe("Expired");
  });

  test("only the statuses that some agent has are counted", () => {
    expect(countsText({ working: 2, idle: 0, offline: 1 }, agentsTexts.en.counts)).toBe("2 working, 1 offline");
  });
});

test.each([
  ["http://localhost:8080/sign-in#code=abc-DEF_123", "abc-DEF_123"],
  ["#code=abc", "abc"],
  ["  abcdefgh  ", "abcdefgh"],
  ["hello", ""],
  ["", ""],
])("the code in %s is %s", (text, code) => expect(codeIn(text)).toBe(code));
