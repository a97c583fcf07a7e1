import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { FakeServer } from "../../../packages/client/test/fake-server.js";
import { launch, rowsIn, serveDashboard, until } from "./harness.js";

/** In milliseconds. An idle machine takes under a second; a busy one gets time. */
const TAKEOVER_LIMIT = 5_000;

let browser: Browser;
let server: FakeServer;
let context: BrowserContext;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  server = await serveDashboard();
  context = await browser.newContext();
});
afterEach(async () => {
  await context.close();
  await server.stop();
});

/** Records the offsets that a page's client hands on, by way of its saved cursor: each tab keeps its own. */
async function openTab(): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${server.url}/approvals`);
  await page.locator("[data-testid=connection-status][data-status=live]").waitFor();
  await page.getByTestId("approval-row").first().waitFor();
  return page;
}

const role = (page: Page) => page.evaluate(() => navigator.locks.query().then(({ held = [] }) => held.map(({ name }) => name ?? "")));

type Mode = "worker" | "lock" | "solo";

/** What the browser lacks in each mode. */
async function limit(mode: Mode): Promise<void> {
  await context.addInitScript((lacking: Mode) => {
    if (lacking !== "worker") Reflect.deleteProperty(window, "SharedWorker");
    if (lacking === "solo") Reflect.deleteProperty(window, "BroadcastChannel");
  }, mode);
}

describe.each(["worker", "lock", "solo"] as const)("in %s mode", (mode) => {
  test("six tabs show every change once", async () => {
    await limit(mode);
    const first = await openTab();
    const tabs = [first];
    for (let count = 1; count < 6; count += 1) tabs.push(await openTab());
    const before = await rowsIn(first);

    for (let count = 0; count < 10; count += 1) server.ask();

    for (const tab of tabs) await until(async () => (await rowsIn(tab)) === before + 10);
    expect(server.sockets).toBe(mode === "solo" ? 6 : 1);
  });

  test("tabs that are closed at random while events flow leave the others without a hole", async () => {
    await limit(mode);
    const [first, second, third, fourth] = [await openTab(), await openTab(), await openTab(), await openTab()];
    const before = await rowsIn(first);
    let asked = 0;
    const flow = setInterval(() => {
      server.ask();
      asked += 1;
    }, 25);

    for (const victim of [first, third]) {
      await new Promise((resolve) => setTimeout(resolve, 400));
      await victim.close({ runBeforeUnload: false });
    }
    await new Promise((resolve) => setTimeout(resolve, 400));
    clearInterval(flow);

    for (const tab of [second, fourth]) await until(async () => (await rowsIn(tab)) === before + asked);
  });
});

test("the shared worker dies: a tab takes over within a second, with nothing lost", async () => {
  const [first, second] = [await openTab(), await openTab()];
  const before = await rowsIn(first);
  const cdp = await browser.newBrowserCDPSession();
  const { targetInfos } = await cdp.send("Target.getTargets");
  const worker = targetInfos.find(({ type }) => type === "shared_worker");
  expect(worker, "the tabs share a worker").toBeDefined();
  const openedBefore = server.opened;

  const killedAt = Date.now();
  await cdp.send("Target.closeTarget", { targetId: worker?.targetId ?? "" });
  server.ask();
  await until(() => Promise.resolve(server.opened > openedBefore));
  const takeover = Date.now() - killedAt;

  await until(async () => (await rowsIn(first)) === before + 1 && (await rowsIn(second)) === before + 1);
  expect(server.sockets).toBe(1);
  expect((await role(first)).filter((name) => /^heliograph:\d+:leader:/.test(name))).toHaveLength(1);
  expect(takeover).toBeLessThan(TAKEOVER_LIMIT);
});

test("signing out in one tab signs out the other", async () => {
  const [first, second] = [await openTab(), await openTab()];

  await first.getByLabel("Your account and settings").click();
  await first.getByText("Sign out").click();

  await second.getByTestId("sign-in-banner").waitFor();
  await until(() => Promise.resolve(server.sockets === 0));
});
