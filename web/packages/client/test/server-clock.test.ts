import { beforeEach, expect, test } from "vitest";
import { clockReading, ServerClock } from "../src/server-clock.js";

let clock: ServerClock;

beforeEach(() => {
  clock = new ServerClock();
});

test("is not known before the first reading", () => {
  expect(clock.skew).toBeNull();
  expect(clock.aheadAtMost).toBe(0);
});

test("a reading counts the answer's way back as half of the round trip", () => {
  expect(clockReading(10_000, 400, 5_000)).toEqual({ skew: 5_200, error: 250 });
});

test("a more exact reading replaces a coarse one, and a coarse one that fits changes nothing", () => {
  clock.note({ skew: 700, error: 1_000 });
  clock.note({ skew: 120, error: 60 });
  clock.note({ skew: -800, error: 1_000 });

  expect(clock.skew).toBe(120);
});

test("a reading that cannot be right together with the former replaces it: one of the clocks was set", () => {
  clock.note({ skew: 0, error: 60 });
  clock.note({ skew: -900_000, error: 2_000 });

  expect(clock.skew).toBe(-900_000);
});

test("an answer that the server held is no exact reading", () => {
  clock.note({ skew: 0, error: 60 });
  clock.note(clockReading(25_000, 25_000, 25_000));

  expect(clock.skew).toBe(0);
});

test("an event is a lower bound until there is a reading", () => {
  clock.noteEvent(10_000, 20_000);
  expect(clock.skew).toBeNull();
  clock.noteEvent(320_000, 20_000);
  expect(clock.skew).toBe(300_000);

  clock.note({ skew: 305_000, error: 12_000 });
  clock.noteEvent(900_000, 20_000);

  expect(clock.skew).toBe(305_000);
});

test("how far the server may be ahead is nothing when the clocks may be equal", () => {
  clock.note({ skew: 400, error: 500 });
  expect(clock.aheadAtMost).toBe(0);

  clock.note({ skew: 60_000, error: 500 });

  expect(clock.aheadAtMost).toBe(60_500);
});
