import { resolve } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Approval } from "../src/api.js";
import { Api } from "../src/api.js";
import { signIn } from "../src/browser.js";
import { useStage } from "../src/stage.js";
import { Figures, percentile } from "./figures.js";
import { atRate, together } from "./load.js";
import { interactions, paints, watch, watchPaints } from "./watcher.js";

const REPORT = resolve(import.meta.dirname, "../../../bench/results/dashboard.md");
/** Requests of the long queue. */
const MANY = 10_000;

const stage = useStage();
const figures = new Figures();
let owner: Api;
let page: Page;

beforeAll(async () => {
  owner = new Api(stage.server.url, await stage.server.token("acme", "olga", "owner", "4h"));
  await owner.ok("POST", "/v1/members", { handle: "bo", role: "admin" });
  // The server's own start is not measured.
  await atRate(100, 10, () => message("warm"));
});

beforeEach(async () => {
  page = await stage.context.newPage();
  await watch(page);
  const { data } = await owner.ok<{ data: { id: string; handle: string }[] }>("GET", "/v1/members");
  const id = data.find(({ handle }) => handle === "bo")?.id ?? "";
  await signIn(page, (await owner.ok<{ url: string }>("POST", `/v1/members/${id}/sign-in-link`)).url);
  await live();
});

afterAll(async () => {
  console.log(await figures.write(REPORT, stage.chromium.browser.version()));
});

const message = (agent: string, text = "Reading the next invoice") => stage.writer.ok<{ id: string }>("POST", `/v1/agents/${agent}/messages`, { role: "agent", kind: "text", text });
const ask = (fields: Record<string, unknown> = {}) => stage.writer.createApproval({ expiresIn: 3_600, risk: "low", ...fields });
const live = () => page.locator('[data-testid="connection-status"]').getByText("Live").waitFor();
const open = async (path: string) => {
  await page.goto(stage.server.url + path);
  await live();
};

/** Presses keys that move, four a second, until the work is done; returns their latencies. */
async function pressDuring(keys: readonly string[], work: Promise<unknown>): Promise<number[]> {
  const ending = new AbortController();
  const ended = work.finally(() => ending.abort());
  await interactions(page);
  for (let index = 0; !ending.signal.aborted; index += 1) {
    await page.keyboard.press(keys[index % keys.length] ?? "j");
    await new Promise((passed) => setTimeout(passed, 250)); // the rate itself
  }
  await ended;
  return interactions(page);
}

test.each([
  ["/", () => "/"],
  ["/approvals", () => "/approvals"],
  ["/approvals/{id}", (approval: Approval) => `/approvals/${approval.id}`],
  ["/agents/{id}", (approval: Approval) => `/agents/${approval.agentId}`],
] as const)("first load of %s", async (name, path) => {
  const approval = await ask();
  const lcps: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    await open(path(approval));
    lcps.push(await page.evaluate(() => window.watched.lcp));
  }
  expect(lcps.every((lcp) => lcp > 0)).toBe(true);
  figures.add(`${name}: largest contentful paint, median of 5`, percentile(lcps, 0.5), "ms", 1_000);
});

test("from POST to the painted row", async () => {
  await open("/approvals");
  await watchPaints(page, "data-approval-id");
  const sent = new Map<string, number>();
  for (let index = 0; index < 100; index += 1) {
    const at = Date.now();
    const { id } = await ask({ title: `Row ${index}`, expiresIn: 3_000 - 10 * index }); // the first of the list
    sent.set(id, at);
    await page.waitForFunction((wanted) => wanted in window.watched.painted || document.querySelector("[data-testid=new-pill]") !== null, id);
  }
  const times = Object.entries(await paints(page)).flatMap(([id, at]) => (sent.has(id) ? [at - (sent.get(id) ?? 0)] : []));
  expect(times.length).toBeGreaterThan(0);
  figures.add(`POST to painted row, p95 of ${times.length}`, percentile(times, 0.95), "ms", 100);
});

test("interactions while 200 events a second arrive", async () => {
  await open("/agents/busy");
  const latencies = await pressDuring(["ArrowUp", "End"], atRate(200, 10, () => message("busy")));
  figures.add(`200 messages/s on the agent's page: interactions, p98 of ${latencies.length}`, percentile(latencies, 0.98), "ms", 100);
});

test.each([
  ["/approvals", ["j", "k"]],
  ["/agents/busy", ["ArrowUp", "End"]],
] as const)("the burst, on %s", async (path, keys) => {
  await open(path);
  await watchPaints(page, path === "/approvals" ? "data-approval-id" : "data-message-id");
  const sent = new Map<string, number>();
  const noted = async (made: Promise<{ id: string }>, at = Date.now()) => sent.set((await made).id, at);
  const burst = Promise.all([atRate(100, 10, (index) => noted(ask({ title: `Burst ${index}` }))), atRate(200, 10, () => noted(message("busy")))]);
  const latencies = await pressDuring(keys, burst);
  const times = Object.entries(await paints(page)).flatMap(([id, at]) => (sent.has(id) ? [at - (sent.get(id) ?? 0)] : []));
  figures.add(`100 requests/s and 200 messages/s on ${path}: interactions, p98 of ${latencies.length}`, percentile(latencies, 0.98), "ms", 100);
  if (times.length > 0) figures.add(`the same: POST to painted, slowest of ${times.length}`, Math.max(...times), "ms");
});

test(`${MANY} pending requests`, async () => {
  const { counts } = await stage.reader.ok<{ counts: { pending: number } }>("GET", "/v1/approvals?status=pending&limit=1");
  await together(MANY - counts.pending, 16, (index) => ask({ title: `Long ${index}` }));
  await open("/approvals");
  await page.getByTestId("approval-row").first().waitFor();
  const scroller = page.getByTestId("approval-queue");
  await page.evaluate(() => {
    let before = performance.now();
    const frame = (now: number) => {
      window.watched.frames.push(now - before);
      before = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  let nodes = 0;
  await scroller.hover();
  await page.evaluate(() => window.watched.frames.splice(0));
  for (let step = 0; step < 200; step += 1) {
    await page.mouse.wheel(0, 900);
    nodes = Math.max(nodes, await page.evaluate(() => document.querySelectorAll("*").length));
  }
  const frames = await page.evaluate(() => window.watched.frames);
  figures.add(`${MANY} pending: elements in the page while scrolling, most`, nodes, "", 1_500);
  figures.add(`${MANY} pending: time between frames while scrolling, p95`, percentile(frames, 0.95), "ms", 50);
  const latencies = await pressDuring(["j"], new Promise((passed) => setTimeout(passed, 5_000)));
  figures.add(`${MANY} pending: j, p98 of ${latencies.length}`, percentile(latencies, 0.98), "ms", 100);
});
