import { beforeEach, expect, test } from "vitest";
import { Liveness } from "../src/liveness.js";
import { ManualCarriers, type ManualCarrier } from "./manual-carriers.js";
import { ManualTiming, settle } from "./manual-timing.js";

let timing: ManualTiming;
let carrier: ManualCarrier | undefined;
let silent: number;
let liveness: Liveness;

beforeEach(() => {
  timing = new ManualTiming();
  carrier = newCarrier();
  silent = 0;
  liveness = new Liveness({ timing, silenceTimeout: 35_000, checkTimeout: 4_000, carrier: () => carrier, onSilent: () => (silent += 1) });
});

function newCarrier(): ManualCarrier {
  const carriers = new ManualCarriers();
  const nothing = () => undefined;
  carriers.open(
    { transport: "websocket", credentials: () => Promise.reject(new Error("not asked")), topics: [] },
    { opened: nothing, events: nothing, delta: nothing, reset: nothing, expiring: nothing, activity: nothing, closed: nothing },
  );
  return carriers.last;
}

test("a carrier is checked when it was silent for the timeout, and not before", async () => {
  liveness.noteActivity();
  await timing.advance(34_000);
  liveness.noteActivity();
  await timing.advance(34_999);
  expect(carrier?.checks).toHaveLength(0);

  await timing.advance(1);

  expect(carrier?.checks.map(({ timeout }) => timeout)).toEqual([4_000]);
});

test("an answered check counts as activity, gives the round trip, and the next silence is noticed too", async () => {
  liveness.noteActivity();
  await timing.advance(35_000);
  carrier?.checks[0]?.answer(12.4);
  await settle();

  expect(liveness.roundTripMs).toBe(12);
  expect(liveness.lastActivityAt).toBe(timing.now());
  expect(silent).toBe(0);
  await timing.advance(35_000);

  expect(carrier?.checks).toHaveLength(2);
});

test("a carrier that does not answer is reported", async () => {
  liveness.noteActivity();
  await timing.advance(35_000);

  carrier?.checks[0]?.fail();
  await settle();

  expect(silent).toBe(1);
});

test("a carrier that was replaced while it was checked is not reported, nor does its answer count as the next one's activity", async () => {
  const first = carrier;
  const before = timing.now();
  liveness.noteActivity();
  void liveness.check();
  void liveness.check();
  await timing.advance(1_000);
  carrier = newCarrier();

  first?.checks[0]?.fail();
  first?.checks[1]?.answer(5);
  await settle();

  expect(silent).toBe(0);
  expect(liveness.lastActivityAt).toBe(before);
});

test("nothing is checked without a carrier, or after the stop", async () => {
  liveness.noteActivity();
  liveness.stop();
  await timing.advance(100_000);
  expect(carrier?.checks).toHaveLength(0);
  carrier = undefined;

  await liveness.check();

  expect(liveness.roundTripMs).toBeNull();
  expect(timing.armed).toBe(0);
});
