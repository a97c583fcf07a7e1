import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FakeServer } from "../../../packages/client/test/fake-server.js";
import { launch, serveDashboard } from "./harness.js";

let browser: Browser;
let server: FakeServer;
let page: Page;

beforeAll(async () => {
  browser = await launch();
  server = await serveDashboard();
  page = await (await browser.newContext()).newPage();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

test.each(["/approvals", "/approvals/apr_0004", "/agents", "/"])("%s is as high as the window: the page itself does not scroll", async (path) => {
  await page.goto(server.url + path);
  await page.locator("[data-testid=connection-status][data-status=live]").waitFor();

  const heights = await page.evaluate(() => ({ page: document.documentElement.scrollHeight, window: innerHeight }));

  expect(heights.page).toBe(heights.window);
});
