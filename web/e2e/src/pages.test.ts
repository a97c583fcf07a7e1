import { rm } from "node:fs/promises";
import type { BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Api } from "./api.js";
import { arrivalsOf, buildProbe, Chromium, expectWhole, openProbe, reach } from "./browser.js";
import { Gate } from "./gate.js";
import { Heliograph } from "./heliograph.js";

let server: Heliograph;
let gate: Gate;
let probe: string;
let chromium: Chromium;
let context: BrowserContext;
let token: string;
let writer: Api;
let reader: Api;

beforeAll(async () => {
  probe = await buildProbe();
  server = await Heliograph.up();
  gate = await Gate.open(server.port, { "/probe/": probe });
  chromium = await Chromium.launch();
  token = await server.token("acme", "ada", "operator", "2h");
  writer = new Api(server.url, await server.key("acme", "writer"));
  reader = new Api(server.url, token);
});
afterAll(async () => {
  await chromium.close();
  await gate.close();
  await rm(probe, { recursive: true, force: true });
  await server.remove();
});
beforeEach(async () => {
  gate.token = () => token;
  gate.prefix = "";
  context = await chromium.browser.newContext();
});
afterEach(() => context.close());

const write = async (count: number): Promise<void> => {
  for (let written = 0; written < count; written++) await writer.createApproval();
};
const lastOffset = async (): Promise<number> => (await reader.log()).at(-1)?.offset ?? 0;

test.each(["worker", "lock", "solo"] as const)("%s mode: a tab that reloads goes on where it was", async (mode) => {
  const page = await openProbe(context, gate, mode);
  await write(3);
  const seen = await lastOffset();
  await reach(page, seen);
  const url = page.url();

  await page.goto("about:blank");
  await write(3);
  await page.goto(url);
  const expected = (await reader.log()).map(({ offset }) => offset).filter((offset) => offset > seen);
  await reach(page, expected.at(-1) ?? 0);

  expect((await arrivalsOf(page)).map(({ offset }) => offset)).toEqual(expected);
});

test("a page that comes out of the back/forward cache has what it missed, once", async () => {
  const page = await openProbe(context, gate, "solo");
  await write(2);
  await reach(page, await lastOffset());

  await page.goto(`${gate.url}/v1/health`);
  await write(3);
  await page.evaluate(() => history.back());

  await page.waitForFunction(() => "probe" in window && window.probe.restored);
  await expectWhole(page, reader);
});

test("behind a path prefix that only the proxy knows", async () => {
  gate.prefix = "/behind";
  for (const mode of ["worker", "lock", "solo"] as const) {
    const page = await openProbe(context, gate, mode, { url: "/behind", scope: `behind-${mode}` });
    await write(2);
    await expectWhole(page, reader);
    expect((await page.evaluate(() => window.probe.snapshot())).transport).toBe("websocket");
  }
});

test("tabs of two workspaces in one browser stay apart", async () => {
  const foreign = await server.token("other", "bo", "operator");
  const stranger = new Api(server.url, await server.key("other", "writer"));
  const ours = await openProbe(context, gate, "worker", { scope: "acme/ada" });
  gate.token = () => foreign;
  const theirs = await openProbe(context, gate, "worker", { scope: "other/bo" });

  await write(3);
  await stranger.createApproval();
  await expectWhole(ours, reader);
  await expectWhole(theirs, new Api(server.url, foreign));

  expect((await ours.evaluate(() => window.probe.snapshot())).tabs).toBe(1);
  expect((await arrivalsOf(theirs)).length).toBeLessThan((await arrivalsOf(ours)).length);
});
