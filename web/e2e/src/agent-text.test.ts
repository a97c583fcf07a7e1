import type { Browser, BrowserContext, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Api, type Approval } from "./api.js";
import { signIn } from "./browser.js";
import { useStage } from "./stage.js";

const stage = useStage();
let owner: Api;
let page: Page;

beforeAll(async () => {
  owner = new Api(stage.server.url, await stage.server.token("acme", "olga", "owner"));
});

/** Bo's sign-in link. */
async function link(): Promise<string> {
  const members = await owner.ok<{ data: { id: string; handle: string }[] }>("GET", "/v1/members");
  const { id } = members.data.find(({ handle }) => handle === "bo") ?? (await owner.ok<{ id: string }>("POST", "/v1/members", { handle: "bo", role: "operator" }));
  return (await owner.ok<{ url: string }>("POST", `/v1/members/${id}/sign-in-link`)).url;
}

/** A create whose body is sent as it is written. */
async function create(body: string): Promise<Approval> {
  const response = await fetch(`${stage.server.url}/v1/approvals`, { method: "POST", headers: { authorization: `Bearer ${key}`, "content-type": "application/json" }, body });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Approval;
}
let key: string;
beforeAll(async () => {
  key = await stage.server.key("acme", "text");
});

const textOf = async (id: string): Promise<string> => (await fetch(`${stage.server.url}/v1/approvals/${id}`, { headers: { authorization: `Bearer ${stage.token}` } })).text();

async function open(id: string): Promise<void> {
  await page.goto(`${stage.server.url}/approvals/${id}`);
  await page.getByTestId("approval-detail").waitFor();
}

describe("over HTTP on this machine", () => {
  beforeEach(async () => {
    page = await stage.context.newPage();
    await signIn(page, await link());
  });

  test("hostile text in every field is shown with marks in the queue, the request, the agents, the transcript and the inbox", async () => {
    const hostile = (name: string) => `${name}\u202E\u2066\u200B\u{E0041}\u{E0100}\u001B!`;
    const approval = await create(
      JSON.stringify({
        title: hostile("title"),
        description: `${hostile("description")} **${hostile("bold")}** \`${hostile("code")}\``,
        reasoning: hostile("reasoning"),
        tags: [hostile("tag")],
        rejectOptions: [hostile("option")],
        risk: "low",
        action: { name: hostile("action"), args: { [hostile("key")]: hostile("value"), deep: [{ [hostile("deepkey")]: hostile("deepvalue") }] }, preview: { kind: "table", columns: [hostile("column")], rows: [[hostile("cell")]] } },
      }),
    );
    const agent = new Api(stage.server.url, key);
    await agent.ok("PUT", `/v1/agents/${approval.agentId}`, { name: hostile("agent"), status: "error", error: hostile("error"), currentTask: hostile("task"), statusText: hostile("status") });
    await agent.ok("POST", `/v1/agents/${approval.agentId}/messages`, { role: "agent", kind: "text", text: hostile("message") });
    const shown = async (...names: string[]): Promise<void> => {
      for (const name of names) await page.getByText(`${name}U+202E`, { exact: false }).first().waitFor();
      const raw = await page.evaluate(() => {
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const found: string[] = [document.title];
        while (walker.nextNode() !== null) found.push(walker.currentNode.textContent ?? "");
        return found.filter((text) => /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2060-\u206F\u{E0000}-\u{E0FFF}]/u.test(text)); // eslint-disable-line no-control-regex
      });
      expect(raw).toEqual([]);
    };

    await open(approval.id);
    await shown("title", "description", "bold", "code", "reasoning", "tag", "option", "action", "key", "value", "deepkey", "deepvalue", "column", "cell", "agent");
    await page.getByTestId("bell").click();
    await page.getByTestId("notification-item").first().waitFor();
    await shown("title");
    await page.keyboard.press("Escape");
    await page.goto(`${stage.server.url}/agents`);
    await shown("agent", "error");
    await page.goto(`${stage.server.url}/agents/${approval.agentId}`);
    await shown("agent", "error", "task", "status", "message");
    await open(approval.id);
    await page.getByTestId("approve-button").click();
    await page.getByTestId("decision-toast").waitFor();
    await shown("title");
  });

  test.each([
    ["quotes in quotes", ">".repeat(3_000)],
    ["brackets", "[".repeat(5_000) + "a" + "](b)".repeat(3_700)],
    ["a table of many cells", `${"a|".repeat(1_000)}\n${"-|".repeat(1_000)}\n${"|\n".repeat(8_000)}`],
    ["emphasis in emphasis", "*a ".repeat(3_000) + "b* ".repeat(3_000)],
  ])("a description of %s is shown and the page answers", async (_, description) => {
    const errors: Error[] = [];
    page.on("pageerror", (error) => errors.push(error));
    const approval = await stage.writer.createApproval({ description, risk: "low", title: "Poison?" });
    await open(approval.id);
    await page.getByTestId("plain-text").waitFor();

    expect(await page.getByRole("heading", { level: 1, name: "Poison?" }).isVisible()).toBe(true);
    await page.getByTestId("approve-button").click();
    await page.getByTestId("resolution-card").waitFor();
    expect(errors).toEqual([]);
  });

  test("a message of nested quotes that arrives does not blank the transcript", async () => {
    const { agentId } = await create(JSON.stringify({ title: "Hello?", action: { name: "a", args: {} } }));
    await page.goto(`${stage.server.url}/agents/${agentId}`);
    const agent = new Api(stage.server.url, key);
    await agent.ok("POST", `/v1/agents/${agentId}/messages`, { role: "agent", kind: "text", text: "first **bold**" });
    await page.getByTestId("agent-message").first().waitFor();

    await agent.ok("POST", `/v1/agents/${agentId}/messages`, { role: "agent", kind: "text", text: ">".repeat(20_000) });

    await page.getByTestId("plain-text").waitFor();
    expect(await page.getByText("bold").first().isVisible()).toBe(true);
  });

  test("a preview with odd columns and rows is shown", async () => {
    const approval = await stage.writer.createApproval({ action: { name: "a", args: {}, preview: { kind: "table", columns: [null, {}, 5], rows: [null, { a: 1 }, [1, [2]]] } } });
    await open(approval.id);

    await page.getByLabel("Preview").getByText("a: 1").waitFor();
  });

  test("numbers keep their form through the editor to the server", async () => {
    const approval = await create('{"title":"Pay?","risk":"low","allow":{"approve":true,"edit":true,"respond":true,"reject":true},"action":{"name":"pay","args":{"id":9007199254740991,"amount":1.0,"rate":1E5,"n":1}}}');
    await open(approval.id);
    await page.getByText("1.0", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Edit" }).click();
    const field = page.getByLabel("Arguments to approve instead");
    const text = await field.inputValue();

    await field.fill(text.replace('"n": 1', '"n": 9007199254740993'));
    await page.getByText('Line 5: "n": the number 9007199254740993 would become 9007199254740992').waitFor();
    expect(await page.getByTestId("approve-button").isDisabled()).toBe(true);
    await field.fill(text.replace('"n": 1', '"n": 1e400'));
    await page.getByText('Line 5: "n": the number 1e400 is too large').waitFor();
    await field.fill(text.replace('"n": 1', '"n": 1, "n": 2'));
    await page.getByText('the key "n" is there twice').waitFor();
    await field.fill(text.replace('"n": 1', '"n": "9007199254740993"'));
    await page.getByTestId("approve-button").click();
    await page.getByTestId("decision-toast").waitFor();

    const { resolution } = JSON.parse(await textOf(approval.id)) as { resolution: { args: unknown; argsEdited: boolean } };
    expect(resolution).toMatchObject({ argsEdited: true, args: { id: 9007199254740991, n: "9007199254740993" } });
    expect(await textOf(approval.id)).toMatch(/"resolution":.*"args":\{"id":9007199254740991,"amount":1\.0,"rate":1E\+?5,"n":"9007199254740993"\}/);
  });

  test("opened and left as it was, the editor approves the agent's own arguments", async () => {
    const approval = await create('{"title":"Pay?","risk":"low","allow":{"approve":true,"edit":true,"respond":true,"reject":true},"action":{"name":"pay","args":{"amount":1.0,"text":"a\\u202eb"}}}');
    await open(approval.id);
    await page.getByText("1.0", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Edit" }).click();
    expect(await page.getByLabel("Arguments to approve instead").inputValue()).toBe('{\n  "amount": 1.0,\n  "text": "a\\u202eb"\n}');
    await page.getByTestId("approve-button").click();
    await page.getByTestId("decision-toast").waitFor();

    const { resolution } = JSON.parse(await textOf(approval.id)) as { resolution: { argsEdited: boolean; digest: string } };
    expect(resolution).toMatchObject({ argsEdited: false, digest: approval.action.digest });
  });

  test("Approve of what is critical waits until long arguments were scrolled to their end, by the keyboard as well", async () => {
    const args = Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`field${index}`, index]));
    const approval = await create(JSON.stringify({ title: "Delete?", risk: "critical", action: { name: "delete", args } }));
    await page.setViewportSize({ width: 1280, height: 720 });
    await open(approval.id);
    await page.getByTestId("unread-bar").waitFor();
    expect(await page.getByTestId("unread-bar").innerText()).toMatch(/Arguments continue: \d+ more lines below/);
    expect(await page.getByTestId("approve-button").isDisabled()).toBe(true);
    await page.keyboard.press("a");
    await page.getByText("Approve waits until you have seen all of it.").waitFor();

    const more = page.getByRole("button", { name: "Scroll down" });
    await more.focus();
    for (let presses = 0; presses < 60 && (await more.isVisible()); presses++) await page.keyboard.press("Enter", { delay: 20 });

    await expect.poll(() => page.getByTestId("approve-button").isEnabled()).toBe(true);
  });
});

describe("over plain HTTP on another host", () => {
  let browser: Browser;
  let context: BrowserContext;
  const origin = () => `http://nohost.test:${stage.server.port}`;

  beforeEach(async () => {
    browser = await chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: ["--no-sandbox", "--host-resolver-rules=MAP nohost.test 127.0.0.1"] });
    context = await browser.newContext();
    page = await context.newPage();
    const url = new URL(await link());
    await signIn(page, `${origin()}${url.pathname}${url.hash}`);
  });
  afterEach(() => browser.close());

  test("decisions, notifications and copying work without what secure pages have", async () => {
    expect(await page.evaluate(() => [isSecureContext, "randomUUID" in crypto, "clipboard" in navigator])).toEqual([false, false, false]);
    const errors: Error[] = [];
    page.on("pageerror", (error) => errors.push(error));
    const approval = await stage.writer.createApproval({ risk: "low", title: "Plain?" });
    await page.goto(`${origin()}/approvals/${approval.id}`);
    await page.getByTestId("approve-button").click();
    await page.getByTestId("decision-toast").waitFor();
    await page.goto(`${origin()}/approvals/${approval.id}`);
    await page.getByTestId("resolution-card").waitFor();
    expect((JSON.parse(await textOf(approval.id)) as Approval).status).toBe("approved");

    await stage.writer.createApproval({ title: "Another?" });
    await page.getByTestId("bell").click();
    await page.getByRole("button", { name: "Mark all read" }).click();
    await expect.poll(() => page.locator('[data-testid="notification-item"][data-unread="true"]').count()).toBe(0);
    await page.keyboard.press("Escape");

    /** What was copied, by pasting it into a field. */
    const pasted = async (): Promise<string> => {
      const search = page.getByLabel("Search the requests");
      await search.fill("");
      await search.focus();
      await page.keyboard.press("Control+V");
      return search.inputValue();
    };
    await page.getByRole("button", { name: "Copy", exact: true }).first().click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    expect(await pasted()).toContain('"orderId": 9');
    await page.getByTestId("connection-status").click();
    await page.getByRole("button", { name: "Copy diagnostics" }).click();
    await page.getByRole("button", { name: "Copied" }).last().waitFor();
    expect(await pasted()).toContain('"transport"');
    expect(errors).toEqual([]);
  });

  test("where copying fails too, the text is shown selected", async () => {
    await page.evaluate("document.execCommand = () => false");
    await page.getByTestId("connection-status").click();
    await page.getByRole("button", { name: "Copy diagnostics" }).click();

    await page.getByLabel(/Copy the selected text/).waitFor();
    expect(await page.evaluate(() => getSelection()?.toString() ?? "")).toContain('"transport"');
  });

  test("marking all as read says when it fails", async () => {
    await stage.writer.createApproval({ title: "Unread?" });
    await page.route("**/v1/notifications/mark", (route) => (route.request().postData()?.includes('"read"') === true ? route.abort() : route.continue()));
    await page.getByTestId("bell").click();
    await page.getByRole("button", { name: "Mark all read" }).click();

    await page.getByText("Not marked as read:").waitFor();
  });
});
