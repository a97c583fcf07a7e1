import { readFileSync } from "node:fs";
import { fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { preloadTexts } from "../src/shared/language.js";
import { FAVICON } from "../src/shell/page-icons.js";
import { Console, inMs, request, waitUntil } from "./console.js";
import { German } from "./german.js";

import.meta.glob("../src/**/{texts,*-texts}.ts", { eager: true });

beforeAll(() => preloadTexts("de"));

beforeEach(() => {
  document.head.innerHTML = '<link rel="icon" type="image/svg+xml" href="/favicon.svg"><title>Heliograph</title>';
});

afterEach(() => {
  Reflect.deleteProperty(navigator, "setAppBadge");
  Reflect.deleteProperty(navigator, "clearAppBadge");
});

const title = (text: string) => waitUntil(() => expect(document.title).toBe(text));
const icon = () => document.querySelector("link[rel=icon]")?.getAttribute("href") ?? "";
const claimed = (name: string, until: string) => ({ claim: { by: { type: "member", id: `mem_${name}`, name }, until } }) as const;

test("the title counts the pending requests and marks critical ones, with the screen's name", async () => {
  const console = new Console([request("apr_001"), request("apr_002")]);

  await console.open("/approvals");
  await title("(2) Approvals · Heliograph");

  console.created(request("apr_003", { risk: "critical" }));
  await title("(3!) Approvals · Heliograph");
  console.resolved("apr_003");
  await title("(2) Approvals · Heliograph");

  fireEvent.click(screen.getByRole("link", { name: "Agents" }));
  await title("(2) Agents · Heliograph");
  console.leave();
  expect(document.title).toBe("Heliograph");
});

test.each([
  ["/", "Overview · Heliograph"],
  ["/approvals?tab=all", "Approvals · Heliograph"],
  ["/agentsandmore", "Page not found · Heliograph"],
])("the title of %s", async (path, text) => {
  await new Console([]).open(path);

  await title(text);
});

test("the title in German", async () => {
  await new Console([request("apr_001")]).open("/approvals/apr_001", German);

  await title("(1) Freigaben · Heliograph");
});

test("the icon has a dot while a pending request is claimed by nobody", async () => {
  const console = new Console([request("apr_001", claimed("mara", inMs(600_000))), request("apr_002", claimed("ada", inMs(600_000)))]);
  await console.open("/approvals");
  await title("(2) Approvals · Heliograph");
  expect(icon()).toBe("/favicon.svg");

  console.created(request("apr_003"));
  await title("(3) Approvals · Heliograph");
  expect(icon()).toMatch(/^data:image\/svg\+xml,/);

  console.resolved("apr_003");
  await title("(2) Approvals · Heliograph");
  expect(icon()).toBe("/favicon.svg");
});

test("a claim that has ended counts as none, and the icon is restored when the page is left", async () => {
  const console = new Console([request("apr_001", claimed("mara", inMs(-1_000)))]);

  await console.open("/approvals");

  await waitUntil(() => expect(icon()).toMatch(/^data:image\/svg\+xml,/));
  console.leave();
  expect(icon()).toBe("/favicon.svg");
});

test("the dotted icon is the page's icon and a dot", () => {
  expect(readFileSync(`${import.meta.dirname}/../public/favicon.svg`, "utf8").trim()).toBe(FAVICON);
});

test("the app's badge has the number; a browser that refuses is no error", async () => {
  const set = vi.fn(() => Promise.reject(new DOMException("no", "NotAllowedError")));
  const clear = vi.fn(() => Promise.resolve());
  Object.defineProperty(navigator, "setAppBadge", { configurable: true, value: set });
  Object.defineProperty(navigator, "clearAppBadge", { configurable: true, value: clear });
  const console = new Console([request("apr_001")]);

  await console.open("/approvals");
  await waitUntil(() => expect(set).toHaveBeenLastCalledWith(1));
  console.resolved("apr_001");

  await title("Approvals · Heliograph");
  expect(clear).toHaveBeenCalled();
});
