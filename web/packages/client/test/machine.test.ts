import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fullJitter, jitterAround } from "../src/backoff.js";
import { defaultRules, initialState, next, type ConnectionState, type Signal } from "../src/machine.js";
import { cell, signalFor, signalTypes, states, statuses } from "./spec-table.js";

const spec = readFileSync(new URL("../SPEC.md", import.meta.url), "utf8");
const rows = spec
  .slice(spec.indexOf("<!-- table -->"), spec.indexOf("<!-- end of table -->"))
  .split("\n")
  .filter((line) => line.startsWith("|"))
  .map((line) => line.slice(1, -1).split("|").map((text) => text.trim()));

describe("SPEC.md", () => {
  test("names every signal, and a state of every status", () => {
    expect(rows[0]?.slice(1)).toEqual(signalTypes);
    expect(rows.slice(2).map((row) => row[0])).toEqual(states.map(([name]) => name));
    expect(new Set(states.map(([, state]) => state.status))).toEqual(new Set(statuses));
  });

  const cells = states.flatMap(([name, state], row) => signalTypes.map((type, column) => ({ name, type, state, says: rows[row + 2]?.[column + 1] })));

  test.each(cells)("$name + $type: $says", ({ state, type, says }) => {
    expect(cell(state, type)).toBe(says);
  });
});

describe("late reports", () => {
  const late = states.flatMap(([name, state]) => (["opened", "failed", "dropped", "behind", "caught_up"] as const).map((type) => ({ name, state, type })));

  test.each(late)("$name ignores $type of an earlier link", ({ state, type }) => {
    const signal = { ...signalFor(state, type), id: 77 } as Signal;

    expect(next(state, signal, { now: 0, random: 0, rules: defaultRules })).toBe(state);
  });
});

/** Feeds signals one after the other. */
function run(signals: readonly (readonly [at: number, signal: Signal | ((state: ConnectionState) => Signal)])[]): ConnectionState {
  return signals.reduce(
    (state, [now, signal]) => next(state, typeof signal === "function" ? signal(state) : signal, { now, random: 1, rules: defaultRules }),
    initialState,
  );
}

const opened = (state: ConnectionState): Signal => ({ type: "opened", id: state.dial?.id ?? 0 });
const failed = (state: ConnectionState): Signal => ({ type: "failed", id: state.dial?.id ?? 0, reason: "refused" });
const dropped = (state: ConnectionState): Signal => ({ type: "dropped", id: state.carrier?.id ?? 0, reason: "transport close" });

describe("stories", () => {
  test("WebSocket and long-polling blocked: three tries lead to REST without waiting", () => {
    const state = run([[0, { type: "start" }], [10, failed], [20, failed], [30, opened]]);

    expect(state).toMatchObject({ status: "rest", carrier: { transport: "rest" }, attempt: 0, reason: "refused" });
    expect(state.wakeAt).toBeGreaterThan(30);
  });

  test("a drop is followed by a try within half a second", () => {
    const state = run([[0, { type: "start" }], [10, opened], [1_000, dropped]]);

    expect(state).toMatchObject({ status: "reconnecting", downSince: 1_000, wakeAt: 1_500 });
  });

  test("a server that drains says when to come back", () => {
    const state = run([[0, { type: "start" }], [10, opened], [1_000, (before) => ({ ...dropped(before), delay: 4_200 }) as Signal]]);

    expect(state.wakeAt).toBe(5_200);
  });

  test("nothing reachable for half a minute is offline, and it keeps trying", () => {
    const round = (at: number) => [[at, { type: "due" }], [at, failed], [at, failed], [at, failed]] as const;
    const early = run([[0, { type: "start" }], [10, opened], [1_000, dropped], ...round(2_000), ...round(20_000)]);
    const late = run([[0, { type: "start" }], [10, opened], [1_000, dropped], ...round(2_000), ...round(20_000), ...round(31_000)]);

    expect(early.status).toBe("reconnecting");
    expect(late.status).toBe("offline");
    expect(late.wakeAt).toBeGreaterThan(31_000);
  });

  test("the browser's word alone does not take a living carrier away", () => {
    expect(run([[0, { type: "start" }], [10, opened], [20, { type: "network_down" }]]).status).toBe("live");
    expect(run([[0, { type: "start" }], [10, opened], [20, { type: "network_down" }], [30, dropped]]).status).toBe("offline");
  });

  test("a probe that succeeds takes over while the old carrier still carries", () => {
    const before = run([[0, { type: "start" }], [10, failed], [20, opened], [60_000, { type: "due" }]]);
    const after = next(before, opened(before), { now: 60_100, random: 0, rules: defaultRules });

    expect(before).toMatchObject({ status: "degraded", carrier: { transport: "polling" }, dial: { transport: "websocket" } });
    expect(after).toMatchObject({ status: "live", carrier: { transport: "websocket" }, dial: null, wakeAt: null, reason: null });
  });
});

describe("a WebSocket that opens and dies", () => {
  /** Opens what is being tried, for so long. */
  const dies = (openAt: number, open: number) => [[openAt, opened], [openAt + open, dropped]] as const;
  const twice = [[0, { type: "start" }], ...dies(10, 300), [1_000, { type: "due" }], ...dies(1_010, 3_000)] as const;
  const thrice = [...twice, [6_000, { type: "due" }], ...dies(6_010, 300)] as const;
  const polling = [...thrice, [7_000, { type: "due" }], [7_010, opened]] as const;

  test("is tried again after waits that grow", () => {
    expect(run([[0, { type: "start" }], ...dies(10, 300)])).toMatchObject({ shortLived: 1, wakeAt: 810, reason: "transport close" });
    expect(run([...twice])).toMatchObject({ shortLived: 2, wakeAt: 5_010, reason: "WebSocket closed soon after it opened: transport close" });
  });

  test("is not live until it has stayed open for five seconds", () => {
    const third = [...twice, [6_000, { type: "due" }], [6_010, opened]] as const;

    expect(run([...third])).toMatchObject({ status: "degraded", carrier: { transport: "websocket" }, wakeAt: 11_010, downSince: null });
    expect(run([...third, [6_020, (state) => ({ type: "behind", id: state.lastId, count: 3 })], [6_200, (state) => ({ type: "caught_up", id: state.lastId })]]).status).toBe("degraded");
    expect(run([...third, [11_010, { type: "due" }]])).toMatchObject({ status: "live", wakeAt: null, reason: null, shortLived: 2 });
  });

  test("three times in a row leads to long-polling, with the reason and a probe later", () => {
    expect(run([...thrice, [7_000, { type: "due" }]]).dial).toMatchObject({ transport: "polling" });
    expect(run([...polling])).toMatchObject({
      status: "degraded",
      carrier: { transport: "polling" },
      reason: "WebSocket closed soon after it opened: transport close",
      wakeAt: 7_010 + 18_750,
    });
  });

  test("when it is probed for leads back to long-polling at once, and each time the next probe is later", () => {
    const probe = [...polling, [30_000, { type: "due" }], ...dies(30_010, 300)] as const;
    const back = [...probe, [31_000, { type: "due" }], [31_010, opened]] as const;
    const again = [...back, [90_000, { type: "due" }], ...dies(90_010, 300), [91_000, { type: "due" }], [91_010, opened]] as const;

    expect(run([...probe])).toMatchObject({ shortLived: 3, status: "reconnecting" });
    expect(run([...back])).toMatchObject({ status: "degraded", carrier: { transport: "polling" }, wakeAt: 31_010 + 37_500 });
    expect(run([...again]).wakeAt).toBe(91_010 + 75_000);
  });

  test("is forgiven when one stays open for half a minute, and not before", () => {
    const probe = [...polling, [30_000, { type: "due" }], [30_010, opened], [35_010, { type: "due" }]] as const;

    expect(run([...probe, [60_009, dropped]])).toMatchObject({ shortLived: 3 });
    expect(run([...probe, [60_010, dropped]])).toMatchObject({ shortLived: 0, attempt: 0, wakeAt: 60_510 });
  });

  test("because the server drains does not count", () => {
    expect(run([[0, { type: "start" }], [10, opened], [20, (before) => ({ ...dropped(before), delay: 100 }) as Signal]]).shortLived).toBe(0);
  });

  test("and long-polling that dies three times after it leads to REST", () => {
    const state = run([...polling, ...[8, 9, 10].flatMap((second) => [[second * 1_000, dropped], [second * 1_000 + 500, { type: "due" }], [second * 1_000 + 510, opened]] as const)]);

    expect(state).toMatchObject({ status: "rest", carrier: { transport: "rest" } });
  });

  test("below a blocked WebSocket does not count as its death", () => {
    const state = run([[0, { type: "start" }], [10, failed], [20, opened], [30, dropped], [600, { type: "due" }], [610, failed], [620, opened], [630, dropped]]);

    expect(state.shortLived).toBe(0);
  });
});

describe("silence", () => {
  test("keeps the carrier, and counts from the last word", () => {
    const silent = (state: ConnectionState): Signal => ({ type: "silent", id: state.carrier?.id ?? 0, since: 5_000 });
    const state = run([[0, { type: "start" }], [10, opened], [10_000, silent]]);

    expect(state).toMatchObject({ status: "reconnecting", carrier: { transport: "websocket" }, downSince: 5_000, wakeAt: null });
    expect(run([[0, { type: "start" }], [10, opened], [40_000, silent], [44_000, dropped]])).toMatchObject({ carrier: null, downSince: 5_000, wakeAt: 44_500 });
  });
});

describe("waits", () => {
  const round = (at: number) => [[at, { type: "due" }], [at, failed], [at, failed], [at, failed]] as const;

  test("double with each round that fails on every transport, and begin anew after a carrier", () => {
    const start = [[0, { type: "start" }], [0, failed], [0, failed], [0, failed]] as const;
    const waits = [run([...start]), run([...start, ...round(1)]), run([...start, ...round(1), ...round(2)])].map(({ wakeAt }, index) => (wakeAt ?? 0) - index);
    const again = run([...start, ...round(1), [2, { type: "due" }], [3, opened], [4, dropped], ...round(5)]);

    expect(waits).toEqual([500, 1_000, 2_000]);
    expect(again).toMatchObject({ attempt: 1, wakeAt: 505 });
  });

  test("for a better transport begin with the shortest, however many rounds failed before a carrier opened", () => {
    const state = run([[0, { type: "start" }], [0, failed], [0, failed], [0, failed], ...round(1), [2, { type: "due" }], [3, failed], [4, opened]]);

    expect(state).toMatchObject({ status: "degraded", attempt: 0, wakeAt: 4 + 18_750 });
  });

  test("for a better transport double with each probe that fails, up to a minute", () => {
    const probes = (count: number) => Array.from({ length: count }, () => [[0, { type: "due" }] as const, [0, failed] as const]).flat();
    const waits = [0, 1, 2, 3, 9].map((count) => run([[0, { type: "start" }], [0, failed], [0, opened], ...probes(count)]).wakeAt);

    // The largest of a quarter around 15, 30 and 60 s.
    expect(waits).toEqual([18_750, 37_500, 75_000, 75_000, 75_000]);
  });
});

test.each([
  ["stop and start", [{ type: "stop" }, { type: "start" }]],
  ["the end of the session and signing in", [{ type: "unauthorized", reason: "signed out" }, { type: "signed_in" }]],
] satisfies [string, Signal[]][])("ids are not used again after %s, so late reports of before change nothing", (_, signals) => {
  const before = run([[0, { type: "start" }]]);
  const after = signals.reduce((state, signal) => next(state, signal, { now: 1, random: 0, rules: defaultRules }), before);

  expect(after.dial?.id).toBeGreaterThan(before.dial?.id ?? 0);
  expect(next(after, opened(before), { now: 2, random: 0, rules: defaultRules })).toBe(after);
});

test("what the browser said about the network while nothing was wanted counts when it begins", () => {
  const state = run([[0, { type: "network_down" }], [1, { type: "start" }], [2, failed], [3, failed], [4, failed]]);

  expect(state).toMatchObject({ status: "offline", networkDown: true });
});

test("a drop while a probe is under way leaves the probe to go on, without a wait", () => {
  const state = run([[0, { type: "start" }], [10, failed], [20, opened], [60_000, { type: "due" }], [60_001, dropped]]);

  expect(state).toMatchObject({ status: "reconnecting", carrier: null, dial: { transport: "websocket" }, wakeAt: null, downSince: 60_001 });
});

test("back-off is full jitter under a doubling ceiling", () => {
  const waits = { base: 500, cap: 15_000 };

  expect([0, 1, 2, 10].map((attempt) => fullJitter(attempt, 1, waits))).toEqual([500, 1_000, 2_000, 15_000]);
  expect(fullJitter(10, 0, waits)).toBe(0);
  expect(fullJitter(400, 0.5, waits)).toBe(7_500);
  expect([jitterAround(60_000, 0), jitterAround(60_000, 0.5)]).toEqual([45_000, 60_000]);
});
