import { beforeEach, describe, expect, test } from "vitest";
import type { Carrier } from "../src/carrier.js";
import { Liveness, type LivenessOptions } from "../src/liveness.js";
import { ManualCarriers, type ManualCarrier } from "./manual-carriers.js";
import { ManualTiming, settle } from "./manual-timing.js";

let timing: ManualTiming;
let carrier: ManualCarrier | undefined;
let visible: boolean;
let log: string[];
let options: LivenessOptions;
let liveness: Liveness;

beforeEach(async () => {
  timing = new ManualTiming();
  carrier = newCarrier();
  visible = true;
  log = [];
  options = {
    timing,
    carrier: (): Carrier | undefined => carrier,
    visible: () => visible,
    onSilent: (since) => log.push(`silent for ${timing.now() - since}`),
    onHeard: () => log.push("heard"),
    onLost: () => log.push("lost"),
    onServerTime: (at, roundTrip) => log.push(`server time ${at} after ${roundTrip}`),
  };
  liveness = new Liveness(options);
  void liveness.check();
  await answer(10);
  liveness.stop();
});

function newCarrier(): ManualCarrier {
  const carriers = new ManualCarriers();
  const nothing = () => undefined;
  carriers.open(
    { transport: "websocket", credentials: () => Promise.reject(new Error("not asked")), topics: [], timeout: 1_000 },
    { opened: nothing, events: nothing, delta: nothing, presence: nothing, reset: nothing, expiring: nothing, activity: nothing, closed: nothing },
  );
  return carriers.last;
}

const asked = () => carrier?.checks.length ?? 0;

/** The carrier's next check is answered after a round trip. */
async function answer(roundTrip: number, at?: number): Promise<void> {
  await timing.advance(roundTrip);
  carrier?.checks.shift()?.answer(at);
  await settle();
}

describe("a visible page", () => {
  test("asks after three seconds of silence, and not before", async () => {
    liveness.noteActivity();
    await timing.advance(2_000);
    liveness.noteActivity();
    await timing.advance(2_999);
    expect(asked()).toBe(0);

    await timing.advance(1);

    expect(asked()).toBe(1);
  });

  test("asks again three seconds after each answer, which tells the round trip and the server's time", async () => {
    liveness.noteActivity();
    await timing.advance(3_000);
    await answer(12, 77_000);
    expect(liveness.roundTripMs).toBe(12);
    expect(liveness.lastActivityAt).toBe(timing.now());
    expect(log).toEqual(["server time 77000 after 12"]);

    await timing.advance(3_000);

    expect(asked()).toBe(1);
  });

  test("is not live five seconds after the last word, and not before", async () => {
    liveness.noteActivity();
    await timing.advance(4_999);
    expect(log).toEqual([]);

    await timing.advance(1);

    expect(log).toEqual(["silent for 5000"]);
  });

  test("is live again as soon as anything comes, and asks on", async () => {
    liveness.noteActivity();
    await timing.advance(6_000);
    liveness.noteActivity();
    expect(log).toEqual(["silent for 5000", "heard"]);

    await timing.advance(3_000);

    expect(asked()).toBe(2);
  });

  test("gives the carrier up when the silence lasts, once", async () => {
    liveness.noteActivity();
    await timing.advance(8_999);
    expect(log).toEqual(["silent for 5000"]);

    await timing.advance(60_000);

    expect(log).toEqual(["silent for 5000", "lost"]);
    expect(timing.armed).toBe(0);
  });

  test("is silent two seconds after a question that was asked at once", async () => {
    liveness.noteActivity();
    await timing.advance(1_000);
    void liveness.check();
    await timing.advance(1_999);
    expect(log).toEqual([]);

    await timing.advance(1);

    expect(log).toEqual(["silent for 3000"]);
  });

  test("on a slow network asks earlier, so that no answer in time is taken for silence", async () => {
    void liveness.check();
    await answer(2_400);
    log = [];
    for (let round = 0; round < 5; round += 1) {
      await timing.advance(1_400);
      expect(asked()).toBe(1);
      await answer(2_400);
    }
    expect(log).toEqual([]);

    await timing.advance(5_000);

    expect(log).toEqual(["silent for 5000"]);
  });

  test("gives the first question of all four seconds, as the round trip is not known", async () => {
    liveness = new Liveness(options);
    liveness.noteActivity();
    void liveness.check();
    await timing.advance(3_999);
    expect(log).toEqual([]);

    await timing.advance(1);

    expect(log).toEqual(["silent for 4000"]);
  });

  test("needs one timer, however much arrives", () => {
    for (let event = 0; event < 100; event += 1) liveness.noteActivity();

    expect(timing.armed).toBe(1);
  });
});

describe("a hidden page", () => {
  test("asks nothing and needs no timer", async () => {
    visible = false;
    liveness.noteActivity();
    expect(timing.armed).toBe(0);
    visible = true;
    liveness.noteActivity();
    visible = false;

    await timing.advance(60_000);

    expect(asked()).toBe(0);
    expect(timing.armed).toBe(0);
    expect(log).toEqual([]);
  });

  test("that is shown asks at once, and has two seconds from then on", async () => {
    visible = false;
    liveness.noteActivity();
    await timing.advance(20_000);
    visible = true;

    void liveness.check();
    expect(asked()).toBe(1);
    await timing.advance(1_999);
    expect(log).toEqual([]);
    await timing.advance(1);

    expect(log).toEqual(["silent for 22000"]);
  });
});

test("a page whose timers stood still asks once more before it judges", async () => {
  liveness.noteActivity();
  await timing.advance(3_000);
  timing.stall(60_000);
  await timing.advance(0);
  expect(log).toEqual([]);
  expect(asked()).toBe(2);

  carrier?.checks[0]?.answer();
  await timing.advance(1_000);

  expect(log).toEqual([]);
});

test("this machine's clock is no measure of silence; when it was set, the server's is asked for at once", async () => {
  liveness.noteActivity();
  timing.set(900_000);
  await timing.advance(2_000);
  expect(log).toEqual([]);

  liveness.noteActivity();
  expect(asked()).toBe(1);
  await answer(10);
  liveness.noteActivity();

  expect(asked()).toBe(0);
});

test("a carrier that was replaced while it was asked does not answer for the next one", async () => {
  const first = carrier;
  liveness.noteActivity();
  void liveness.check();
  await timing.advance(1_000);
  carrier = newCarrier();
  const before = liveness.lastActivityAt;

  first?.checks[0]?.answer(5_000);
  await settle();

  expect(liveness.lastActivityAt).toBe(before);
  expect(log).toEqual([]);
});

test("a question that fails is no answer", async () => {
  liveness.noteActivity();
  await timing.advance(3_000);
  carrier?.checks[0]?.fail();

  await timing.advance(2_000);

  expect(log).toEqual(["silent for 5000"]);
});

test("nothing is asked without a carrier, or after the stop", async () => {
  liveness.noteActivity();
  liveness.stop();
  await timing.advance(100_000);
  expect(asked()).toBe(0);
  carrier = undefined;

  await liveness.check();

  expect(log).toEqual([]);
  expect(timing.armed).toBe(0);
});
