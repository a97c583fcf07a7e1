import { act, fireEvent, screen, within } from "@testing-library/react";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { matching, type PaletteItem } from "../src/palette/palette-items.js";
import { preloadTexts } from "../src/shared/language.js";
import { LanguageProvider } from "../src/shared/language-provider.js";
import { agent } from "./stage.js";
import { Console, note, openId, press, ready, request, waitUntil } from "./console.js";
import { German, leftovers, words } from "./german.js";

import.meta.glob("../src/**/{texts,*-texts}.ts", { eager: true });

beforeAll(() => preloadTexts("de"));
beforeEach(() => localStorage.clear());

const ctrlK = () => press("k", { ctrlKey: true, code: "KeyK" });
const input = () => screen.getByRole<HTMLInputElement>("combobox", { name: /^(Go to or do|Gehe zu oder tue)$/ });
const options = () => screen.queryAllByRole("option").map((option) => option.textContent);
const chosen = () => screen.getByRole("option", { selected: true });
const type = (text: string) => fireEvent.change(input(), { target: { value: text } });

async function openPalette(): Promise<void> {
  ctrlK();
  await waitUntil(() => expect(document.activeElement).toBe(input()));
}

async function desk(path = "/approvals"): Promise<Console> {
  const console = new Console([request("apr_001", { title: "Refund Zoë" }), request("apr_002", { title: "Delete\u202Ethe file" })]);
  console.carriers.answer("/v1/agents", { data: [agent({ name: "Crème desk" })], asOf: "k1:5:x", counts: { working: 1 } });
  await console.open(path);
  return console;
}

test("Ctrl+K lists screens, sections of the settings, actions, agents and pending requests", async () => {
  await desk();

  await openPalette();

  await waitUntil(() => expect(options()).toContain("Crème desk"));
  for (const option of ["Overview", "Approvals", "Agents", "Members", "Appearance", "Show the keyboard shortcuts", "Language: Deutsch", "Appearance: Dark", "Sign out", "Refund Zoë"]) expect(options()).toContain(option);
  // Ada is an operator.
  expect(options()).not.toContain("API keys");
  expect(options()).not.toContain("Activity");
  expect(screen.getByRole("group", { name: "Pending requests" })).toBeDefined();
});

test("text of agents is marked", async () => {
  await desk();
  await openPalette();

  type("delete");

  const option = await screen.findByRole("option", { name: /Delete/ });
  expect(within(option).getByText("U+202E")).toBeDefined();
});

test("typing and Enter open an agent, a request or a search; the focus goes to the page", async () => {
  const console = await desk();
  console.carriers.answer("/v1/agents/agt_1/messages", { data: [], asOf: "k1:5:x" });
  await openPalette();
  type("creme");
  await waitUntil(() => expect(chosen().textContent).toBe("Crème desk"));
  press("Enter");
  expect(location.pathname).toBe("/agents/agt_1");
  expect(screen.queryByTestId("palette")).toBeNull();
  expect(document.activeElement?.id).toBe("main");

  await openPalette();
  type("zoe");
  press("Enter");
  await ready("apr_001");

  await openPalette();
  type("zoe tax");
  expect(options()).toEqual(["Search all requests for “zoe tax”"]);
  press("Enter");
  expect(location.pathname + location.search).toBe("/approvals?tab=all&q=zoe+tax");
});

test("the arrow keys go around, and the field names the chosen option", async () => {
  await desk();
  await openPalette();
  type("appearance:");
  const names = ["Appearance", "Appearance: System", "Appearance: Dark"];
  await waitUntil(() => expect(options().slice(0, 3)).toEqual(names));
  const all = options();

  const seen = all.map(() => (press("ArrowDown"), chosen().textContent));

  expect(seen).toEqual([...all.slice(1), all[0]]);
  press("ArrowUp");
  expect(chosen().textContent).toBe(all.at(-1));
  expect(input().getAttribute("aria-activedescendant")).toBe(chosen().id);
});

test("actions change the language, show the shortcuts, and Escape or Ctrl+K only close", async () => {
  const console = new Console([]);
  await console.open("/approvals", LanguageProvider);
  await openPalette();
  press("Escape");
  expect(screen.queryByTestId("palette")).toBeNull();
  await openPalette();
  ctrlK();
  expect(screen.queryByTestId("palette")).toBeNull();

  await openPalette();
  type("shortcuts show");
  press("Enter");
  await screen.findByText("Go to a screen, agent or request, or do something by its name");
  expect(ctrlK()).toBe(true);
  expect(screen.queryByTestId("palette")).toBeNull();
  press("Escape");
  await waitUntil(() => expect(screen.queryByRole("dialog")).toBeNull());

  await openPalette();
  type("deutsch");
  press("Enter");
  await waitUntil(() => expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Freigaben"));
});

test("signing out leaves to the sign-in page", async () => {
  await desk();
  const assign = vi.spyOn(location, "assign").mockImplementation(() => undefined);
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(null, { status: 204 })));
  await openPalette();

  type("sign out");
  press("Enter");

  await waitUntil(() => expect(assign).toHaveBeenCalledWith("/sign-in"));
  vi.unstubAllGlobals();
});

test("keys for the palette decide nothing, also in the moment after Ctrl+K", async () => {
  const console = await desk("/approvals/apr_001");
  await ready("apr_001");

  ctrlK();
  press("a");
  await waitUntil(() => expect(document.activeElement).toBe(input()));
  press("a");
  press("j");

  expect(console.sent).toEqual([]);
  expect(openId()).toBe("apr_001");
});

test("it opens from a text field, and does nothing while an input method composes or with other modifier keys", async () => {
  await desk("/approvals/apr_001");
  act(() => note().focus());

  press("k", { ctrlKey: true, isComposing: true });
  press("k", { ctrlKey: true, shiftKey: true });
  press("k", { ctrlKey: true, altKey: true });
  press("k", { ctrlKey: true, repeat: true });
  press("k", { metaKey: true });
  expect(screen.queryByTestId("palette")).toBeNull();

  await openPalette();
  type("agents");
  press("Enter", { isComposing: true });
  press("Enter", { repeat: true });
  expect(screen.getByTestId("palette")).toBeDefined();
  press("Escape");
  expect(document.activeElement).toBe(note());
});

test("it opens by ⌘K on a computer of Apple, and by the key's place in other scripts", async () => {
  await desk();
  press("л", { ctrlKey: true, code: "KeyK" });
  await screen.findByTestId("palette");
  press("Escape");
  vi.spyOn(navigator, "userAgent", "get").mockReturnValue("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)");

  ctrlK();
  expect(screen.queryByTestId("palette")).toBeNull();
  press("k", { metaKey: true });
  await screen.findByTestId("palette");
  vi.restoreAllMocks();
});

test("what has no name in it says so, and a long list is cut", async () => {
  const rows = Array.from({ length: 80 }, (_, index) => request(`apr_${String(index).padStart(3, "0")}`));
  await new Console(rows).open("/approvals");
  await openPalette();

  type("refund order");
  await waitUntil(() => expect(options()).toHaveLength(50));
  expect(screen.getByText("The first 50 are shown. Type more to find others.")).toBeDefined();
  expect(screen.getByText("81 results")).toBeDefined();

  type("?!");
  await waitUntil(() => expect(screen.queryByText("Nothing has this name")).toBeNull());
});

test("in German", async () => {
  const console = new Console([request("apr_001", { title: "Bestellung erstatten?" })]);
  console.carriers.answer("/v1/agents", { data: [agent({ name: "Kasse" })], asOf: "k1:5:x", counts: { working: 1 } });
  await console.open("/approvals", German);

  await openPalette();

  for (const word of ["Übersicht", "Tastenkürzel anzeigen", "Sprache – English", "Abmelden", "Offene Anfragen"]) expect(words()).toContain(word);
  expect(input().placeholder).toBe("Seite, Aktion, Agent oder Anfrage");
  expect(leftovers()).toEqual([]);
});

test("each typed word begins a word of the name, without case and accents", () => {
  const item = (label: string, more: Partial<PaletteItem> = {}): PaletteItem => ({ id: label, group: "agents", label, run: () => undefined, ...more });
  const items = [item("Crème desk"), item("Desk two", { group: "screens" }), item("Zahlung Österreich"), item("Search", { always: true })];
  const found = (typed: string) => matching(items, typed).map(({ label }) => label);

  expect(found("")).toEqual(["Desk two", "Crème desk", "Zahlung Österreich", "Search"]);
  expect(found("DESK cre")).toEqual(["Crème desk", "Search"]);
  expect(found("osterr")).toEqual(["Zahlung Österreich", "Search"]);
  expect(found("esk")).toEqual(["Search"]);
});
