import { beforeEach, expect, test } from "vitest";
import type { Carrier } from "../src/carrier.js";
import { connectTimeoutFor } from "../src/client.js";
import { pollingCarrier } from "../src/longpoll.js";
import { ApiProblem, Unreachable } from "../src/problem.js";
import type { EventPage, RestClient } from "../src/rest.js";
import { ManualTiming, settle } from "./manual-timing.js";

let timing: ManualTiming;
let answer: () => Promise<EventPage>;
let asked: string[];
let carrier: Carrier;
let log: string[];

beforeEach(() => {
  timing = new ManualTiming();
  answer = () => Promise.resolve({ data: [], nextCursor: "k1:5:x" });
  asked = [];
  log = [];
  const rest = {
    events: (after: string, limit: number, wait: number, signal: AbortSignal) => {
      asked.push(`${after} ${limit} ${wait}`);
      return Promise.race([wait === 0 ? answer() : new Promise<never>(() => undefined), new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(new Unreachable("aborted"))))]);
    },
  } as unknown as RestClient;
  const nothing = () => undefined;
  carrier = pollingCarrier(rest, timing)(
    { transport: "rest", credentials: () => Promise.resolve({ token: "t", cursor: "k1:5:x" }), topics: "all", timeout: 4_500 },
    { opened: () => log.push("opened"), events: nothing, delta: nothing, presence: nothing, reset: nothing, expiring: nothing, activity: nothing, closed: ({ reason }) => log.push(reason) },
  );
});

test("a check is one short request", async () => {
  await settle();
  expect(log).toEqual(["opened"]);

  await carrier.check(2_000);

  expect(asked).toEqual(["k1:5:x 200 0", "k1:5:x 200 25", "k1:5:x 1 0"]);
});

test("a refused check is an answer", async () => {
  await settle();
  answer = () => Promise.reject(new ApiProblem(429, { code: "too_many_requests" }));

  await expect(carrier.check(2_000)).resolves.toBeUndefined();
});

test("a check without an answer in time fails, and the carrier stays open", async () => {
  await settle();
  answer = () => new Promise<never>(() => undefined);
  const checked = carrier.check(2_000);
  const failed = expect(checked).rejects.toThrow();

  await timing.advance(2_000);

  await failed;
  expect(log).toEqual(["opened"]);
});

test("an attempt may take as long as it is given", async () => {
  carrier.close();
  answer = () => new Promise<never>(() => undefined);
  const closed: string[] = [];
  const nothing = () => undefined;
  pollingCarrier({ events: () => answer() } as unknown as RestClient, timing)(
    { transport: "rest", credentials: () => Promise.resolve({ token: "t", cursor: "k1:5:x" }), topics: "all", timeout: 9_000 },
    { opened: nothing, events: nothing, delta: nothing, presence: nothing, reset: nothing, expiring: nothing, activity: nothing, closed: ({ reason }) => closed.push(reason) },
  );
  await timing.advance(8_999);
  expect(closed).toEqual([]);

  await timing.advance(1);

  expect(closed).toEqual(["no answer within 9 s"]);
});

test("attempts get more time where the page's own server took long to answer", () => {
  expect(connectTimeoutFor(0)).toBe(4_500);
  expect(connectTimeoutFor(40)).toBe(4_500);
  expect(connectTimeoutFor(2_400)).toBe(13_000);
  expect(connectTimeoutFor(60_000)).toBe(15_000);
});
