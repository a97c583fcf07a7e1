import type { Page } from "playwright-core";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { Api, type Approval } from "./api.js";
import { signIn } from "./browser.js";
import { useStage } from "./stage.js";

// Zoomed to 200 % on a small laptop, and a phone: nothing needs scrolling sideways, and the arguments are seen beside the decision.

const stage = useStage();
let owner: Api;
let page: Page;
let critical: Approval;

beforeAll(async () => {
  owner = new Api(stage.server.url, await stage.server.token("acme", "olga", "owner", "4h"));
  await owner.ok("POST", "/v1/members", { handle: "bo", role: "admin" });
  critical = await stage.writer.createApproval({ title: "Delete the backups?", risk: "critical", expiresIn: 3600, rejectOptions: ["Not today"], action: { name: "backups.delete", args: { host: "db1", paths: Array.from({ length: 40 }, (_, index) => `/var/backups/${index}`) } } });
  await stage.writer.ok("POST", `/v1/agents/${critical.agentId}/messages`, { kind: "text", text: "Reading the **plan**." });
});

beforeEach(async () => {
  page = await stage.context.newPage();
  const { data } = await owner.ok<{ data: { id: string; handle: string }[] }>("GET", "/v1/members");
  await signIn(page, (await owner.ok<{ url: string }>("POST", `/v1/members/${data.find(({ handle }) => handle === "bo")?.id ?? ""}/sign-in-link`)).url);
});

const sizes = [
  ["1280 × 720 at 200 %", 640, 360],
  ["a small phone", 320, 568],
  ["a small phone, lying", 568, 320],
] as const;

test.each(sizes)("%s: no screen is wider than the window", async (_, width, height) => {
  await page.setViewportSize({ width, height });
  const wide: string[] = [];
  for (const path of ["/", "/approvals", `/approvals/${critical.id}`, "/agents", `/agents/${critical.agentId}`, "/activity", ...["members", "api-keys", "sessions", "appearance", "shortcuts"].map((section) => `/settings/${section}`)]) {
    await page.goto(stage.server.url + path);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (over > 0) wide.push(`${path}: ${over} px`);
  }

  expect(wide).toEqual([]);
});

test.each(sizes)("%s: half of the height is for the request, and its arguments can be read beside the decision", async (_, width, height) => {
  await page.setViewportSize({ width, height });
  await page.goto(`${stage.server.url}/approvals/${critical.id}`);
  const approve = page.getByTestId("approve-button");
  await approve.waitFor();
  expect(await approve.getAttribute("aria-disabled")).toBe("true"); // the arguments were not on the screen

  // What of the window shows the request: its pane, without what lies on it.
  const share = await page.getByTestId("approval-detail").evaluate((article) => {
    const pane = article.parentElement?.getBoundingClientRect() ?? new DOMRect();
    const x = pane.left + pane.width / 2;
    const seen = Array.from({ length: window.innerHeight }, (_, y) => document.elementFromPoint(x, y)).filter((element) => element !== null && article.contains(element) && element.closest("footer") === null);
    return seen.length / window.innerHeight;
  });
  expect(share).toBeGreaterThan(0.4);

  await page.getByText("/var/backups/39").scrollIntoViewIfNeeded();
  await page.getByTestId("approval-detail").evaluate((article) => article.parentElement?.scrollTo(0, article.scrollHeight));
  await expect.poll(() => approve.getAttribute("aria-disabled")).toBeNull();
});

test("forced colours: what is chosen, focused and critical is told without colours of the page", async () => {
  await page.emulateMedia({ forcedColors: "active" });
  await page.goto(`${stage.server.url}/approvals/${critical.id}`);
  await page.getByTestId("approve-button").waitFor();
  const row = page.locator(`[data-testid=approval-row][data-approval-id="${critical.id}"]`);

  await row.focus();
  const outline = await row.evaluate((element) => getComputedStyle(element).outlineStyle);
  const borders = await page.getByTestId("approve-button").evaluate((element) => getComputedStyle(element).borderTopWidth);
  expect(outline).not.toBe("none");
  expect(Number.parseFloat(borders)).toBeGreaterThan(0);
  expect(await row.innerText()).toMatch(/critical/i);
});
