import type { Approval } from "@heliograph/client";
import { describe, expect, test } from "vitest";
import { confirmWord, isWord } from "../src/approvals/confirm-word.js";
import { requestTexts } from "../src/approvals/request-texts.js";
import { overtakenText } from "../src/approvals/status-text.js";
import { shortcutOf } from "../src/shared/keyboard.js";
import { ada, decided, request } from "./console.js";

const pressed = (key: string, code: string, more: KeyboardEventInit = {}) => shortcutOf(new KeyboardEvent("keydown", { key, code, ...more }));

describe("shortcuts", () => {
  test.each([
    ["a", "KeyA", {}, "a"],
    ["A with Caps Lock", "KeyA", {}, "a"],
    ["a on AZERTY", "KeyQ", {}, "a"],
    ["j on Dvorak", "KeyC", {}, "j"],
    ["ф: Cyrillic", "KeyA", {}, "a"],
    ["К: Cyrillic with Caps Lock", "KeyR", {}, "r"],
    ["α: Greek", "KeyA", {}, "a"],
    ["ש: Hebrew", "KeyA", {}, "a"],
    ["/", "Slash", {}, "/"],
    ["/ on a German keyboard", "Digit7", { shiftKey: true }, "/"],
    ["?", "Slash", { shiftKey: true }, "?"],
  ])("%s", (typed, code, more, expected) => expect(pressed(typed[0] ?? "", code, more)).toBe(expected));

  test.each([
    ["A", "KeyA", { shiftKey: true }],
    ["a", "KeyA", { shiftKey: true }],
    ["Ф", "KeyA", { shiftKey: true }],
    ["a", "KeyA", { repeat: true }],
    ["ф", "KeyA", { repeat: true }],
    ["a", "KeyA", { ctrlKey: true }],
    ["a", "KeyA", { altKey: true }],
    ["a", "KeyA", { metaKey: true }],
    ["a", "KeyA", { isComposing: true }],
    ["ж", "Semicolon", {}],
  ])("%s (%s) with %o is none", (key, code, more) => expect(pressed(key, code, more)).toBeUndefined());

  test("an accented Latin letter is another letter than the one at its place", () => expect(pressed("é", "KeyA")).toBe("é"));
});

describe("the word that confirms a critical request", () => {
  const of = (title: string, name = "payments.refund"): Approval => request("apr_001", { title, action: { name, args: {}, digest: "d" } });

  test.each([
    ["Drop the unused index?", "x", "unused", "title"],
    ["Refund order 9?", "x", "Refund", "title"],
    ["Wipe 4f1d8a0c77b2", "x", "Wipe", "title"],
    ["Удалить таблицу", "sql.execute", "execute", "action"],
    // Cyrillic а within, a zero-width space within, a combining mark: a keyboard does not type the same.
    ["p\u0430yment to\u200Btal cafe\u0301", "bank.transfer", "transfer", "action"],
    ["支払い", "削除", "approve", "none"],
    [`${"x".repeat(40)} ok`, "go", "approve", "none"],
  ])("of %s is a whole word of plain letters", (title, name, word, source) => {
    expect(confirmWord(of(title, name), "approve")).toEqual({ word, source });
  });

  test("counts in upper and lower case, whole", () => {
    const word = confirmWord(of("Refund order 9?"), "approve");
    expect([" refund ", "REFUND", "Refund"].map((text) => isWord(text, word))).toEqual([true, true, true]);
    expect(["", "refun", "refunds"].map((text) => isWord(text, word))).toEqual([false, false, false]);
  });
});

describe("why a decision does not count", () => {
  const mara = { id: "mem_mara", name: "Mara" };

  test.each([
    ["approved by another", decided(request("apr_001"), mara), "Mara decided first. Your decision wasn't recorded."],
    ["decided in another window", decided(request("apr_001"), ada.member), "You decided first, in another window. This decision wasn't recorded."],
    ["cancelled", { ...decided(request("apr_001"), mara), status: "cancelled" as const }, "Mara cancelled the request first. Your decision wasn't recorded."],
    ["expired", request("apr_001", { status: "expired" }), "The deadline passed first. Your decision wasn't recorded."],
  ])("%s", (_, approval, text) => expect(overtakenText(approval, "mem_ada", requestTexts.en)).toBe(text));
});
