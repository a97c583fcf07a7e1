import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { Api, type Approval } from "./api.js";
import { signIn } from "./browser.js";
import { useStage } from "./stage.js";

// Every screen and state, target sizes included (which axe leaves out by default; what an open menu covers in part is not a target then), wide in light colours and as narrow as a phone in dark ones, without a finding of axe, of whatever impact.
// HELIOGRAPH_LOOKS=all checks both widths in both schemes.

const stage = useStage();
const all = [
  { colorScheme: "light", width: 1280 },
  { colorScheme: "dark", width: 1280 },
  { colorScheme: "light", width: 360 },
  { colorScheme: "dark", width: 360 },
] as const;
/** Colours depend on the scheme and layout on the width: two of the four have both of each. */
const looks = process.env["HELIOGRAPH_LOOKS"] === "all" ? all : [all[0], all[3]];

let owner: Api;
let axe: string;
let page: Page;
let asked: Record<"low" | "critical" | "diff" | "form" | "approved" | "expired", Approval>;
let agentId: string;

beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  owner = new Api(stage.server.url, await stage.server.token("acme", "olga", "owner", "4h"));
  const ask = (title: string, fields: Record<string, unknown> = {}) => stage.writer.createApproval({ title, risk: "low", expiresIn: 3600, ...fields });
  asked = {
    expired: await ask("Runs out", { expiresIn: 10 }),
    low: await ask("Send the report to invoice\u202Etxt.exe?", { reasoning: "It **is** due today, see [the plan](https://example.org/plan).\n\n- one\n- two", confidence: 0.7, tags: ["vip"], allow: { approve: true, edit: true, respond: true, reject: true }, description: "# Report\n\n`code` and a table\n\n| a | b |\n|---|---|\n| 1 | 2 |" }),
    critical: await ask("Delete the backups?", { risk: "critical", action: { name: "backups.delete", args: { host: "db1", paths: Array.from({ length: 40 }, (_, index) => `/var/backups/${index}`) } } }),
    diff: await ask("Change the config?", { risk: "high", action: { name: "config.write", args: { port: 80 }, preview: { kind: "diff", diff: "@@ -1,2 +1,2 @@\n-port: 80\n+port: 8080\n host: a" } } }),
    form: await ask("Pay the invoice?", {
      allow: { approve: true, edit: true, respond: true, reject: true },
      action: { name: "pay", args: { amount: 42, reason: "late", tags: ["a"], address: { city: "Bonn" } }, preview: { kind: "diff", before: "due: 42\n", after: "due: 0\n" } },
      argsSchema: {
        type: "object",
        required: ["amount"],
        properties: {
          amount: { type: "number", minimum: 0, description: "In euros" },
          reason: { enum: ["late", "broken"] },
          note: { type: "string" },
          tags: { type: "array", items: { type: "string" } },
          address: { type: "object", properties: { city: { type: "string" } } },
        },
      },
    }),
    approved: await ask("Is approved"),
  };
  await stage.reader.decide(asked.approved, "approved");
  agentId = asked.low.agentId;
  for (const [kind, text] of [["text", "Reading the **plan**."], ["tool_call", "search(plan)"], ["tool_result", "3 results"], ["error", "timeout"]] as const) await stage.writer.ok("POST", `/v1/agents/${agentId}/messages`, { kind, text });
  await owner.ok("POST", "/v1/views", { name: "All of high risk", screen: "approvals", query: "?tab=all&risk=high", shared: true });
  for (const screen of ["agents", "activity"]) await stage.reader.ok("POST", "/v1/views", { name: `Ada's \u200B${screen}`, screen, query: "", shared: true });
  await vi.waitUntil(async () => (await stage.reader.ok<Approval>("GET", `/v1/approvals/${asked.expired.id}`)).status === "expired", { timeout: 30_000, interval: 200 });
}, 90_000);

beforeEach(async () => {
  page = await stage.context.newPage();
  await page.emulateMedia({ reducedMotion: "reduce" });
});

/** The page as somebody who has just signed in, with a role. */
async function enter(role: "owner" | "viewer"): Promise<void> {
  const members = await owner.ok<{ data: { id: string; role: string; handle: string }[] }>("GET", "/v1/members");
  const member = role === "owner" ? members.data.find(({ handle }) => handle === "olga") : (members.data.find(({ handle }) => handle === "vic") ?? (await owner.ok<{ id: string }>("POST", "/v1/members", { handle: "vic", role })));
  if (member === undefined) throw new Error("no such member");
  await signIn(page, (await owner.ok<{ url: string }>("POST", `/v1/members/${member.id}/sign-in-link`)).url);
}

/** All findings of what is shown now, in every look. */
async function findings(state: string): Promise<string[]> {
  const found: string[] = [];
  for (const { colorScheme, width } of looks) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 800 });
    // The page has the scheme, and colours that fade and panes that move have ended.
    await page.waitForFunction((scheme) => document.documentElement.dataset["mantineColorScheme"] === scheme && document.getAnimations().every(({ playState }) => playState !== "running"), colorScheme);
    await page.evaluate(axe);
    const results = await page.evaluate(async () => (window as unknown as { axe: { run: (context: Document, options: RunOptions) => Promise<AxeResults> } }).axe.run(document, { rules: { "target-size": { enabled: document.querySelector("[role=menu], [role=dialog]") === null } } }));
    for (const { id, impact, nodes } of results.violations) found.push(...nodes.map((node) => `${state}, ${colorScheme} ${width}: ${id} (${impact ?? "none"}) ${node.target.join(" ")} ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ""}`));
  }
  return found;
}

const open = (path: string) => page.goto(stage.server.url + path);

interface State {
  readonly path: () => string;
  /** What has to be there before one looks. */
  readonly ready: () => Promise<unknown>;
  /** Of those that are checked one after the other on the same page. */
  readonly then?: Readonly<Record<string, () => Promise<unknown>>>;
}

const shown = (name: string) => () => page.getByTestId(name).first().waitFor();
const heading = (name: string | RegExp) => () => page.getByRole("heading", { name }).first().waitFor();

const states: Readonly<Record<string, State>> = {
  "the queue": {
    path: () => "/approvals",
    ready: shown("approval-row"),
    then: {
      "the inbox": () => page.getByRole("button", { name: /Notifications/ }).click(),
      "the account menu": () => page.getByRole("button", { name: "Your account and settings" }).click(),
      "the connection details": () => page.getByTestId("connection-status").click(),
      "the saved views": async () => {
        await page.getByTestId("views").click();
        await page.getByText("All of high risk").waitFor();
      },
      "the form of a view": async () => {
        await page.getByTestId("views").click();
        await page.getByRole("button", { name: "Edit All of high risk" }).click();
        await page.getByRole("dialog", { name: "Edit the view All of high risk" }).waitFor();
      },
      "the deletion of a view": async () => {
        await page.getByTestId("views").click();
        await page.getByRole("button", { name: "Delete All of high risk" }).click();
        await page.getByRole("dialog", { name: "Delete the view All of high risk?" }).waitFor();
      },
      "the command palette": async () => {
        await page.keyboard.press("Control+k");
        await page.getByRole("dialog").waitFor();
      },
      "the shortcuts": async () => {
        await page.keyboard.press("?");
        await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
      },
    },
  },
  "a search without results": { path: () => "/approvals?tab=all&q=nothinglikethis", ready: () => page.getByRole("button", { name: "Clear search" }).first().waitFor() },
  "an empty tab": { path: () => "/approvals?tab=mine", ready: heading("You have claimed no requests") },
  "all requests, filtered": { path: () => "/approvals?tab=all&risk=low&risk=high", ready: shown("approval-row") },
  "a request": {
    path: () => `/approvals/${asked.low.id}`,
    ready: shown("approve-button"),
    then: { "its editor": () => page.getByRole("button", { name: "Edit", exact: true }).click() },
  },
  "a critical request": {
    path: () => `/approvals/${asked.critical.id}`,
    ready: shown("approve-button"),
  },
  "a request with a diff": { path: () => `/approvals/${asked.diff.id}`, ready: shown("approve-button") },
  "a request with a schema": {
    path: () => `/approvals/${asked.form.id}`,
    ready: shown("approve-button"),
    then: {
      "its arguments as a tree": async () => {
        await page.getByRole("button", { name: "Tree" }).click();
        await page.getByRole("button", { name: "Close all" }).waitFor();
      },
      "its sections": async () => {
        await page.getByText("The agent's last messages").click();
        await page.getByTestId("last-messages").getByText("3 results").waitFor();
        await page.getByText("History", { exact: true }).click();
        await page.getByTestId("history").getByText("Asked for an approval").waitFor();
      },
      "its form with a fault and a change": async () => {
        await page.getByRole("button", { name: "Edit", exact: true }).click();
        await page.getByLabel("amount").fill("-1");
        await page.getByText("At least 0").waitFor();
        await page.getByTestId("edit-changes").waitFor();
      },
      "its menu of deadlines": () => page.getByRole("button", { name: "Extend", exact: true }).click(),
    },
  },
  "a decided request": { path: () => `/approvals/${asked.approved.id}?tab=all`, ready: shown("approval-detail") },
  "an expired request": { path: () => `/approvals/${asked.expired.id}?tab=expired`, ready: shown("approval-detail") },
  "a request that there is not": { path: () => "/approvals/apr_none", ready: heading(/not|no /i) },
  "the overview": { path: () => "/", ready: () => page.getByRole("heading", { level: 1, name: "Overview" }).waitFor() },
  "the agents": { path: () => "/agents", ready: shown("agent-row"), then: { "the views of agents": () => page.getByTestId("views").click() } },
  "an agent": { path: () => `/agents/${agentId}`, ready: () => page.getByText("3 results").first().waitFor() },
  "the activity": {
    path: () => "/activity",
    ready: () => page.getByRole("heading", { level: 1, name: "Activity" }).waitFor(),
    then: { "the views of the activity": () => page.getByTestId("views").click() },
  },
  "settings: members": { path: () => "/settings/members", ready: () => page.getByRole("heading", { name: "Members" }).first().waitFor() },
  "settings: keys": { path: () => "/settings/api-keys", ready: () => page.getByRole("heading", { name: "API keys" }).first().waitFor() },
  "settings: sessions": { path: () => "/settings/sessions", ready: () => page.getByRole("heading", { name: "Sessions" }).first().waitFor() },
  "settings: notifications": { path: () => "/settings/notifications", ready: () => page.getByRole("table", { name: "Notifications" }).waitFor() },
  "settings: usage": { path: () => "/settings/usage", ready: () => page.getByRole("table", { name: "The workspace" }).waitFor() },
  "settings: appearance": { path: () => "/settings/appearance", ready: () => page.getByRole("heading", { name: "Appearance" }).first().waitFor() },
  "settings: shortcuts": { path: () => "/settings/shortcuts", ready: () => page.getByRole("heading", { name: "Shortcuts" }).first().waitFor() },
  "a page that there is not": { path: () => "/nowhere", ready: heading("Page not found") },
};

test("the page for signing in", async () => {
  await open("/sign-in");
  await page.getByRole("heading").first().waitFor();

  expect(await findings("signed out")).toEqual([]);
});

describe("signed in", () => {
  test.each(Object.entries(states))("%s", async (name, { path, ready, then }) => {
    await enter("owner");
    await open(path());
    await ready();
    const found = await findings(name);
    for (const [more, act] of Object.entries(then ?? {})) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await act();
      found.push(...(await findings(more)));
      await page.keyboard.press("Escape");
    }

    expect(found).toEqual([]);
  });
});

test("a viewer's request, and what a viewer may not see", async () => {
  await enter("viewer");
  const found: string[] = [];
  for (const path of [`/approvals/${asked.critical.id}`, "/activity", "/settings/members"]) {
    await open(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    found.push(...(await findings(`a viewer at ${path}`)));
  }

  expect(found).toEqual([]);
});
