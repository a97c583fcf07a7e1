import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { FakeServer } from "../../../packages/client/test/fake-server.js";
import { launch, rowsIn, serveDashboard, until } from "./harness.js";

const MANY = 10_000;
/** Of the whole page, with a request open. */
const MAX_NODES = 1_500;

let browser: Browser;
let server: FakeServer;
let page: Page;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  server = await serveDashboard();
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
});
afterEach(async () => {
  await page.context().close();
  await server.stop();
});

const nodes = () => page.evaluate(() => document.querySelectorAll("*").length);
const more = () => page.getByTestId("more");
const scroll = (top: number) => page.getByTestId("approval-queue").evaluate((list, to) => list.parentElement?.scrollTo(0, to), top);

test("10,000 rows are fetched by scrolling, with few of them in the page", async () => {
  for (let count = server.approvals.size; count < MANY; count += 1) server.ask({ title: `Restart worker ${count}`, expiresAt: new Date(Date.UTC(2040, 0, 1) + count * 1000).toISOString() });
  await page.goto(`${server.url}/approvals/apr_0001`);
  await page.getByTestId("approve-button").waitFor();
  await more().waitFor();
  let most = await nodes();

  await vi.waitFor(
    async () => {
      await scroll(10_000_000);
      most = Math.max(most, await nodes());
      expect(await more().count()).toBe(0);
    },
    { timeout: 100_000, interval: 20 },
  );
  await scroll(10_000_000);
  const last = page.locator('[data-testid=approval-row][data-approval-id="apr_10000"]');
  await last.waitFor();

  expect(most).toBeLessThan(MAX_NODES);
  expect(await last.locator("..").getAttribute("aria-posinset")).toBe(String(MANY));
  expect(await last.isVisible()).toBe(true);
  // The open row is far above, and still where Tab stops.
  expect(await page.locator("[data-testid=approval-row][tabindex='0']").getAttribute("data-approval-id")).toBe("apr_0001");
}, 120_000);

test("the last row is in view below the others when the list is scrolled by keys", async () => {
  for (let count = 0; count < 60; count += 1) server.ask({ title: `Restart worker ${count}`, expiresAt: new Date(Date.UTC(2040, 0, 1) + count * 1000).toISOString() });
  await page.goto(`${server.url}/approvals`);
  await page.getByTestId("approval-row").first().waitFor();

  await page.keyboard.press("k");

  await until(async () => (await page.evaluate(() => document.activeElement?.getAttribute("data-approval-id"))) === "apr_0064");
  const list = await page.getByTestId("approval-queue").evaluate((element) => element.parentElement?.getBoundingClientRect().bottom ?? 0);
  const row = await page.locator('[data-testid=approval-row][data-approval-id="apr_0064"]').boundingBox();
  expect((row?.y ?? 0) + (row?.height ?? 0)).toBeLessThanOrEqual(list + 1);
  expect(row?.y).toBeGreaterThan(0);
});

test("a part whose file is gone says so, and the rest of the page works", async () => {
  let gone = true;
  await page.route(/assets\/approval-detail-.*\.js/, (route) => (gone ? route.fulfill({ status: 404, body: "" }) : route.continue()));
  await page.goto(`${server.url}/approvals/apr_0004`);
  await page.getByText("The request could not be loaded").waitFor();
  const rows = await rowsIn(page);
  server.ask();
  await until(async () => (await rowsIn(page)) === rows + 1);

  gone = false;
  await page.getByText("Reload the page").click();

  await page.getByTestId("approve-button").waitFor();
});
