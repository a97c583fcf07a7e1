import { rm } from "node:fs/promises";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Api } from "./api.js";
import { buildProbe, Chromium, expectWhole, firstAfter, openProbe, statusesOf } from "./browser.js";
import { Gate } from "./gate.js";
import { Heliograph } from "./heliograph.js";
import { Writers } from "./writers.js";

let server: Heliograph;
let gate: Gate;
let probe: string;
let chromium: Chromium;
let context: BrowserContext;
let token: string;
let writer: Api;
let reader: Api;
let signInLink: string;
let apiKey: string;
let writers: Writers | undefined;

beforeAll(async () => {
  server = await Heliograph.up();
  probe = await buildProbe();
  gate = await Gate.open(server.port, { "/probe/": probe });
  chromium = await Chromium.launch();
  token = await server.token("acme", "ada", "operator", "2h");
  writer = new Api(server.url, await server.key("acme", "writer"));
  reader = new Api(server.url, token);
  signInLink = server.signInLink.replace(server.url, gate.url);
  apiKey = server.apiKey;
});
afterAll(async () => {
  await chromium.close();
  await gate.close();
  await rm(probe, { recursive: true, force: true });
  await server.remove();
});
beforeEach(async () => {
  gate.token = () => token;
  gate.block();
  context = await chromium.browser.newContext();
});
afterEach(async () => {
  await writers?.stop().catch(() => undefined); // of a test that failed
  writers = undefined;
  await context.close();
});

function write(): Writers {
  return (writers = new Writers(writer, 2, 50));
}

test("down the ladder, each step in less than five seconds, and up again, with nothing missed or repeated", async () => {
  const page = await openProbe(context, gate, "worker");
  const writers = write();

  const steps: [status: string, blocked: Parameters<Gate["block"]>][] = [
    ["degraded", ["websocket"]],
    ["rest", ["websocket", "polling"]],
  ];
  for (const [status, blocked] of steps) {
    const blockedAt = Date.now();
    gate.block(...blocked);
    const carriedAt = await since(page, status, blockedAt);
    const first = await firstAfter(page, carriedAt);
    console.log(`${blocked.join(" and ")} blocked: ${status} after ${carriedAt - blockedAt} ms, an event ${first} ms later`);
    expect(carriedAt - blockedAt).toBeLessThan(5_000);
  }
  gate.block();
  await page.evaluate(() => window.probe.retryNow());
  await page.waitForFunction(() => window.probe.snapshot().status === "live");
  await writers.stop();

  await expectWhole(page, reader);
});

test("a blocked carrier is found again without anybody's help", { timeout: 60_000 }, async () => {
  gate.block("websocket");
  const page = await context.newPage();
  await page.goto(`${gate.url}/probe/index.html#mode=lock&scope=probe-unaided`);
  await page.waitForFunction(() => window.probe.snapshot().status === "degraded");

  gate.block();

  await page.waitForFunction(() => window.probe.snapshot().status === "live", undefined, { timeout: 40_000 });
});

test("the server is gone for twenty seconds: the dashboard says what it knows, and how old that is", { timeout: 120_000 }, async () => {
  const page = await context.newPage();
  await page.goto(signInLink);
  const indicator = page.getByTestId("connection-status");
  await indicator.and(page.locator("[data-status=live]")).waitFor();
  const before = await page.getByTestId("approval-row").count();
  const agent = new Api(server.url, apiKey);
  await agent.createApproval();
  await expect.poll(() => page.getByTestId("approval-row").count()).toBe(before + 1);

  const killedAt = Date.now();
  await server.kill();
  const seen: { readonly after: number; readonly label: string; readonly age: string | null }[] = [];
  while (Date.now() - killedAt < 20_000) {
    const age = page.getByTestId("data-age");
    const look = { label: await indicator.innerText(), age: (await age.count()) > 0 ? await age.innerText({ timeout: 500 }).catch(() => null) : null };
    const last = seen.at(-1);
    if (last?.label !== look.label || last.age !== look.age) seen.push({ after: Date.now() - killedAt, ...look });
    expect(await page.getByTestId("approval-row").count()).toBe(before + 1); // rows stay
    await new Promise((resolve) => setTimeout(resolve, 50)); // one look after the other through the twenty seconds of the story
  }
  console.log(seen.map(({ after, label, age }) => `${after} ms: ${label}${age === null ? "" : `, ${age}`}`).join("\n"));
  expect(seen[0]?.label).toBe("Live");
  expect(seen[1]).toMatchObject({ label: "Reconnecting…", age: null });
  expect(seen[1]?.after).toBeGreaterThan(1_900);
  const firstBanner = seen.find(({ age }) => age !== null);
  expect(firstBanner?.label).toBe("Reconnecting…");
  expect(firstBanner?.after).toBeGreaterThan(14_900);
  // The age is the age of the data: it grows with the outage, and never says less than the outage lasts.
  for (const { after, age } of seen) if (age !== null) expect(Number(/\d+/.exec(age)?.[0])).toBeGreaterThanOrEqual(Math.floor(after / 1_000) - 1);
  await page.getByTestId("stale-banner").getByRole("button", { name: "Retry now" }).waitFor();

  await server.start();
  await agent.createApproval();

  await indicator.and(page.locator("[data-status=live]")).waitFor({ timeout: 20_000 });
  await expect.poll(() => page.getByTestId("approval-row").count()).toBe(before + 2);
  expect(await page.getByTestId("stale-banner").count()).toBe(0);
});

test("a laptop sleeps while events flow: on waking every tab has all of them, once", { timeout: 90_000 }, async () => {
  const pages: Page[] = [];
  for (const mode of ["worker", "lock", "solo"] as const) pages.push(await openProbe(context, gate, mode), await openProbe(context, gate, mode));
  const writers = write();
  await expect.poll(() => writers.written).toBeGreaterThan(20);

  await chromium.sleep();
  const asleep = writers.written;
  await expect.poll(() => writers.written, { timeout: 30_000 }).toBeGreaterThan(asleep + 400);
  await writers.stop();
  await server.kill(); // so that its connections are gone when it wakes
  await server.start();
  await chromium.wake();
  await writer.createApproval();

  for (const page of pages) {
    await page.waitForFunction(() => window.probe.snapshot().status === "live", undefined, { timeout: 30_000 });
    await expectWhole(page, reader);
  }
});

test("a leader that hangs hands over to a visible tab, and does no harm when it goes on", { timeout: 90_000 }, async () => {
  const hung = await openProbe(context, gate, "lock");
  const other = await openProbe(context, gate, "lock");
  expect((await hung.evaluate(() => window.probe.snapshot())).role).toBe("leader");
  const writers = write();
  await expect.poll(() => writers.written).toBeGreaterThan(20);

  const hungAt = Date.now();
  const goesOn = hung.evaluate(() => {
    const end = Date.now() + 8_000;
    while (Date.now() < end) continue;
  });
  await other.waitForFunction(() => window.probe.snapshot().role === "leader", undefined, { timeout: 20_000 });
  const ledAt = Date.now();
  const first = await firstAfter(other, ledAt);
  await goesOn;
  await writers.stop();
  console.log(`the other tab led after ${ledAt - hungAt} ms and had the next event ${first} ms later`);

  for (const page of [hung, other]) await expectWhole(page, reader);
});

test("a token near its end is renewed over the living connection", { timeout: 90_000 }, async () => {
  const short = await server.token("acme", "ada", "operator", "20s");
  gate.token = () => (gate.tokensAsked === asked + 1 ? short : token);
  const asked = gate.tokensAsked;
  const page = await openProbe(context, gate, "lock");
  const opened = gate.webSocketsOpened;
  const until = Date.now() + 22_000;

  await expect.poll(() => gate.tokensAsked, { timeout: 30_000 }).toBe(asked + 2);
  await expect.poll(() => Date.now(), { timeout: 30_000, interval: 500 }).toBeGreaterThan(until);
  await writer.createApproval();

  await expectWhole(page, reader);
  expect(await afterLive(page)).toEqual([]);
  expect(gate.webSocketsOpened).toBe(opened);
});

test("a token that ends and is not renewed: signed out once, told once, and nothing is tried again", { timeout: 90_000 }, async () => {
  const short = await server.token("acme", "ada", "operator", "8s");
  gate.token = () => (gate.tokensAsked === asked + 1 ? short : undefined);
  const asked = gate.tokensAsked;
  const page = await openProbe(context, gate, "worker");
  const opened = gate.webSocketsOpened;

  await page.waitForFunction(() => window.probe.snapshot().status === "unauthorized", undefined, { timeout: 20_000 });
  const tried = gate.tokensAsked;
  await expect.poll(() => gate.webSocketsOpen, { timeout: 10_000 }).toBe(0);
  const until = Date.now() + 5_000;
  await expect.poll(() => Date.now(), { timeout: 10_000, interval: 500 }).toBeGreaterThan(until);

  expect(await afterLive(page)).toEqual(["unauthorized"]);
  expect(gate.tokensAsked).toBe(tried);
  expect(gate.webSocketsOpened).toBe(opened);
});

/** The statuses since the page was live for the first time. */
async function afterLive(page: Page): Promise<string[]> {
  const statuses = (await statusesOf(page)).map(({ status }) => status);
  return statuses.slice(statuses.indexOf("live") + 1);
}

/** When the page's status became this, at `from` or later. */
async function since(page: Page, status: string, from: number): Promise<number> {
  const entry = await page.waitForFunction(
    ([wanted, earliest]) => window.probe.statuses.find(({ status, at }) => status === wanted && at >= earliest)?.at,
    [status, from] as const,
    { polling: 20 },
  );
  return (await entry.jsonValue()) ?? Number.NaN;
}
