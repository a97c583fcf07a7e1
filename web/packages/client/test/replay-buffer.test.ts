import { beforeEach, expect, test } from "vitest";
import type { AnyEvent } from "../src/events.js";
import { ReplayBuffer } from "../src/replay-buffer.js";
import { event, offsetsOf } from "./events.js";
import { ManualTiming } from "./manual-timing.js";

let timing: ManualTiming;
let log: string[];
let buffer: ReplayBuffer;
let promptTimers: boolean;

beforeEach(() => {
  timing = new ManualTiming();
  promptTimers = true;
  log = [];
  buffer = new ReplayBuffer(timing, () => promptTimers, {
    deliver: ({ events, replayed }) => log.push(`${replayed ? "replayed" : "live"} ${offsetsOf(events).join(",")}`),
    progress: (carrier, count) => log.push(`progress of ${carrier}: ${count}`),
    ended: (carrier) => log.push(`ended ${carrier}`),
  });
});

const old = (offset: number): AnyEvent => event(offset, timing.now() - 60_000);
const many = (from: number, count: number): AnyEvent[] => Array.from({ length: count }, (_, index) => old(from + index));

test("the first live event is delivered at once, those that follow within 25 ms together", async () => {
  buffer.add(1, [old(1)], 0);
  buffer.add(1, [old(2)], 0);
  buffer.add(1, [old(3)], 0);
  expect(log).toEqual(["live 1"]);

  await timing.advance(25);

  expect(log).toEqual(["live 1", "live 2,3"]);
});

test("where timers are late, every event is delivered at once, and what a window holds with it", () => {
  buffer.add(1, [old(1)], 0);
  buffer.add(1, [old(2)], 0);

  promptTimers = false;
  buffer.add(1, [old(3)], 0);
  buffer.add(1, [old(4)], 0);

  expect(log).toEqual(["live 1", "live 2,3", "live 4"]);
});

test("where timers are late, the first 50 events of a replay wait for no timer, and the others are one batch", async () => {
  promptTimers = false;
  buffer.begin(1);
  buffer.add(1, [old(1)], 0);
  buffer.add(1, many(2, 49), 0);
  const first = log.filter((line) => line.startsWith("replayed"));
  for (let offset = 51; offset <= 99; offset += 1) buffer.add(1, [old(offset)], 0);
  expect(log.filter((line) => line.startsWith("replayed"))).toEqual(first);
  await timing.advance(150);

  expect(first).toEqual(["replayed 1", `replayed ${offsetsOf(many(2, 49)).join(",")}`]);
  expect(log.slice(-2)).toEqual([`replayed ${offsetsOf(many(51, 49)).join(",")}`, "ended 1"]);
});

test("an event that comes after a quiet window is delivered at once", async () => {
  buffer.add(1, [old(1)], 0);
  await timing.advance(30);

  buffer.add(1, [old(2)], 0);

  expect(log).toEqual(["live 1", "live 2"]);
});

test("a replay is held until it was quiet for 150 ms, then delivered as one batch", async () => {
  buffer.begin(1);
  buffer.add(1, [old(1)], 0);
  await timing.advance(149);
  buffer.add(1, [old(2)], 0);
  await timing.advance(149);
  expect(log).toEqual(["progress of 1: 1"]);

  await timing.advance(1);

  expect(log).toEqual(["progress of 1: 1", "replayed 1,2", "ended 1"]);
});

test("a replay without an event ends quietly", async () => {
  buffer.begin(1);

  await timing.advance(150);

  expect(log).toEqual(["ended 1"]);
});

test("a replay ends with the first event that is younger than it", () => {
  buffer.begin(1);
  buffer.add(1, [old(1)], 0);

  buffer.add(1, [event(2, timing.now() + 1)], 0);

  expect(log).toEqual(["progress of 1: 1", "replayed 1,2", "ended 1"]);
});

test("an event that looks younger only because the server's clock is ahead does not end a replay", () => {
  buffer.begin(1);

  buffer.add(1, [event(1, timing.now() + 4_000)], 5_000);

  expect(log).toEqual(["progress of 1: 1"]);
});

test("a replay is delivered in batches of a thousand", () => {
  buffer.begin(1);

  buffer.add(1, many(1, 999), 0);
  expect(log.filter((line) => line.startsWith("replayed"))).toEqual([]);
  buffer.add(1, many(1_000, 1), 0);

  expect(log.filter((line) => line.startsWith("replayed"))).toHaveLength(1);
});

test("progress is reported at the first event and then for every fifty", () => {
  buffer.begin(1);

  for (let offset = 1; offset <= 101; offset += 1) buffer.add(1, [old(offset)], 0);

  expect(log).toEqual(["progress of 1: 1", "progress of 1: 50", "progress of 1: 100"]);
});

test("a flush delivers what a replay holds and leaves it going on", async () => {
  buffer.begin(1);
  buffer.add(1, [old(1)], 0);
  buffer.flush();
  buffer.add(1, [old(2)], 0);

  await timing.advance(150);

  expect(log).toEqual(["progress of 1: 1", "replayed 1", "replayed 2", "ended 1"]);
});

test("what is held when the log is reset is not delivered", async () => {
  buffer.begin(1);
  buffer.add(1, [old(1)], 0);

  buffer.clear();
  await timing.advance(150);

  expect(log).toEqual(["progress of 1: 1", "ended 1"]);
});

test("a replay that begins while another is held takes its place, and its timer with it", async () => {
  buffer.begin(1);
  buffer.add(1, [old(1)], 0);
  await timing.advance(100);
  buffer.begin(2);

  await timing.advance(100);
  expect(log).toEqual(["progress of 1: 1"]);
  buffer.add(2, [old(2)], 0);
  await timing.advance(150);

  expect(log.slice(1)).toEqual(["progress of 2: 1", "replayed 1,2", "ended 2"]);
});

test("live events that are held do not slip out of a replay that began meanwhile", async () => {
  buffer.add(1, [old(1)], 0);
  buffer.add(1, [old(2)], 0);
  buffer.begin(2);
  buffer.add(2, [old(3)], 0);

  await timing.advance(25);
  expect(log).toEqual(["live 1", "progress of 2: 1"]);
  await timing.advance(150);

  expect(log.slice(2)).toEqual(["replayed 2,3", "ended 2"]);
});
