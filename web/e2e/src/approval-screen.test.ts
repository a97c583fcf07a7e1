import type { BrowserContext, Page } from "playwright-core";
import { afterEach, beforeAll, expect, test } from "vitest";
import { Api, type Approval } from "./api.js";
import { signIn } from "./browser.js";
import { useStage } from "./stage.js";

const stage = useStage();
const contexts: BrowserContext[] = [];
let owner: Api;
let key: string;

beforeAll(async () => {
  owner = new Api(stage.server.url, await stage.server.token("acme", "olga", "owner"));
  key = await stage.server.key("acme", "desk");
});
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
});

/** A create whose body is sent as it is written. */
async function create(body: string): Promise<Approval> {
  const response = await fetch(`${stage.server.url}/v1/approvals`, { method: "POST", headers: { authorization: `Bearer ${key}`, "content-type": "application/json" }, body });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Approval;
}

const textOf = async (id: string): Promise<string> => (await fetch(`${stage.server.url}/v1/approvals/${id}`, { headers: { authorization: `Bearer ${stage.token}` } })).text();

/** A request in a browser of its own, signed in as an operator. */
async function open({ id }: Approval, handle: string, options: { locale?: string; width?: number } = {}): Promise<Page> {
  const { data } = await owner.ok<{ data: { id: string; handle: string }[] }>("GET", "/v1/members");
  const member = data.find((candidate) => candidate.handle === handle) ?? (await owner.ok<{ id: string }>("POST", "/v1/members", { handle, role: "operator" }));
  const context = await stage.chromium.browser.newContext({ locale: options.locale ?? "en-US", viewport: { width: options.width ?? 1440, height: 900 } });
  contexts.push(context);
  const page = await context.newPage();
  const link = (await owner.ok<{ url: string }>("POST", `/v1/members/${member.id}/sign-in-link`)).url;
  if (options.locale === undefined) await signIn(page, link);
  else {
    await page.goto(link);
    await page.getByRole("button", { name: "Anmelden", exact: true }).click();
    await page.getByTestId("connection-status").waitFor();
  }
  await page.goto(`${stage.server.url}/approvals/${id}`);
  await page.locator('[data-testid=approve-button]:not([aria-disabled="true"])').waitFor();
  return page;
}

const properties = '"amount":{"type":"number","minimum":0,"maximum":100},"reason":{"enum":["late","broken"]},"tags":{"type":"array","items":{"type":"string"}}';
const payment = (more = "") =>
  `{"title":"Pay?","risk":"low","allow":{"approve":true,"edit":true,"respond":true,"reject":true},"argsSchema":{"type":"object","required":["amount"],"properties":{${properties}}},
    "action":{"name":"pay","args":{"id":9007199254740991,"amount":42.0,"rate":1.50,"reason":"late","tags":["a"]}${more}}}`;

test("an edit by the form shows what it changes, and is sent and stored as it is written", async () => {
  const approval = await create(payment());
  const page = await open(approval, "bo");
  await page.getByText("42.0", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  const form = page.getByTestId("args-form");

  await form.getByLabel("amount").fill("400");
  await form.getByText("At most 100").waitFor();
  await form.getByLabel("amount").fill("40.50");
  await form.getByLabel("reason").selectOption("broken");
  await form.getByRole("button", { name: "Add an item" }).click();
  await page.keyboard.type("b");

  await expect.poll(async () => (await page.getByTestId("edit-changes").locator("li").allInnerTexts()).map((text) => text.replace(/\s+/g, " "))).toEqual(["amount 42.0 → 40.50", 'reason "late" → "broken"', 'tags[1] added: "b"']);
  await page.getByRole("button", { name: "Approve with changes" }).click();
  await page.getByTestId("decision-toast").waitFor();
  expect(await textOf(approval.id)).toMatch(/"resolution":.*"args":\{"id":9007199254740991,"amount":40\.50,"rate":1\.50,"reason":"broken","tags":\["a","b"\]\}/);
});

test("what the server refuses of a form stays in it", async () => {
  const approval = await create(payment());
  const page = await open(approval, "bo");
  await page.getByText("42.0", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await page.getByLabel("amount").fill("12,5");
  await page.getByRole("button", { name: "Approve with changes" }).click();

  await page.getByTestId("decision-failed").waitFor();
  expect(await page.getByLabel("amount").inputValue()).toBe("12,5");
  expect(JSON.parse(await textOf(approval.id))).toMatchObject({ status: "pending" });
});

test("a later deadline shows in another browser, there with its entry in the history", async () => {
  const approval = await create(payment());
  const [bo, kim] = [await open(approval, "bo"), await open(approval, "kim", { locale: "de-DE" })];
  await kim.getByText("Verlauf", { exact: true }).click();
  await kim.getByTestId("history").getByText(/^Hat nach einer Freigabe gefragt/).waitFor();

  await bo.getByRole("button", { name: "Extend", exact: true }).click();
  await bo.getByRole("menuitem", { name: "+1 d" }).click();

  await kim.getByTestId("approval-detail").getByText("noch 25 Std.").waitFor();
  await kim.getByTestId("history").getByText(/^Frist verlängert bis/).waitFor();
  const { expiresAt } = JSON.parse(await textOf(approval.id)) as Approval;
  expect(Math.abs(Date.parse(expiresAt) - Date.parse(approval.expiresAt) - 86_400_000)).toBeLessThan(5_000);
});

test("a diff has the words that differ, and two columns in a wide window", async () => {
  const approval = await create(payment(',"preview":{"kind":"diff","before":"port: 80\\nhost: a\\n","after":"port: 8080\\nhost: a\\n"}'));
  const page = await open(approval, "bo", { width: 1600 });
  const preview = page.getByRole("region", { name: "Preview" });
  await preview.locator("ins mark").waitFor();
  expect(await preview.locator("mark").allInnerTexts()).toEqual(["80", "8080"]);
  const [evidence, action] = await Promise.all([preview.boundingBox(), page.getByRole("region", { name: "Action" }).boundingBox()]);
  expect(evidence?.y).toBeLessThan(action?.y ?? 0);

  await preview.getByRole("button", { name: "Side by side" }).click();

  const [old, now] = await Promise.all([preview.locator("del").boundingBox(), preview.locator("ins").boundingBox()]);
  expect(old?.y).toBe(now?.y);
  expect(old?.x).toBeLessThan(now?.x ?? 0);
});

test("the agent's last messages arrive in the open section", async () => {
  const approval = await create(payment());
  const agent = new Api(stage.server.url, key);
  await agent.ok("POST", `/v1/agents/${approval.agentId}/messages`, { role: "agent", kind: "text", text: "first **bold**" });
  const page = await open(approval, "bo");
  await page.getByText("The agent's last messages").click();
  await page.getByTestId("last-messages").getByText("first **bold**").waitFor();

  await agent.ok("POST", `/v1/agents/${approval.agentId}/messages`, { role: "agent", kind: "text", text: "second" });

  await page.getByTestId("last-messages").getByText("second").waitFor();
});
