import type { Locator, Page } from "playwright-core";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { Api, type Approval } from "./api.js";
import { signIn } from "./browser.js";
import { useStage } from "./stage.js";

const stage = useStage();
let owner: Api;
let page: Page;
/** One of each kind, by the title of each. */
let made: Record<"pending" | "approved" | "rejected" | "cancelled" | "expired", Approval>;

beforeAll(async () => {
  owner = new Api(stage.server.url, await stage.server.token("acme", "olga", "owner", "4h"));
  const ask = (title: string, fields: Record<string, unknown> = {}) => stage.writer.createApproval({ title, risk: "low", expiresIn: 3600, ...fields });
  const expired = await ask("Runs out", { expiresIn: 10 });
  made = { expired, approved: await ask("Is approved", { tags: ["vip"] }), rejected: await ask("Is rejected", { risk: "high" }), cancelled: await ask("Is cancelled"), pending: await ask("Stays", { tags: ["vip"], action: { name: "mail.send", args: {} } }) };
  await stage.reader.decide(made.approved, "approved");
  await stage.reader.decide(made.rejected, "rejected");
  await stage.writer.ok("POST", `/v1/approvals/${made.cancelled.id}/cancel`, {});
  await vi.waitUntil(async () => (await stage.reader.ok<Approval>("GET", `/v1/approvals/${expired.id}`)).status === "expired", { timeout: 30_000, interval: 200 });
}, 90_000);

beforeEach(async () => {
  const members = await owner.ok<{ data: { id: string; handle: string }[] }>("GET", "/v1/members");
  const member = members.data.find(({ handle }) => handle === "bo") ?? (await owner.ok<{ id: string }>("POST", "/v1/members", { handle: "bo", role: "operator" }));
  page = await stage.context.newPage();
  await signIn(page, (await owner.ok<{ url: string }>("POST", `/v1/members/${member.id}/sign-in-link`)).url);
});

const open = (path: string) => page.goto(stage.server.url + path);
const tab = (name: string): Locator => page.getByTestId("tabs").locator(`[data-tab=${name}]`);
const chip = (kind: string): Locator => page.locator(`[data-filter=${kind}]`);
const titles = () => page.getByTestId("approval-row").evaluateAll((rows) => rows.map((row) => row.querySelector("bdi")?.textContent ?? ""));
const address = () => page.evaluate(() => location.pathname + location.search);
const shows = (...wanted: string[]) => expect.poll(titles).toEqual(wanted);

test("each tab has its requests and true counts, by its address as by a click", async () => {
  await open("/approvals");
  await shows("Stays");
  for (const [name, ...wanted] of [
    ["decided", "Is cancelled", "Is rejected", "Is approved"],
    ["expired", "Runs out"],
    ["all", "Stays", "Is cancelled", "Is rejected", "Is approved", "Runs out"],
    ["mine"],
  ] as const) {
    await tab(name).click();
    await shows(...wanted);
    await open(`/approvals?tab=${name}`);
    await page.getByTestId("tabs").waitFor();
    await shows(...wanted);
  }
  await expect.poll(() => page.getByTestId("tabs").innerText()).toBe(["Pending 1", "Mine", "Decided 3", "Expired 1", "All 5"].join("\n"));

  for (const name of ["expired", "decided"]) await tab(name).click();
  await page.goBack();
  await shows("Runs out");
  await page.goForward();

  await shows("Is cancelled", "Is rejected", "Is approved");
  expect(await page.getByTestId("approval-row").first().innerText()).toContain("Cancelled by writer");
});

test("a request stays open while the tab changes, and j opens the next of the new one", async () => {
  await open(`/approvals/${made.pending.id}`);
  await page.getByTestId("approve-button").waitFor();

  await tab("decided").click();
  await shows("Is cancelled", "Is rejected", "Is approved");
  expect(await page.getByTestId("approval-detail").getAttribute("data-approval-id")).toBe(made.pending.id);
  await page.keyboard.press("j");

  await page.locator(`[data-testid=approval-detail][data-approval-id="${made.cancelled.id}"]`).waitFor();
  expect(await address()).toBe(`/approvals/${made.cancelled.id}?tab=decided`);
});

test("a request that the member has open is theirs", async () => {
  await open(`/approvals/${made.pending.id}`);
  await page.getByTestId("approve-button").waitFor();
  await page.keyboard.press("c");

  await tab("mine").click();

  await shows("Stays");
});

test("filters are chosen from menus that count, are in the address, and are cleared", async () => {
  await open("/approvals?tab=all&colour=red&risk=extreme");
  await expect.poll(async () => (await titles()).length).toBe(5);

  await chip("tag").click();
  const item = page.getByRole("menuitemradio", { name: "vip" });
  expect(await item.innerText()).toContain("2");
  await item.press("Enter");
  await shows("Stays", "Is approved");
  await chip("action").click();
  await page.getByRole("menuitemradio", { name: "mail.send" }).click();
  await shows("Stays");
  expect(await address()).toBe("/approvals?tab=all&action=mail.send&tag=vip");
  await page.reload();
  await shows("Stays");
  await tab("expired").click();
  await page.getByText("No requests match the filters").waitFor();
  await page.getByRole("button", { name: "Clear filters" }).last().click();

  await shows("Runs out");
});

test("who decided, and when requests were made", async () => {
  await open("/approvals?tab=decided");
  await expect.poll(async () => (await titles()).length).toBe(3);

  await chip("by").click();
  await page.getByRole("menuitemradio", { name: "ada" }).click();
  await shows("Is rejected", "Is approved");
  await chip("time").click();
  await page.getByRole("button", { name: "Last hour" }).click();
  await shows("Is rejected", "Is approved");
  await chip("time").click();
  await page.getByLabel("To").fill("2020-01-01T00:00");
  await page.getByRole("button", { name: "Apply" }).click();

  await page.getByText("No requests match the filters").waitFor();
});

test("a menu is closed by Escape, and the keys of the page act again", async () => {
  await open(`/approvals/${made.pending.id}?tab=all`);
  await page.getByTestId("approve-button").waitFor();
  await chip("risk").click();
  await page.getByRole("menu").waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("Escape");
  await page.getByRole("menu").waitFor({ state: "detached" });
  expect(await page.getByTestId("approval-detail").getAttribute("data-approval-id")).toBe(made.pending.id);
  expect(await page.evaluate(() => document.activeElement?.getAttribute("data-filter"))).toBe("risk");

  await page.keyboard.press("j");

  await page.locator(`[data-testid=approval-detail][data-approval-id="${made.cancelled.id}"]`).waitFor();
});

test("several requests are decided together, and what is critical is not among them", async () => {
  const asked = await Promise.all(["First", "Second"].map((title) => stage.writer.createApproval({ title, risk: "low", expiresIn: 3600 })));
  const critical = await stage.writer.createApproval({ title: "Third", risk: "critical", expiresIn: 3600 });
  await open("/approvals");
  await page.getByRole("button", { name: "Select" }).click();
  await page.getByTestId("bulk-bar").waitFor();
  for (const { title } of asked) await page.getByRole("checkbox", { name: `Choose: ${title}` }).check();
  expect(await page.getByRole("checkbox", { name: "Critical, decided alone: Third" }).isDisabled()).toBe(true);

  await page.getByRole("button", { name: "Approve…" }).click();
  await page.getByRole("dialog", { name: "Approve 2 requests?" }).waitFor();
  const send = page.getByTestId("bulk-send");
  await expect.poll(() => send.getAttribute("aria-disabled")).toBeNull();
  await send.click();

  await page.getByTestId("bulk-bar").waitFor({ state: "detached" });
  const statusOf = async ({ id }: Approval) => (await stage.reader.ok<Approval>("GET", `/v1/approvals/${id}`)).status;
  expect(await Promise.all([...asked, critical].map(statusOf))).toEqual(["approved", "approved", "pending"]);
});
