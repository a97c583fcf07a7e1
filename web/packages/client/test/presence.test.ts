import { beforeEach, describe, expect, test } from "vitest";
import { PageLooking } from "../src/page-looking.js";
import { frontmost, LookingReporter, parsePresence, PresenceStore, type Looking } from "../src/presence.js";
import { ManualCarrier } from "./manual-carriers.js";
import { ManualTiming } from "./manual-timing.js";

let timing: ManualTiming;

beforeEach(() => {
  timing = new ManualTiming();
});

function carrier(): ManualCarrier {
  const ignore = () => undefined;
  const listener = { opened: ignore, events: ignore, delta: ignore, presence: ignore, reset: ignore, expiring: ignore, activity: ignore, closed: ignore };
  return new ManualCarrier({ transport: "websocket", credentials: () => Promise.reject(new Error("not asked")), topics: [], timeout: 1 }, listener);
}

describe("what is looked at", () => {
  test("is told at once, and every 15 seconds while it is an approval", async () => {
    const server = carrier();
    const reporter = new LookingReporter(timing, () => server);

    reporter.set("apr_1");
    await timing.advance(31_000);
    expect(server.looked).toEqual(["apr_1", "apr_1", "apr_1"]);

    reporter.set(null);
    await timing.advance(60_000);
    expect(server.looked).toEqual(["apr_1", "apr_1", "apr_1", null]);
    expect(timing.armed).toBe(0);
  });

  test("that is the same is told once", () => {
    const server = carrier();
    const reporter = new LookingReporter(timing, () => server);

    reporter.set(null);
    reporter.set("apr_1");
    reporter.set("apr_1");

    expect(server.looked).toEqual(["apr_1"]);
  });

  test("is told again to the next carrier, and nothing when it is none", () => {
    let server = carrier();
    const reporter = new LookingReporter(timing, () => server);
    reporter.set("apr_1");
    server = carrier();
    reporter.onCarrierAdopted();
    expect(server.looked).toEqual(["apr_1"]);

    reporter.set(null);
    server = carrier();
    reporter.onCarrierAdopted();

    expect(server.looked).toEqual([]);
  });
});

describe("a page", () => {
  let visible: boolean;
  let report: (focused: boolean) => void;
  let listening: boolean;
  let changes: Looking[];
  let page: PageLooking;

  beforeEach(() => {
    visible = true;
    listening = false;
    changes = [];
    page = new PageLooking({
      timing,
      visible: () => visible,
      listen: (listener) => {
        report = listener;
        listening = true;
        return () => (listening = false);
      },
      onChange: (looking) => changes.push(looking),
    });
  });

  test("tells what it shows while it is visible", async () => {
    page.set("apr_1");
    expect(changes).toEqual([]);
    page.start();
    const openedAt = timing.now();
    await timing.advance(500);
    visible = false;
    report(false);
    page.set("apr_2");
    visible = true;
    report(true);

    expect(changes).toEqual([{ approvalId: "apr_1", focusedAt: openedAt }, null, null, { approvalId: "apr_2", focusedAt: openedAt + 500 }]);
  });

  test("in the background keeps the time at which it was in front", async () => {
    page.start();
    const openedAt = timing.now();
    await timing.advance(500);

    page.set("apr_1");

    expect(changes.at(-1)).toEqual({ approvalId: "apr_1", focusedAt: openedAt });
  });

  test("hears nothing after its end", () => {
    page.start();
    page.stop();
    page.set("apr_1");

    expect(listening).toBe(false);
    expect(changes).toHaveLength(1);
  });
});

describe("of several pages", () => {
  test("the one that was in front last counts, also when it shows no approval", () => {
    const first = { approvalId: "apr_1", focusedAt: 10 };
    const second = { approvalId: null, focusedAt: 20 };

    expect(frontmost([first, null, second])).toBe(second);
    expect(frontmost([first, null])).toBe(first);
  });

  test("none counts when all are hidden", () => {
    expect(frontmost([null, null])).toBeNull();
    expect(frontmost([])).toBeNull();
  });
});

describe("who is online", () => {
  test("is empty at first, then what the server told, then empty without a connection", () => {
    const known: string[] = [];
    const store = new PresenceStore(() => known[0]);
    const ada = { id: "mem_1", name: "Ada" };
    expect(store.state.getState()).toEqual({ members: [], truncated: false, me: null });

    known.push("mem_1");
    store.set({ members: [ada], truncated: true });
    expect(store.state.getState()).toEqual({ members: [ada], truncated: true, me: "mem_1" });

    store.set(undefined);
    const gone = store.state.getState();
    expect(gone).toEqual({ members: [], truncated: false, me: "mem_1" });
    store.set(undefined);
    expect(store.state.getState()).toBe(gone);
  });

  test("is read only from what the contract says", () => {
    expect(parsePresence({ members: [{ id: "mem_1", name: "Ada", approvalId: "apr_1" }] })).toEqual({
      members: [{ id: "mem_1", name: "Ada", approvalId: "apr_1" }],
    });
    for (const wrong of [undefined, null, "x", {}, { members: [{ id: 1, name: "Ada" }] }, { members: "all" }]) expect(parsePresence(wrong)).toBeUndefined();
  });
});
