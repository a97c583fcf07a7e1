import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BrowserSignal } from "../src/browser-signals.js";
import { SignInNeeded } from "../src/problem.js";
import { Session } from "../src/session.js";
import type { ConnectionSnapshot } from "../src/snapshot.js";
import { TabConnection } from "../src/tab-connection.js";
import type { TabHub } from "../src/tab-hub.js";
import type { HubMessage, SharedMessage, TabMessage } from "../src/tab-messages.js";
import type { HeldLock } from "../src/tab-platform.js";
import { event, offsetsOf } from "./events.js";
import { ManualTiming, settle } from "./manual-timing.js";

const initial: ConnectionSnapshot = {
  status: "idle",
  transport: "none",
  role: "solo",
  tabs: 1,
  attempt: 0,
  nextRetryAt: null,
  trying: false,
  downSince: null,
  lastEventAt: null,
  lastSyncAt: null,
  roundTripMs: null,
  clockSkewMs: null,
  reason: null,
  shortLived: 0,
  behind: 0,
};

/** A request for the leader's lock that a test grants, or not. */
interface LockRequest {
  readonly steal: boolean;
  readonly grant: () => { lose: () => void };
  readonly aborted: () => boolean;
}

let timing: ManualTiming;
let posted: TabMessage[];
let toTab: (message: HubMessage) => void;
let requests: LockRequest[];
/** The names of locks that the tab released. */
let released: string[];
let hubs: { closed: boolean }[];
let visible: boolean;
let report: (signal: BrowserSignal) => void;
let saved: string | undefined;
let log: string[];
let token: () => Promise<{ token: string }>;
let connection: TabConnection;

beforeEach(() => {
  timing = new ManualTiming();
  posted = [];
  requests = [];
  released = [];
  hubs = [];
  visible = true;
  saved = "k1:5:x";
  log = [];
  token = () => Promise.resolve({ token: "t" });
  connection = new TabConnection(
    {
      platform: {
        channel: () => ({
          post: (value) => posted.push(value as TabMessage),
          listen: (listener) => (toTab = (message: SharedMessage) => listener(message)),
          close: () => undefined,
        }),
        locks: {
          hold: (name, { steal = false, signal }) => {
            const held = (): { lock: HeldLock; lose: () => void } => {
              let lose: () => void = () => undefined;
              const lost = new Promise<void>((resolve) => (lose = resolve));
              const release = () => {
                released.push(name);
                lose();
              };
              return { lock: { lost, release }, lose };
            };
            if (name.includes(":tab:")) return Promise.resolve(held().lock);
            return new Promise((resolve) => {
              const grant = () => {
                const { lock, lose } = held();
                resolve(lock);
                return { lose };
              };
              requests.push({ steal, grant, aborted: () => signal.aborted });
            });
          },
          held: () => Promise.resolve([]),
        },
      },
      scope: "ws_1/mem_1",
      session: new Session(() => token(), timing),
      browserSignals: { networkDown: () => false, listen: (listener) => ((report = listener), () => undefined) },
      memory: { load: () => saved, save: (cursor) => (saved = cursor) },
      timing,
      visible: () => visible,
      onVisible: () => () => undefined,
      initial,
      lead: () => {
        const hub = { closed: false, start: () => Promise.resolve(), close: () => (hub.closed = true) };
        hubs.push(hub);
        return hub as unknown as TabHub;
      },
      worker: undefined,
    },
    {
      batch: ({ events, replayed, unattended }) => log.push(`${unattended === true ? "unattended " : ""}${replayed ? "replayed" : "live"} ${offsetsOf(events).join(",")}`),
      delta: () => undefined,
      presence: (update) => log.push(`present ${update?.members.map(({ id }) => id).join(",") ?? "unknown"}`),
      reset: (reason) => log.push(`reset ${reason}`),
    },
  );
});

afterEach(() => connection.stop());

const hellos = () => posted.filter((message) => message.type === "hello").map(({ cursor }) => cursor);
const pings = () => posted.filter((message) => message.type === "ping").length;
const batch = (after: number, ...offsets: number[]): Extract<HubMessage, { type: "batch" }> => {
  const upTo = `k1:${offsets.at(-1) ?? after}:x`;
  return { type: "batch", after: `k1:${after}:x`, upTo, events: offsets.map((offset) => event(offset)), replayed: false };
};
const snapshot = (fields: Partial<ConnectionSnapshot>): HubMessage => ({ type: "snapshot", hub: "hub", snapshot: { ...initial, ...fields }, visible: true });

async function started(): Promise<void> {
  connection.start();
  await settle();
}

describe("a tab", () => {
  test("hears that no tab is visible when the hub names it", async () => {
    await started();
    toTab({ type: "catch_up", tab: connection.id, events: [], upTo: "k1:5:x" });

    toTab({ ...batch(5, 6), unattended: "another" });
    toTab({ ...batch(6, 7), unattended: connection.id });

    expect(log).toEqual(["live 6", "unattended live 7"]);
  });

  test("hands a reading of the server's clock to the hub when it is news, and shows what the hub says", async () => {
    await started();
    const readings = () => posted.filter((message) => message.type === "clock").map(({ reading }) => reading.skew);
    connection.noteClock({ skew: 60_000, error: 600 });
    expect(readings()).toEqual([60_000]);
    expect(connection.snapshot.getState().clockSkewMs).toBeNull();

    toTab(snapshot({ clockSkewMs: 60_100 }));
    connection.noteClock({ skew: 60_500, error: 600 });
    connection.noteClock({ skew: -840_000, error: 600 });

    expect(connection.snapshot.getState().clockSkewMs).toBe(60_100);
    expect(readings()).toEqual([60_000, -840_000]);
  });

  test("tells the hub what it shows, also a hub that starts later, and hears who is online", async () => {
    await started();
    const looking = { approvalId: "apr_1", focusedAt: 7 };
    connection.look(looking);
    expect(posted.at(-1)).toEqual({ type: "looking", tab: connection.id, looking });

    toTab({ type: "hub", hub: "another" });
    expect(posted.at(-1)).toMatchObject({ type: "hello", looking });

    toTab({ type: "presence", update: { members: [{ id: "mem_1", name: "Ada" }] } });
    connection.stop();
    expect(log.filter((line) => line.startsWith("present"))).toEqual(["present mem_1", "present unknown"]);
  });

  test("says hello with the cursor that it kept, and again until a hub answers", async () => {
    await started();
    await timing.advance(3_000);
    expect(hellos()).toEqual(["k1:5:x", "k1:5:x"]);

    toTab({ type: "catch_up", tab: connection.id, events: [event(6)], upTo: "k1:7:x" });
    await timing.advance(10_000);

    expect(hellos()).toHaveLength(2);
    expect(log).toEqual(["replayed 6"]);
    expect(saved).toBe("k1:7:x");
  });

  test("takes what follows its cursor, once", async () => {
    await started();

    toTab(batch(5, 6, 7));
    toTab(batch(5, 6, 7));
    toTab(batch(7, 9));

    expect(log).toEqual(["live 6,7", "live 9"]);
    expect(saved).toBe("k1:9:x");
  });

  test("that lacks what a batch follows takes nothing of it and asks, with its own cursor", async () => {
    await started();
    posted = [];

    toTab(batch(7, 8));

    expect(log).toEqual([]);
    expect(hellos()).toEqual(["k1:5:x"]);
  });

  test("asks when a batch is of another epoch", async () => {
    await started();
    posted = [];

    toTab({ type: "batch", after: "k2:1:x", upTo: "k2:2:x", events: [event(2, 0, "k2")], replayed: false });

    expect(hellos()).toEqual(["k1:5:x"]);
    expect(log).toEqual([]);
  });

  test("ignores answers to other tabs", async () => {
    await started();

    toTab({ type: "catch_up", tab: "another", events: [event(6)], upTo: "k1:6:x" });
    toTab({ type: "reset_one", tab: "another", reason: "cursor_gone", cursor: "k1:9:x" });

    expect(log).toEqual([]);
    expect(connection.stream.position?.cursor).toBe("k1:5:x");
  });

  test("loads its lists again after a reset, and goes on from the reset's cursor", async () => {
    await started();

    toTab({ type: "reset_one", tab: connection.id, reason: "cursor_gone", cursor: "k1:20:x" });
    expect(saved).toBe("k1:20:x");
    toTab(batch(20, 21));

    expect(log).toEqual(["reset cursor_gone", "live 21"]);
    expect(saved).toBe("k1:21:x");
  });

  test("brings a token when it is asked, and says when the member has to sign in again", async () => {
    await started();
    posted = [];
    toTab({ type: "token_request", tab: connection.id, request: "one" });
    toTab({ type: "token_request", tab: "another", request: "two" });
    await settle();
    token = () => Promise.reject(new SignInNeeded("sign in"));
    toTab({ type: "token_request", tab: connection.id, request: "three" });
    await settle();

    expect(posted).toEqual([
      { type: "token", request: "one", credential: { token: "t" } },
      { type: "no_token", request: "three", reason: "sign in", ended: true },
    ]);
  });

  test("leaves when the page is hidden away, and is back with its cursor when it is shown", async () => {
    await started();
    toTab(batch(5, 6));
    report("page_hidden");
    expect(posted.at(-1)).toEqual({ type: "bye", tab: connection.id });
    posted = [];

    report("page_shown");
    await settle();

    expect(hellos()).toEqual(["k1:6:x"]);
  });

  test("that leads closes the connection and releases both locks when the page is hidden away, and queues again when it is shown", async () => {
    await started();
    requests[0]?.grant();
    await settle();

    report("page_hidden");
    expect(hubs).toMatchObject([{ closed: true }]);
    expect(released).toEqual([expect.stringContaining(`:tab:ws_1/mem_1:${connection.id}`), expect.stringContaining(":leader:ws_1/mem_1")]);
    expect(timing.armed).toBe(0);
    report("page_shown");
    await settle();

    expect(requests).toHaveLength(2);
    expect(connection.snapshot.getState().role).toBe("follower");
  });
});

describe("the lead", () => {
  test("goes to the tab whose lock is granted; when it is lost, the hub closes and the tab queues again", async () => {
    await started();
    const { lose } = requests[0]?.grant() ?? { lose: () => undefined };
    await settle();
    expect(connection.snapshot.getState().role).toBe("leader");
    posted = [];

    lose();
    await settle();

    expect(hubs).toMatchObject([{ closed: true }]);
    expect(connection.snapshot.getState().role).toBe("follower");
    expect(requests.map(({ steal }) => steal)).toEqual([false, false]);
    expect(hellos()).toEqual(["k1:5:x"]);
  });

  test("is taken by a visible tab when the hub does not answer a ping", async () => {
    await started();
    await timing.advance(699);
    expect(requests).toHaveLength(1);

    await timing.advance(1);

    expect(requests.map(({ steal }) => steal)).toEqual([false, true]);
    expect(requests[0]?.aborted()).toBe(true);
  });

  test("is left with a hub that answers, and with any hub by a hidden tab", async () => {
    await started();
    toTab({ type: "pong", tab: connection.id, visible: true, carried: true });
    await timing.advance(2_400);
    visible = false;
    const before = pings();
    await timing.advance(60_000);

    expect(requests.map(({ steal }) => steal)).toEqual([false]);
    expect(pings()).toBe(before);
  });

  test("is taken from a hub in a hidden tab that has carried nothing for two seconds", async () => {
    await started();
    toTab(snapshot({ status: "reconnecting", downSince: timing.now() }));
    const pong: HubMessage = { type: "pong", tab: connection.id, visible: false, carried: false };
    await timing.advance(2_000);
    toTab(pong);
    expect(requests).toHaveLength(1);

    await timing.advance(1);
    toTab(pong);

    expect(requests.map(({ steal }) => steal)).toEqual([false, true]);
  });

  test("is given up, and everything with it, by a tab that stops", async () => {
    await started();
    requests[0]?.grant();
    await settle();

    connection.stop();
    await settle();

    expect(hubs).toMatchObject([{ closed: true }]);
    expect(timing.armed).toBe(0);
    expect(connection.snapshot.getState()).toMatchObject({ status: "idle", role: "follower" });
  });
});
