import type { Page } from "playwright-core";
import { afterEach, expect, test } from "vitest";
import { Api } from "./api.js";
import { expectWhole, firstAfter, openProbe, statusesOf, signIn } from "./browser.js";
import type { Traffic } from "./gate.js";
import { useStage } from "./stage.js";
import { Writers } from "./writers.js";

/** In milliseconds. An idle machine takes under five seconds; a busy one gets time, but less than the 20 s that a missing step would take. */
const STEP_LIMIT = 15_000;

const stage = useStage();
let writers: Writers | undefined;
afterEach(async () => {
  await writers?.stop().catch(() => undefined); // of a test that failed
  writers = undefined;
});

function write(): Writers {
  return (writers = new Writers(stage.writer, 2, 50));
}

test("down the ladder and up again, with nothing missed or repeated", async () => {
  const page = await openProbe(stage.context, stage.gate, "worker");
  const writers = write();

  const steps: [status: string, blocked: Traffic[]][] = [
    ["degraded", ["websocket"]],
    ["rest", ["websocket", "polling"]],
  ];
  for (const [status, blocked] of steps) {
    const blockedAt = Date.now();
    stage.gate.block(...blocked);
    const carriedAt = await since(page, status, blockedAt);
    const first = await firstAfter(page, carriedAt);
    console.log(`${blocked.join(" and ")} blocked: ${status} after ${carriedAt - blockedAt} ms, an event ${first} ms later`);
    expect(carriedAt - blockedAt).toBeLessThan(STEP_LIMIT);
  }
  stage.gate.block();
  await page.evaluate(() => window.probe.retryNow());
  await page.waitForFunction(() => window.probe.snapshot().status === "live");
  await writers.stop();

  await expectWhole(page, stage.reader);
});

test("a blocked carrier is found again without anybody's help", { timeout: 60_000 }, async () => {
  stage.gate.block("websocket");
  const page = await stage.context.newPage();
  await page.goto(`${stage.gate.url}/probe/index.html#mode=lock&scope=probe-unaided`);
  await page.waitForFunction(() => window.probe.snapshot().status === "degraded");

  stage.gate.block();

  await page.waitForFunction(() => window.probe.snapshot().status === "live", undefined, { timeout: 40_000 });
});

test("the server is gone for twenty seconds: the dashboard says what it knows, and how old that is", { timeout: 120_000 }, async () => {
  const page = await stage.context.newPage();
  await signIn(page, stage.server.signInLink.replace(stage.server.url, stage.gate.url));
  const indicator = page.getByTestId("connection-status");
  await indicator.and(page.locator("[data-status=live]")).waitFor();
  const before = await page.getByTestId("approval-row").count();
  const agent = new Api(stage.server.url, stage.server.apiKey);
  await agent.createApproval();
  await expect.poll(() => page.getByTestId("approval-row").count()).toBe(before + 1);

  const killedAt = Date.now();
  await stage.server.kill();
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

  await stage.server.start();
  await agent.createApproval();

  await indicator.and(page.locator("[data-status=live]")).waitFor({ timeout: 20_000 });
  await expect.poll(() => page.getByTestId("approval-row").count()).toBe(before + 2);
  expect(await page.getByTestId("stale-banner").count()).toBe(0);
});

test("a laptop sleeps while events flow: on waking every tab has all of them, once", { timeout: 90_000 }, async () => {
  const pages: Page[] = [];
  for (const mode of ["worker", "lock", "solo"] as const) pages.push(await openProbe(stage.context, stage.gate, mode), await openProbe(stage.context, stage.gate, mode));
  const writers = write();
  await expect.poll(() => writers.written).toBeGreaterThan(20);

  await stage.chromium.sleep();
  const asleep = writers.written;
  await expect.poll(() => writers.written, { timeout: 30_000 }).toBeGreaterThan(asleep + 400);
  await writers.stop();
  await stage.server.kill(); // so that its connections are gone when it wakes
  await stage.server.start();
  await stage.chromium.wake();
  await stage.writer.createApproval();

  for (const page of pages) {
    await page.waitForFunction(() => window.probe.snapshot().status === "live", undefined, { timeout: 30_000 });
    await expectWhole(page, stage.reader);
  }
});

test("a leader that hangs hands over to a visible tab, and does no harm when it goes on", { timeout: 90_000 }, async () => {
  const hung = await openProbe(stage.context, stage.gate, "lock");
  const other = await openProbe(stage.context, stage.gate, "lock");
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

  for (const page of [hung, other]) await expectWhole(page, stage.reader);
});

test("a token near its end is renewed over the living connection", { timeout: 90_000 }, async () => {
  const short = await stage.server.token("acme", "ada", "operator", "20s");
  stage.gate.token = () => (stage.gate.tokensAsked === asked + 1 ? short : stage.token);
  const asked = stage.gate.tokensAsked;
  const page = await openProbe(stage.context, stage.gate, "lock");
  const opened = stage.gate.webSocketsOpened;
  const until = Date.now() + 22_000;

  await expect.poll(() => stage.gate.tokensAsked, { timeout: 30_000 }).toBe(asked + 2);
  await expect.poll(() => Date.now(), { timeout: 30_000, interval: 500 }).toBeGreaterThan(until);
  await stage.writer.createApproval();

  await expectWhole(page, stage.reader);
  expect(await afterLive(page)).toEqual([]);
  expect(stage.gate.webSocketsOpened).toBe(opened);
});

test("a token that ends and is not renewed: signed out once, told once, and nothing is tried again", { timeout: 90_000 }, async () => {
  const short = await stage.server.token("acme", "ada", "operator", "8s");
  stage.gate.token = () => (stage.gate.tokensAsked === asked + 1 ? short : undefined);
  const asked = stage.gate.tokensAsked;
  const page = await openProbe(stage.context, stage.gate, "worker");
  const opened = stage.gate.webSocketsOpened;

  await page.waitForFunction(() => window.probe.snapshot().status === "unauthorized", undefined, { timeout: 20_000 });
  const tried = stage.gate.tokensAsked;
  await expect.poll(() => stage.gate.webSocketsOpen, { timeout: 10_000 }).toBe(0);
  const until = Date.now() + 5_000;
  await expect.poll(() => Date.now(), { timeout: 10_000, interval: 500 }).toBeGreaterThan(until);

  expect(await afterLive(page)).toEqual(["unauthorized"]);
  expect(stage.gate.tokensAsked).toBe(tried);
  expect(stage.gate.webSocketsOpened).toBe(opened);
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
