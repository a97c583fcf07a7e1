import { expect, test } from "vitest";
import { Api } from "./api.js";
import { arrivalsOf, expectWhole, openProbe, reach } from "./browser.js";
import { useStage } from "./stage.js";

const stage = useStage();

const write = async (count: number): Promise<void> => {
  for (let written = 0; written < count; written++) await stage.writer.createApproval();
};
const lastOffset = async (): Promise<number> => (await stage.reader.log()).at(-1)?.offset ?? 0;

test.each(["worker", "lock", "solo"] as const)("%s mode: a tab that reloads goes on where it was", async (mode) => {
  const page = await openProbe(stage.context, stage.gate, mode);
  await write(3);
  const seen = await lastOffset();
  await reach(page, seen);
  const url = page.url();

  await page.goto("about:blank");
  await write(3);
  await page.goto(url);
  const expected = (await stage.reader.log()).map(({ offset }) => offset).filter((offset) => offset > seen);
  await reach(page, expected.at(-1) ?? 0);

  expect((await arrivalsOf(page)).map(({ offset }) => offset)).toEqual(expected);
});

test("a page that comes out of the back/forward cache has what it missed, once", async () => {
  const page = await openProbe(stage.context, stage.gate, "solo");
  await write(2);
  await reach(page, await lastOffset());

  await page.goto(`${stage.gate.url}/v1/health`);
  await write(3);
  await page.evaluate(() => history.back());

  await page.waitForFunction(() => "probe" in window && window.probe.restored);
  await expectWhole(page, stage.reader);
});

test("behind a path prefix that only the proxy knows", async () => {
  stage.gate.prefix = "/behind";
  for (const mode of ["worker", "lock", "solo"] as const) {
    const page = await openProbe(stage.context, stage.gate, mode, { url: "/behind", scope: `behind-${mode}` });
    await write(2);
    await expectWhole(page, stage.reader);
    expect((await page.evaluate(() => window.probe.snapshot())).transport).toBe("websocket");
  }
});

test("tabs of two workspaces in one browser stay apart", async () => {
  const foreign = await stage.server.token("other", "bo", "operator");
  const stranger = new Api(stage.server.url, await stage.server.key("other", "writer"));
  const ours = await openProbe(stage.context, stage.gate, "worker", { scope: "acme/ada" });
  stage.gate.token = () => foreign;
  const theirs = await openProbe(stage.context, stage.gate, "worker", { scope: "other/bo" });

  await write(3);
  await stranger.createApproval();
  await expectWhole(ours, stage.reader);
  await expectWhole(theirs, new Api(stage.server.url, foreign));

  expect((await ours.evaluate(() => window.probe.snapshot())).tabs).toBe(1);
  expect((await arrivalsOf(theirs)).length).toBeLessThan((await arrivalsOf(ours)).length);
});
