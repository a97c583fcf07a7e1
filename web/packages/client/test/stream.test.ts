import { expect, test } from "vitest";
import { Stream } from "../src/stream.js";
import { event, offsetsOf } from "./events.js";

const since = (stream: Stream, cursor: string) => {
  const events = stream.since(cursor);
  return events === undefined ? undefined : offsetsOf(events);
};

test("an event is accepted once, in order, in its epoch", () => {
  const stream = new Stream();
  stream.begin("k1:5:x");

  expect([5, 4, 6, 6, 8, 7].map((offset) => stream.accept(event(offset)))).toEqual([false, false, true, false, true, false]);
  expect(stream.accept(event(9, 0, "k2"))).toBe(false);
  expect(stream.position?.offset).toBe(8);
});

test("a list gets exactly the events after its cursor", () => {
  const stream = new Stream();
  stream.begin("k1:5:x");
  for (const offset of [6, 8, 9]) stream.accept(event(offset));

  expect(since(stream, "k1:5:x")).toEqual([6, 8, 9]);
  expect(since(stream, "k1:8:x")).toEqual([9]);
  expect(since(stream, "k1:9:x")).toEqual([]);
});

test("a list that is older than the stream's beginning, or of another epoch, has to be fetched again", () => {
  const stream = new Stream();
  stream.begin("k1:5:x");

  expect(since(stream, "k1:4:x")).toBeUndefined();
  expect(since(stream, "k2:6:x")).toBeUndefined();
  expect(since(stream, "no cursor")).toBeUndefined();
});

test("a stream that begins with an event has that event for lists of just before", () => {
  const stream = new Stream();
  stream.accept(event(6));

  expect(since(stream, "k1:5:x")).toEqual([6]);
  expect(since(stream, "k1:4:x")).toBeUndefined();
});

test("seeding changes nothing once the stream has begun", () => {
  const stream = new Stream();
  stream.seed("k1:5:x");
  stream.seed("k1:9:x");

  expect(stream.position?.offset).toBe(5);
});

test("a cursor advances the position, never takes it back, and not into another epoch", () => {
  const stream = new Stream();
  stream.begin("k1:5:x");

  stream.advance("k1:9:x");
  stream.advance("k1:7:x");
  stream.advance("k2:20:x");

  expect(stream.position?.cursor).toBe("k1:9:x");
  expect(stream.accept(event(8))).toBe(false);
});

test("after a reset nothing of before is given to a list", () => {
  const stream = new Stream();
  stream.begin("k1:5:x");
  stream.accept(event(6));

  stream.begin("k1:2:x");

  expect(since(stream, "k1:2:x")).toEqual([]);
});

test("the newest 2,000 events at least are kept, and a list that needs an older one has to be fetched again", () => {
  const stream = new Stream();
  stream.begin("k1:0:x");
  for (let offset = 1; offset <= 4_001; offset += 1) stream.accept(event(offset));

  expect(since(stream, "k1:1999:x")).toBeUndefined();
  expect(stream.since("k1:2000:x")).toHaveLength(2_001);
});
