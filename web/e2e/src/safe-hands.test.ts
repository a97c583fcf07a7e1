import type { BrowserContext, Locator, Page } from "playwright-core";
import { afterEach, beforeAll, expect, test } from "vitest";
import { Api, type Approval } from "./api.js";
import { signIn } from "./browser.js";
import { useStage } from "./stage.js";

const stage = useStage();
let owner: Api;

beforeAll(async () => {
  owner = new Api(stage.server.url, await stage.server.token("acme", "olga", "owner", "4h"));
});
afterEach(async () => {
  const { data } = await stage.reader.ok<{ data: Approval[] }>("GET", "/v1/approvals?status=pending&limit=200");
  for (const { id } of data) await stage.writer.ok("POST", `/v1/approvals/${id}/cancel`, {});
});

/** Requests that are listed in this order. */
async function requests(count: number, fields: Record<string, unknown> = {}): Promise<Approval[]> {
  const made: Approval[] = [];
  for (let index = 0; index < count; index += 1) {
    made.push(await stage.writer.createApproval({ title: `Refund order ${index}?`, risk: "low", expiresIn: 3600 + index * 60, ...(index === 0 ? fields : {}) }));
  }
  return made;
}

/** The page of an operator, on a request that can be decided. */
async function open(approval: Approval | undefined, handle = "bo", context: BrowserContext = stage.context): Promise<Page> {
  const members = await owner.ok<{ data: { id: string; handle: string }[] }>("GET", "/v1/members");
  const member = members.data.find((candidate) => candidate.handle === handle) ?? (await owner.ok<{ id: string }>("POST", "/v1/members", { handle, role: "operator" }));
  const page = await context.newPage();
  await signIn(page, (await owner.ok<{ url: string }>("POST", `/v1/members/${member.id}/sign-in-link`)).url);
  await page.goto(`${stage.server.url}/approvals/${approval?.id ?? ""}`);
  await ready(page, approval);
  return page;
}

const rowOf = (page: Page, approval: Approval | undefined): Locator => page.locator(`[data-testid=approval-row][data-approval-id="${approval?.id ?? ""}"]`);
const detailOf = (page: Page, approval: Approval | undefined): Locator => page.locator(`[data-testid=approval-detail][data-approval-id="${approval?.id ?? ""}"]`);
const approve = (page: Page): Locator => page.getByTestId("approve-button");
const dialog = (page: Page): Locator => page.getByRole("dialog", { name: "Approve a critical request?" });

async function ready(page: Page, approval: Approval | undefined): Promise<void> {
  await detailOf(page, approval).locator('[data-testid=approve-button]:not([aria-disabled="true"])').waitFor();
}

async function statuses(approvals: readonly Approval[]): Promise<string[]> {
  return Promise.all(approvals.map(async ({ id }) => (await stage.reader.ok<Approval>("GET", `/v1/approvals/${id}`)).status));
}

/** The id of the request whose row has the focus. */
const focused = (page: Page): Promise<string | null> => page.evaluate(() => document.activeElement?.getAttribute("data-approval-id") ?? null);

test("a decides, and selects, opens and focuses the next, which is in view", async () => {
  const all = await requests(20);
  const page = await open(all[0]);

  for (const at of [0, 1, 2]) {
    await page.keyboard.press("a");
    await ready(page, all[at + 1]);
    expect(await focused(page)).toBe(all[at + 1]?.id);
  }
  for (let at = 3; at < 19; at += 1) await page.keyboard.press("j");
  await ready(page, all[19]);

  expect(await statuses(all.slice(0, 5))).toEqual(["approved", "approved", "approved", "pending", "pending"]);
  const queue = await page.getByLabel("Pending requests").boundingBox();
  const row = await rowOf(page, all[19]).boundingBox();
  expect((row?.y ?? 0) + (row?.height ?? 0)).toBeLessThanOrEqual((queue?.y ?? 0) + (queue?.height ?? 0) + 1);
});

test.each(["a", "Enter", "Space"])("%s held on one request decides nothing more", async (key) => {
  const all = await requests(3);
  const page = await open(all[0]);
  if (key !== "a") await approve(page).focus();

  for (let count = 0; count < 5; count += 1) await page.keyboard.down(key);
  if (key === "Space") await page.keyboard.up(key); // a button is clicked when it goes up
  await ready(page, all[1]);
  for (let count = 0; count < 5; count += 1) await page.keyboard.down(key);
  await page.keyboard.up(key);
  await page.getByTestId("decision-toast").waitFor();

  expect(await statuses(all)).toEqual(["approved", "pending", "pending"]);
});

test("what is critical is approved by typing a word of it, and by nothing else", async () => {
  const all = await requests(2, { title: "Drop the ledger?", risk: "critical" });
  const page = await open(all[0]);

  for (let count = 0; count < 5; count += 1) await page.keyboard.down("a");
  await page.keyboard.up("a");
  await dialog(page).getByText("A word of the title").waitFor();
  expect(await dialog(page).getByRole("textbox").inputValue()).toBe("");
  for (let count = 0; count < 5; count += 1) await page.keyboard.down("Enter");
  await page.keyboard.up("Enter");
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  await approve(page).dblclick();
  await dialog(page).waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await approve(page).focus();
  for (let count = 0; count < 5; count += 1) await page.keyboard.down("Enter");
  await page.keyboard.up("Enter");
  await dialog(page).waitFor();
  expect(await statuses(all)).toEqual(["pending", "pending"]);
  await page.keyboard.type("LEDGER");
  await page.keyboard.press("Enter");
  await ready(page, all[1]);

  expect(await statuses(all)).toEqual(["approved", "pending"]);
});

test.each([
  [1440, 900],
  [390, 844],
])("the two steps of a critical approval are not in one place at %d × %d", async (width, height) => {
  const [critical] = await requests(1, { risk: "critical" });
  const page = await open(critical);
  await page.setViewportSize({ width, height });
  const first = await approve(page).boundingBox();
  await approve(page).click();
  const boxes = [await page.getByTestId("confirm-button").boundingBox(), await page.getByRole("button", { name: "Cancel" }).boundingBox()];

  for (const box of boxes) {
    if (first === null || box === null) throw new Error("a button is not shown");
    expect(box.y + box.height).toBeLessThan(first.y);
  }
});

test("a double click decides one request", async () => {
  const all = await requests(2);
  const page = await open(all[0]);

  await approve(page).dblclick();
  await ready(page, all[1]);

  expect(await statuses(all)).toEqual(["approved", "pending"]);
});

test.each([
  ["the inbox", (page: Page) => page.getByTestId("bell").click(), "dialog"],
  ["the account's menu", (page: Page) => page.getByLabel("Your account and settings").click(), "menu"],
  ["the connection's details", (page: Page) => page.getByTestId("connection-status").click(), "dialog"],
  ["the list of shortcuts", (page: Page) => page.keyboard.press("?"), "dialog"],
] as const)("with %s open the keys of the page do nothing", async (_, show, role) => {
  const all = await requests(2);
  const page = await open(all[0]);
  await show(page);
  await page.getByRole(role).waitFor();

  for (const key of ["a", "r", "e", "j"]) await page.keyboard.press(key);
  await page.keyboard.press("Escape");
  await page.getByRole(role).waitFor({ state: "detached" });

  expect(await detailOf(page, all[0]).getAttribute("data-status")).toBe("pending");
  expect(await page.getByText("Discard changes").count()).toBe(0);
  expect(await statuses(all)).toEqual(["pending", "pending"]);
});

test("keys act on what is open and focused only", async () => {
  const all = await requests(3);
  const page = await open(all[0]);

  await rowOf(page, all[2]).focus();
  await page.keyboard.press("a");
  await page.keyboard.press("r");
  expect(await detailOf(page, all[0]).count()).toBe(1);
  await page.keyboard.press("Enter");
  await ready(page, all[2]);
  await page.keyboard.press("r");
  await ready(page, all[1]);

  expect(await statuses(all)).toEqual(["pending", "pending", "rejected"]);
  expect(await focused(page)).toBe(all[1]?.id);
});

test("a Cyrillic layout and Caps Lock work, Shift does not", async () => {
  const all = await requests(3);
  const page = await open(all[0]);
  const type = (key: string, code: string, shiftKey = false) =>
    page.evaluate((init) => document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { ...init, bubbles: true, cancelable: true })), { key, code, shiftKey });

  await page.keyboard.press("Shift+A");
  await type("Ф", "KeyA", true);
  await type("ф", "KeyA");
  await ready(page, all[1]);
  await type("R", "KeyR");
  await ready(page, all[2]);

  expect(await statuses(all)).toEqual(["approved", "rejected", "pending"]);
});

test("what was typed is there after j and k, and after a reload", async () => {
  const all = await requests(2, { allow: { approve: true, edit: true, reject: true } });
  const page = await open(all[0]);
  await page.getByLabel("A note to the agent").fill("Half a sentence");
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Arguments to approve instead").fill('{"orderId": 9, "amount": 41}');

  await rowOf(page, all[0]).focus();
  await page.keyboard.press("j");
  await ready(page, all[1]);
  expect(await page.getByLabel("A note to the agent").inputValue()).toBe("");
  await page.keyboard.press("k");
  await ready(page, all[0]);
  expect(await page.getByLabel("A note to the agent").inputValue()).toBe("Half a sentence");
  await page.reload();
  await ready(page, all[0]);

  expect(await page.getByLabel("A note to the agent").inputValue()).toBe("Half a sentence");
  expect(await page.getByLabel("Arguments to approve instead").inputValue()).toBe('{"orderId": 9, "amount": 41}');
  await approve(page).click();
  await ready(page, all[1]);
  expect(await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.includes("draft")))).toEqual([]);
});

test("of two browsers the second hears who decided first, and keeps what was typed", async () => {
  const [approval] = await requests(1);
  const elsewhere = await stage.chromium.browser.newContext();
  const first = await open(approval, "cleo", elsewhere);
  const second = await open(approval);
  await second.getByLabel("A note to the agent").fill("My careful reasons");
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await second.route("**/decision", async (route) => {
    await held;
    await route.continue();
  });

  await second.getByTestId("reject-button").click();
  await first.keyboard.press("a");
  await first.getByTestId("resolution-card").getByText("Approved by you").waitFor();
  release();

  await second.getByText("cleo decided first. Your decision wasn't recorded.").first().waitFor();
  expect(await second.getByLabel("Your note (not sent)").inputValue()).toBe("My careful reasons");
  expect(await second.getByTestId("resolution-card").innerText()).toContain("Approved by cleo");
  await elsewhere.close();
});

test("new requests wait behind a pill and move no row, unless they expire within a minute", async () => {
  const all = await requests(2);
  const page = await open(all[0]);
  await rowOf(page, all[0]).hover();
  const before = await rowOf(page, all[0]).boundingBox();

  await stage.writer.createApproval({ risk: "critical", expiresIn: 600 });
  await stage.writer.createApproval({ risk: "low", expiresIn: 600 });
  await page.getByTestId("new-pill").getByText("2 new · 1 critical").waitFor();
  expect(await rowOf(page, all[0]).boundingBox()).toEqual(before);
  const urgent = await stage.writer.createApproval({ expiresIn: 50 });
  await rowOf(page, urgent).waitFor();
  expect(await page.getByTestId("approval-row").count()).toBe(3);
  await page.getByTestId("new-pill").click();

  await expect.poll(() => page.getByTestId("approval-row").count()).toBe(5);
});

test("an agent that does not exist is answered at once", async () => {
  const [approval] = await requests(1);
  const page = await open(approval);

  await page.goto(`${stage.server.url}/agents/agt_nope`);

  await page.getByText("Agent not found").waitFor();
});
