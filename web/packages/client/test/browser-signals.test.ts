// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest";
import { pageSignals, type BrowserSignal } from "../src/browser-signals.js";

let stop: (() => void) | undefined;
afterEach(() => stop?.());

function hear(): BrowserSignal[] {
  const heard: BrowserSignal[] = [];
  stop = pageSignals.listen((signal) => heard.push(signal));
  return heard;
}

const leave = (type: "pagehide" | "pageshow", persisted: boolean) => window.dispatchEvent(Object.assign(new Event(type), { persisted }));

test("a page that is left is hidden, whether it goes into the back/forward cache or ends", () => {
  const heard = hear();

  leave("pagehide", true);
  leave("pagehide", false);

  expect(heard).toEqual(["page_hidden", "page_hidden"]);
});

test("a page is shown again only when it comes from the back/forward cache", () => {
  const heard = hear();

  leave("pageshow", false);
  expect(heard).toEqual([]);
  leave("pageshow", true);

  expect(heard).toEqual(["page_shown"]);
});
