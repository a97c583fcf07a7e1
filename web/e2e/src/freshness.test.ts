import type { Page } from "playwright-core";
import { afterEach, describe, expect, test } from "vitest";
import type { Mode } from "../probe/probe.js";
import { expectWhole, openProbe, reach, signIn, statusesOf } from "./browser.js";
import type { Traffic } from "./gate.js";
import { Latency } from "./latency.js";
import { useStage } from "./stage.js";
import { Writers } from "./writers.js";

/** A page is live for five seconds after the last answer; a busy machine may need more until it says so. Milliseconds. */
const MAX_LIVE = 5_000 + 3_000;
/** How long the cuts of one test last; in a minute there is also a probe for a better network. Milliseconds. */
const WINDOW = Number(process.env["HELIOGRAPH_FRESHNESS_SECONDS"] ?? 20) * 1_000;
const MINUTE = 60_000;
/** How long a WebSocket lasts. Milliseconds. */
const LIVES = WINDOW < MINUTE ? [3_000] : [300, 3_000];

const stage = useStage();
let writers: Writers | undefined;
afterEach(async () => {
  stage.server.resume();
  await writers?.stop().catch(() => undefined); // of a test that failed
  writers = undefined;
});

describe("a server that stops answering, though its connections stay open", () => {
  test.each<[Mode, string, Traffic[]]>([
    ["worker", "live", []],
    ["lock", "live", []],
    ["solo", "live", []],
    ["solo", "degraded", ["websocket"]],
    ["solo", "rest", ["websocket", "polling"]],
  ])("%s, %s: five seconds later no page says so, and nothing is lost", async (mode, status, blocked) => {
    const pages = [await openProbe(stage.context, stage.gate, mode), await openProbe(stage.context, stage.gate, mode)];
    if (blocked.length > 0) stage.gate.block(...blocked);
    for (const page of pages) await becomes(page, status);
    const before = await stage.writer.createApproval();
    for (const page of pages) await reach(page, await offsetOf(before.id));

    const stoppedAt = Date.now();
    stage.server.pause();
    const written = stage.writer.createApproval(); // is handled when the server goes on
    for (const page of pages) {
      const seenAt = await becomes(page, "reconnecting", stoppedAt);
      console.log(`${mode}, ${status}: not live after ${seenAt - stoppedAt} ms`);
      expect(seenAt - stoppedAt).toBeLessThan(MAX_LIVE);
    }
    stage.server.resume();
    await written;

    for (const page of pages) {
      await becomes(page, status, stoppedAt);
      await expectWhole(page, stage.reader);
    }
  });

  test("is told in the dashboard's own words", async () => {
    const page = await stage.context.newPage();
    await signIn(page, stage.server.signInLink.replace(stage.server.url, stage.gate.url));
    const label = (text: string) => page.getByTestId("connection-status").getByText(text, { exact: true });
    await label("Live").waitFor();

    const stoppedAt = Date.now();
    stage.server.pause();
    await label("Reconnecting…").waitFor();
    expect(Date.now() - stoppedAt).toBeLessThan(MAX_LIVE);
    await page.getByTestId("stale-banner").waitFor();
    stage.server.resume();

    await label("Live").waitFor();
    await page.getByTestId("stale-banner").waitFor({ state: "detached" });
  });
});

describe("a network that cuts each WebSocket", () => {
  test.each(LIVES)("%d ms after it opened: long-polling carries, and the page does not call itself live", { timeout: 180_000 }, async (life) => {
    const page = await openProbe(stage.context, stage.gate, "solo");
    writers = new Writers(stage.writer, 1, 200);
    const opened = stage.gate.webSocketsOpened;

    const from = Date.now();
    stage.gate.webSocketLife = life;
    stage.gate.cutWebSockets();
    await becomes(page, "degraded", from);
    await expect.poll(() => page.evaluate(() => window.probe.snapshot().transport)).toBe("polling");
    const reachedAt = Date.now();
    await expect.poll(() => Date.now(), { timeout: 2 * WINDOW, interval: 500 }).toBeGreaterThan(from + WINDOW);
    const live = await liveTime(page, from, from + WINDOW);
    const handshakes = stage.gate.webSocketsOpened - opened;
    console.log(`cut after ${life} ms: long-polling after ${reachedAt - from} ms, ${handshakes} WebSockets and ${live} ms live in ${WINDOW} ms`);

    expect(handshakes).toBeLessThanOrEqual(8);
    expect(handshakes).toBeGreaterThanOrEqual(WINDOW < MINUTE ? 2 : 4); // two after the one that was open, and in a minute probes
    // Two are live before it is noticed that they do not last.
    expect(live).toBeLessThan(2 * life + 2_000);
    expect(await page.evaluate(() => window.probe.snapshot().reason)).toMatch(/^WebSocket closed soon after it opened/);
    stage.gate.webSocketLife = Number.POSITIVE_INFINITY;
    await page.evaluate(() => window.probe.retryNow());
    await becomes(page, "live", Date.now());
    await writers.stop();
    await expectWhole(page, stage.reader);
  });
});

test("a network of 1.2 s each way: WebSocket connects, and the page is live all the time", { timeout: 180_000 }, async () => {
  const latency = await Latency.open(Number(new URL(stage.gate.url).port), 1_200);
  try {
    const page = await stage.context.newPage();
    await page.goto(`${latency.url}/probe/index.html#mode=solo&scope=probe-slow`, { timeout: 60_000 });
    const liveAt = await becomes(page, "live");
    await expect.poll(() => Date.now(), { timeout: MINUTE, interval: 500 }).toBeGreaterThan(liveAt + 8_000);
    await stage.writer.createApproval();

    await expectWhole(page, stage.reader);
    const { roundTripMs } = await page.evaluate(() => window.probe.snapshot());
    expect(roundTripMs).toBeGreaterThan(2_300);
    expect((await statusesOf(page)).map(({ status }) => status)).toEqual(["idle", "connecting", "live"]);
  } finally {
    await latency.close();
  }
});

/** When the page's status became this, at `from` or later. */
async function becomes(page: Page, status: string, from = 0): Promise<number> {
  const at = await page.waitForFunction(
    ([wanted, earliest]) => window.probe.statuses.find((entry) => entry.status === wanted && entry.at >= earliest)?.at,
    [status, from] as const,
    { polling: 20, timeout: 60_000 },
  );
  return (await at.jsonValue()) ?? Number.NaN;
}

/** For how long the page called itself live between two times. */
async function liveTime(page: Page, from: number, to: number): Promise<number> {
  const statuses = await statusesOf(page);
  return statuses.reduce((sum, { status, at }, index) => {
    const end = Math.min(to, statuses[index + 1]?.at ?? to);
    return status === "live" ? sum + Math.max(0, end - Math.max(from, at)) : sum;
  }, 0);
}

async function offsetOf(approvalId: string): Promise<number> {
  const event = (await stage.reader.log()).find(({ type, subject }) => type === "approval:created" && subject.id === approvalId);
  return event?.offset ?? Number.NaN;
}
