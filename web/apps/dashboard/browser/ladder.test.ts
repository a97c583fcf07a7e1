import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { FakeServer } from "../../../packages/client/test/fake-server.js";
import { launch, rowsIn, serveDashboard, until } from "./harness.js";

/** In milliseconds. An idle machine takes under five seconds; a busy one gets time, but less than the 20 s that a missing step would take. */
const STEP_LIMIT = 15_000;

let browser: Browser;
let server: FakeServer;
let page: Page;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  server = await serveDashboard();
  page = await (await browser.newContext()).newPage();
});
afterEach(async () => {
  await page.context().close();
  await server.stop();
});

const status = (value: string) => page.locator(`[data-testid=connection-status][data-status=${value}]`);

test("a decision by keyboard, and one that somebody else made first", async () => {
  await page.goto(`${server.url}/approvals/apr_0004`);
  await status("live").waitFor();
  await page.locator('[data-testid=approve-button]:not([aria-disabled="true"])').waitFor();

  await page.keyboard.press("a");
  await page.getByTestId("decision-toast").getByText("Approved by you").waitFor();
  await page.locator('[data-testid=approval-detail]:not([data-approval-id="apr_0004"])').waitFor();
  await page.getByLabel("A note to the agent").fill("My careful reasons");
  // Decided elsewhere; this page hears of it only by its own attempt.
  const release = server.holdEvents();
  const open = (await page.getByTestId("approval-detail").getAttribute("data-approval-id")) ?? "";
  server.resolve(open, "rejected");
  await page.getByTestId("reject-button").click();

  await page.getByTestId("resolution-card").and(page.locator("[data-overtaken=true]")).getByText("Rejected by Mara").waitFor();
  expect(await page.getByLabel("Your note (not sent)").inputValue()).toBe("My careful reasons");
  release();
});

test("WebSocket blocked: live and slow, and up again", async () => {
  server.blocked = new Set(["websocket"]);
  const began = Date.now();
  await page.goto(`${server.url}/approvals`);
  await status("degraded").waitFor();
  expect(Date.now() - began).toBeLessThan(STEP_LIMIT);
  expect(await page.getByTestId("connection-status").innerText()).toBe("Live (slow)");
  const before = await rowsIn(page);

  server.ask();
  await until(async () => (await rowsIn(page)) === before + 1);
  server.blocked = new Set();
  await page.getByTestId("connection-status").click();
  await page.getByText("Retry now").click();

  await status("live").waitFor();
});

test("sockets blocked: the same page over plain HTTP", async () => {
  server.blocked = new Set(["websocket", "polling"]);
  const began = Date.now();
  await page.goto(`${server.url}/approvals`);
  await status("rest").waitFor();
  expect(Date.now() - began).toBeLessThan(STEP_LIMIT);
  await page.getByTestId("approval-row").first().waitFor();
  const before = await rowsIn(page);

  server.ask();

  await until(async () => (await rowsIn(page)) === before + 1);
});

test("the server is gone: nothing for two seconds, then a word, then a banner with the data's age; rows stay", async () => {
  await page.goto(`${server.url}/approvals`);
  await status("live").waitFor();
  await page.getByTestId("approval-row").first().waitFor();
  const rows = await rowsIn(page);

  server.blocked = new Set(["websocket", "polling", "rest"]);
  server.dropAll();
  await status("reconnecting").waitFor();
  expect(await page.getByTestId("connection-status").innerText()).toBe("Live");
  await page.getByTestId("connection-status").getByText("Reconnecting…").waitFor();
  expect(await page.getByTestId("stale-banner").count()).toBe(0);
  await page.getByTestId("stale-banner").waitFor({ timeout: 20_000 });
  expect(await page.getByTestId("data-age").innerText()).toMatch(/^from 1\d s ago$/);
  expect(await rowsIn(page)).toBe(rows);
  for (let count = 0; count < 12; count += 1) server.ask();
  server.blocked = new Set();
  await page.getByTestId("stale-banner").getByText("Retry now").click();

  await status("live").waitFor({ timeout: 20_000 });
  await until(async () => (await rowsIn(page)) === rows + 12);
  await page.getByTestId("catch-up-summary").getByText("12 new requests").waitFor();
  expect(await page.getByTestId("stale-banner").count()).toBe(0);
}, 60_000);

test("a session that ends keeps what was typed, and goes on after signing in", async () => {
  await page.goto(`${server.url}/approvals/apr_0004`);
  await status("live").waitFor();
  await page.getByLabel("A note to the agent").fill("Half a sentence");

  server.tokens = new Set();
  server.signedIn = false;
  server.dropAll();
  await page.getByTestId("sign-in-banner").waitFor();
  expect(await page.getByTestId("approve-button").isDisabled()).toBe(true);
  server.signedIn = true;
  await page.getByText("I have signed in").click();

  await status("live").waitFor();
  expect(await page.getByLabel("A note to the agent").inputValue()).toBe("Half a sentence");
  expect(await page.getByTestId("approve-button").isDisabled()).toBe(false);
});
