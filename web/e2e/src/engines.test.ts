import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { Mode } from "../probe/probe.js";
import { Api } from "./api.js";
import type { Engine, EnginePage } from "./engine.js";
import { Firefox } from "./firefox.js";
import { useServerStage } from "./stage.js";
import { WebKit } from "./webkit.js";
import { Writers } from "./writers.js";

const TABS = 8;
const CLOSES = 4;
/** An idle machine takes over in less than a second; a busy one gets time. Milliseconds. */
const TAKEOVER_LIMIT = 5_000;
/** Less than the second by which browsers delay the timers of a hidden tab that leads. Milliseconds. */
const DELAY_LIMIT = 300;
/** Less than the ten seconds after which tabs are counted in any case. Milliseconds. */
const COUNT_LIMIT = 5_000;

const stage = useServerStage();
afterEach(async () => {
  for (const id of await pending()) await stage.writer.ok("POST", `/v1/approvals/${id}/cancel`, {});
});

describe.each([
  ["Firefox", () => Firefox.launch()],
  ["WebKit", () => WebKit.launch()],
])("%s", (name, launch: () => Promise<Engine>) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await launch();
  });
  afterAll(() => engine.close());

  test("a member signs in, sees a request appear, decides it by a key, and finds the rest again after a reload and by Back", async () => {
    const page = await engine.open();
    await signIn(page, name.toLowerCase());
    const [decided, open] = [await ask(3600), await ask(7200)];
    await expect.poll(() => rows(page)).toEqual(await pending());

    await page.press("j");
    await shows(page, decided);
    await page.press("a");
    await shows(page, open);
    await expect.poll(() => resolutions(decided)).toMatchObject([{ status: "approved", resolution: { by: { name: name.toLowerCase() } } }]);
    expect(await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)).toBe(0);

    await reload(page);
    await shows(page, open);
    await expect.poll(() => rows(page)).toEqual(await pending());
    await page.goto("about:blank");
    await ask(10_800);
    await page.back();
    await shows(page, open);
    await expect.poll(() => rows(page)).toEqual(await pending());
    await page.close();
  });

  test.each(["worker", "lock"] as const)(`%s mode: of ${TABS} tabs ${CLOSES} are closed while messages are written, and the others have each event once`, async (mode) => {
    const pages: EnginePage[] = [];
    while (pages.length < TABS) pages.push(await openProbe(engine, mode));
    const front = pages[TABS - 1];
    const writers = new Writers(stage.writer, 2, 50);
    const takeovers: number[] = [];
    for (let count = 0; count < CLOSES; count++) {
      const written = writers.written;
      await expect.poll(() => writers.written, { interval: 5 }).toBeGreaterThan(written + 20);
      await stage.writer.createApproval();
      const closed = await leaderOf(pages);
      const closedAt = Date.now();
      await closed.close();
      pages.splice(pages.indexOf(closed), 1);
      takeovers.push(...(await Promise.all(pages.map((page) => firstAfter(page, closedAt)))));
      for (const page of pages) await expect.poll(() => page.evaluate(() => window.probe.snapshot().tabs), { timeout: COUNT_LIMIT }).toBe(pages.length);
    }
    await writers.stop();

    for (const page of pages) await expectWhole(page);
    const delays = await front?.evaluate(() => window.probe.arrivals.map(({ committedAt, arrivedAt }) => arrivedAt - committedAt));
    console.log(`${name}, ${mode}: ${writers.written} messages, delay ${median(delays ?? [])} ms, ${takeovers.length} takeovers, longest ${Math.max(...takeovers)} ms`);
    expect(median(delays ?? [])).toBeLessThan(DELAY_LIMIT);
    expect(Math.max(...takeovers)).toBeLessThan(TAKEOVER_LIMIT);
    for (const page of pages) await page.close();
  });

  test("a page that is left and gone back to has what it missed, once", async () => {
    const page = await openProbe(engine, "lock");
    await ask();
    const [seen] = (await stage.reader.log()).map(({ offset }) => offset).slice(-1);
    await expect.poll(async () => (await arrived(page)).at(-1)).toBe(seen);
    await page.goto("about:blank");
    for (let count = 0; count < 3; count++) await ask();

    await page.back();

    const missed = (await stage.reader.log()).map(({ offset }) => offset).filter((offset) => offset > (seen ?? 0));
    await expect.poll(async () => (await arrived(page)).at(-1)).toBe(missed.at(-1));
    expect((await arrived(page)).filter((offset) => offset > (seen ?? 0))).toEqual(missed);
    await page.close();
  });
});

/** Signs a new operator in. */
async function signIn(page: EnginePage, handle: string): Promise<void> {
  const owner = new Api(stage.server.url, await stage.server.token("acme", "olga", "owner", "4h"));
  const { id } = await owner.ok<{ id: string }>("POST", "/v1/members", { handle, role: "operator" });
  await page.goto((await owner.ok<{ url: string }>("POST", `/v1/members/${id}/sign-in-link`)).url);
  await waitFor(page, "[data-testid=sign-in-preview]");
  await page.evaluate(() => [...document.querySelectorAll("button")].find(({ textContent }) => textContent.trim() === "Sign in")?.click());
  await waitFor(page, "[data-testid=connection-status][data-status=live]");
}

/** A new request's id. */
async function ask(expiresIn = 3600): Promise<string> {
  return (await stage.writer.createApproval({ risk: "low", expiresIn })).id;
}

/** The ids of what is to be decided, in the order of the list. */
async function pending(): Promise<string[]> {
  const { data } = await stage.reader.ok<{ data: { id: string }[] }>("GET", "/v1/approvals?status=pending&sort=expiresAt&limit=200");
  return data.map(({ id }) => id);
}

/** What the log says about how a request ended. */
async function resolutions(id: string): Promise<unknown[]> {
  return (await stage.reader.log()).filter(({ type, subject }) => type === "approval:resolved" && subject.id === id).map(({ data }) => data);
}

function rows(page: EnginePage): Promise<(string | null)[]> {
  return page.evaluate(() => [...document.querySelectorAll("[data-testid=approval-row]")].map((row) => row.getAttribute("data-approval-id")));
}

async function waitFor(page: EnginePage, selector: string): Promise<void> {
  await expect.poll(() => page.evaluate((wanted) => document.querySelector(wanted) !== null, selector), { message: selector }).toBe(true);
}

/** The request is open, and a key would decide it. */
async function shows(page: EnginePage, id: string): Promise<void> {
  await waitFor(page, `[data-testid=approval-detail][data-approval-id="${id}"] [data-testid=approve-button]:not([aria-disabled=true])`);
}

async function reload(page: EnginePage): Promise<void> {
  await page.evaluate(() => {
    document.documentElement.dataset["before"] = "";
    setTimeout(() => location.reload());
  });
  await waitFor(page, "html:not([data-before])");
}

async function openProbe(engine: Engine, mode: Mode): Promise<EnginePage> {
  const page = await engine.open();
  await page.goto(`${stage.gate.url}/probe/index.html#mode=${mode}&scope=probe-${mode}`);
  await expect.poll(() => page.evaluate(() => window.probe.snapshot().status)).toBe("live");
  return page;
}

/** The tab that holds the connection; the oldest when the worker does. */
async function leaderOf(pages: readonly EnginePage[]): Promise<EnginePage> {
  for (const page of pages) if ((await page.evaluate(() => window.probe.snapshot().role)) === "leader") return page;
  const [oldest] = pages;
  if (oldest === undefined) throw new Error("no tab is open");
  return oldest;
}

function arrived(page: EnginePage): Promise<number[]> {
  return page.evaluate(() => window.probe.arrivals.map(({ offset }) => offset));
}

/** How long after `from` the tab had the first event that was committed after it. Milliseconds. */
async function firstAfter(page: EnginePage, from: number): Promise<number> {
  const arrival = (since: number) => window.probe.arrivals.find(({ committedAt }) => committedAt >= since)?.arrivedAt ?? null;
  const at = await vi.waitUntil(() => page.evaluate(arrival, from), { timeout: 30_000, interval: 50 });
  return at - from;
}

/** The tab has what the log has since the tab's first event: each once, in order, and was never told to reload. */
async function expectWhole(page: EnginePage): Promise<void> {
  const log = (await stage.reader.log()).map(({ offset }) => offset);
  await expect.poll(async () => (await arrived(page)).at(-1)).toBe(log.at(-1));
  const offsets = await arrived(page);
  expect(offsets).toEqual(log.filter((offset) => offset >= (offsets[0] ?? Number.POSITIVE_INFINITY)));
  expect(await page.evaluate(() => window.probe.resets)).toEqual([]);
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
