import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Approval } from "./api.js";
import { signIn } from "./browser.js";
import { Heliograph } from "./heliograph.js";

const SCREENSHOTS = join(import.meta.dirname, "../screenshots");
const curl = async (...args: string[]): Promise<string> => (await promisify(execFile)("curl", ["-sS", ...args])).stdout;

let server: Heliograph;
let browser: Browser;
beforeAll(async () => {
  await mkdir(SCREENSHOTS, { recursive: true });
  server = await Heliograph.up();
  browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
});
afterAll(async () => {
  await browser.close();
  await server.remove();
});

test("the README's ten-minute path, as it is written there", async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  await signIn(page, server.signInLink);
  await page.getByTestId("connection-status").and(page.locator('[data-status="live"]')).waitFor();
  expect(page.url()).not.toContain("code=");
  await page.screenshot({ path: join(SCREENSHOTS, "1-empty.png") });

  const authorization = ["-H", `Authorization: Bearer ${server.apiKey}`];
  const created = JSON.parse(
    await curl(
      `${server.url}/v1/approvals`,
      ...authorization,
      "-H",
      `Idempotency-Key: ${crypto.randomUUID()}`,
      "-H",
      "Content-Type: application/json",
      "-d",
      '{"title":"Refund order 9?","action":{"name":"refund","args":{"orderId":9,"amount":42}},"risk":"high","expiresIn":600}',
    ),
  ) as Approval;
  expect(created.status).toBe("pending");
  const waiting = curl(`${server.url}/v1/approvals/${created.id}?wait=50`, ...authorization);

  const row = page.locator(`[data-testid="approval-row"][data-approval-id="${created.id}"]`);
  await row.waitFor(); // no reload: the page was open before the approval was there
  await page.getByTestId("bell-count").getByText("1").waitFor();
  await page.screenshot({ path: join(SCREENSHOTS, "2-pending.png") });
  await row.click();
  await page.getByTestId("approve-button").first().click();
  const decided = JSON.parse(await waiting) as Approval;

  expect(decided.status).toBe("approved");
  expect(decided.resolution?.outcome).toBe("approved");
  await row.and(page.locator('[data-status="pending"]')).waitFor({ state: "detached" });
  await page.screenshot({ path: join(SCREENSHOTS, "3-approved.png") });
  expect(problems).toEqual([]);

  // The link worked once; it does not work again.
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(server.signInLink);
  await stranger.getByRole("alert").waitFor();
  expect(await stranger.getByTestId("approval-queue").count()).toBe(0);
  await stranger.screenshot({ path: join(SCREENSHOTS, "4-used-link.png") });
});
