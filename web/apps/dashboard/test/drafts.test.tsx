import { fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { draftKey, readDraft, writeDraft } from "../src/approvals/use-draft.js";
import { ada, Console, note, openId, press, ready, request, waitUntil } from "./console.js";

const empty = { note: "", edited: null };
const text = (value: string) => ({ note: value, edited: null });
const stored = () => Object.keys(sessionStorage).filter((key) => key.startsWith("heliograph:draft:"));

beforeEach(() => sessionStorage.clear());
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function two(): Promise<Console> {
  const console = new Console([request("apr_001"), request("apr_002")]);
  await console.open("/approvals/apr_001");
  return console;
}

const type = (value: string) => fireEvent.change(note(), { target: { value } });
const args = () => screen.findByLabelText<HTMLTextAreaElement>("Arguments to approve instead");

test("notes and edited arguments stay with their request over j and k", async () => {
  await two();
  type("first");
  press("e");
  fireEvent.change(await args(), { target: { value: '{"order": 1}' } });

  fireEvent.keyDown(document.body, { key: "j" });
  await ready("apr_002");
  expect(note().value).toBe("");
  expect(screen.queryByLabelText("Arguments to approve instead")).toBeNull();
  type("second");
  fireEvent.keyDown(document.body, { key: "k" });
  await ready("apr_001");

  expect(note().value).toBe("first");
  expect((await args()).value).toBe('{"order": 1}');
});

test("they stay over a reload", async () => {
  const before = await two();
  type("half a sentence");
  before.leave();

  await two();

  expect(note().value).toBe("half a sentence");
});

test("they are removed when the decision is stored, not when it is refused", async () => {
  const console = await two();
  type("my reasons");
  console.carriers.answer("/v1/approvals/apr_001/decision", { code: "internal", status: 500, title: "no" }, 500);

  press("a");
  await screen.findByTestId("decision-failed");
  expect(stored()).toHaveLength(1);
  console.accept("apr_001", "approved", { reason: "my reasons" });
  press("a");
  await ready("apr_002");

  expect(stored()).toEqual([]);
});

test("what somebody else's decision leaves unsent stays readable, also after a reload, until it is discarded", async () => {
  const before = await two();
  type("my reasons");
  press("e");
  before.resolved("apr_001", "rejected");
  const left = await screen.findByLabelText<HTMLTextAreaElement>("Your note (not sent)");
  expect(left.value).toBe("my reasons");
  expect(left.readOnly).toBe(true);
  expect((await screen.findByLabelText<HTMLTextAreaElement>("Your arguments (not sent)")).value).toContain("apr_001");
  before.leave();

  const console = new Console([{ ...before.row("apr_001") }, request("apr_002")]);
  await console.open("/approvals/apr_001");
  expect((await screen.findByLabelText<HTMLTextAreaElement>("Your note (not sent)")).value).toBe("my reasons");
  fireEvent.click(screen.getByText("Discard what I typed"));

  expect(screen.queryByLabelText("Your note (not sent)")).toBeNull();
  expect(stored()).toEqual([]);
});

test("what was typed stays when the request expires", async () => {
  const console = await two();
  type("too late");

  console.expired("apr_001");

  expect((await screen.findByLabelText<HTMLTextAreaElement>("Your note (not sent)")).value).toBe("too late");
});

test("while somebody types, the field keeps the focus when another member decides: no letter becomes a shortcut", async () => {
  const console = await two();
  note().focus();
  const field = note();

  console.resolved("apr_001");
  await screen.findByTestId("resolution-card");
  expect(document.activeElement).toBe(field);
  press("j");
  await waitUntil(() => expect(openId()).toBe("apr_001"));

  expect(field.readOnly).toBe(true);
});

test("the same holds for the arguments, and their key does not discard them", async () => {
  const console = await two();
  fireEvent.keyDown(document.body, { key: "e" });
  fireEvent.keyDown(document.body, { key: "e" });
  fireEvent.change(await args(), { target: { value: "{}" } });
  const field = await args();
  field.focus();

  console.resolved("apr_001");
  await screen.findByTestId("resolution-card");
  press("j");
  await waitUntil(() => expect(openId()).toBe("apr_001"));

  expect(document.activeElement).toBe(field);
  expect(field.value).toBe("{}");
});

test("a note of which only the answer was lost is not called unsent", async () => {
  const console = await two();
  type("my reasons");

  console.resolved("apr_001", "approved", ada.member, { reason: "my reasons" });
  await screen.findByTestId("resolution-card");

  expect(screen.queryByLabelText("Your note (not sent)")).toBeNull();
});

test("drafts are kept by workspace, member and request", () => {
  writeDraft(draftKey(ada, "apr_1"), text("mine"));

  expect(readDraft(draftKey(ada, "apr_1"))).toEqual(text("mine"));
  expect(readDraft(draftKey(ada, "apr_2"))).toEqual(empty);
  expect(readDraft(draftKey({ ...ada, member: { ...ada.member, id: "mem_bo" } }, "apr_1"))).toEqual(empty);
  expect(readDraft(draftKey({ ...ada, workspace: { ...ada.workspace, id: "ws_2" } }, "apr_1"))).toEqual(empty);
});

test("the oldest drafts go beyond fifty", () => {
  vi.useFakeTimers();
  for (let count = 0; count < 53; count += 1) {
    vi.setSystemTime(1_000_000 + count);
    writeDraft(`heliograph:draft:${count}`, text(`note ${count}`));
  }

  expect(stored()).toHaveLength(50);
  expect([0, 2, 3, 52].map((count) => readDraft(`heliograph:draft:${count}`).note)).toEqual(["", "", "note 3", "note 52"]);
});

/** A storage with room for so many entries. */
function storageFor(limit: number): Storage {
  const entries = new Map<string, string>();
  return {
    get length() {
      return entries.size;
    },
    key: (index) => [...entries.keys()][index] ?? null,
    getItem: (key) => entries.get(key) ?? null,
    removeItem: (key) => void entries.delete(key),
    clear: () => entries.clear(),
    setItem: (key, value) => {
      if (!entries.has(key) && entries.size >= limit) throw new DOMException("full", "QuotaExceededError");
      entries.set(key, value);
    },
  };
}

test("a full storage loses the oldest draft first", () => {
  vi.useFakeTimers();
  vi.stubGlobal("sessionStorage", storageFor(2));
  ["1", "2", "3"].forEach((name, index) => {
    vi.setSystemTime(1_000_000 + index);
    writeDraft(`heliograph:draft:${name}`, text(name));
  });

  expect(["1", "2", "3"].map((name) => readDraft(`heliograph:draft:${name}`).note)).toEqual(["", "2", "3"]);
});

test("without a storage a draft is kept as long as the page", () => {
  vi.stubGlobal("sessionStorage", storageFor(0));

  writeDraft("heliograph:draft:x", text("kept"));
  expect(readDraft("heliograph:draft:x")).toEqual(text("kept"));
  writeDraft("heliograph:draft:x", empty);

  expect(readDraft("heliograph:draft:x")).toEqual(empty);
});
