import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BrowserSignals } from "../src/browser-signals.js";
import { Connection, type ConnectionListener } from "../src/connection.js";
import { defaultRules } from "../src/machine.js";
import type { Looking } from "../src/presence.js";
import { ApiProblem, SignInNeeded, Unreachable } from "../src/problem.js";
import type { EventPage, RestClient } from "../src/rest.js";
import { Session } from "../src/session.js";
import { TabBus } from "../src/tab-bus.js";
import { TabHub } from "../src/tab-hub.js";
import type { HubMessage, SharedMessage, TabMessage } from "../src/tab-messages.js";
import { envelope, offsetsOf } from "./events.js";
import { ManualCarriers } from "./manual-carriers.js";
import { ManualTiming, settle } from "./manual-timing.js";

type Posted<T extends HubMessage["type"]> = Extract<HubMessage, { type: T }>;

let timing: ManualTiming;
let carriers: ManualCarriers;
let bus: TabBus;
let posted: SharedMessage[];
let post: (message: TabMessage) => void;
let present: string[];
/** Grants the hub the lock of a tab that it waits for. */
let granted: Map<string, () => void>;
let fetched: string[];
let pages: (after: string) => EventPage | Error;
let connection: Connection;
let hub: TabHub;

beforeEach(() => {
  timing = new ManualTiming();
  carriers = new ManualCarriers();
  bus = new TabBus({ post: () => undefined, listen: () => undefined, close: () => undefined });
  posted = [];
  post = bus.join((message) => posted.push(message)).post;
  present = [];
  granted = new Map();
  fetched = [];
  pages = () => ({ data: [], nextCursor: "k1:0:x" });
  const rest = {
    events: (after: string) => {
      fetched.push(after);
      const page = pages(after);
      return page instanceof Error ? Promise.reject(page) : Promise.resolve(page);
    },
  } as unknown as RestClient;
  hub = new TabHub({
    bus,
    locks: {
      hold: (name, { signal }) =>
        new Promise((resolve, reject) => {
          granted.set(name.slice("tab:".length), () => resolve({ release: () => undefined, lost: Promise.resolve() }));
          signal.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
        }),
      held: (prefix) => Promise.resolve(present.map((tab) => prefix + tab)),
    },
    tabPrefix: "tab:",
    timing,
    rest,
    visible: () => true,
    connect: (browserSignals, listener) => (connection = newConnection(browserSignals, listener)),
  });
});

afterEach(() => hub.close());

function newConnection(browserSignals: BrowserSignals, listener: ConnectionListener): Connection {
  return new Connection(
    {
      session: new Session(() => Promise.resolve({ token: "t" }), timing),
      open: { websocket: carriers.open, polling: carriers.open, rest: carriers.open },
      head: () => Promise.resolve("k1:50:x"),
      memory: { load: () => undefined, save: () => undefined },
      browserSignals,
      timing,
      rules: defaultRules,
      connectTimeout: 4_500,
      visible: () => hub.watched,
      promptTimers: () => true,
    },
    listener,
  );
}

const postedOf = <T extends HubMessage["type"]>(type: T) => posted.filter((message): message is Posted<T> => message.type === type);
const hello = (tab: string, cursor: string | null, fields: { topics?: "all" | string[]; visible?: boolean; looking?: Looking } = {}) => {
  if (!present.includes(tab)) present.push(tab);
  post({ type: "hello", tab, cursor, topics: [], visible: true, looking: null, ...fields });
};
/** A tab crashes or is closed: its lock is free. */
const end = (tab: string) => {
  present = present.filter((other) => other !== tab);
  granted.get(tab)?.();
};
const arrive = (...offsets: number[]) =>
  carriers.last.listener.events(
    offsets.map((offset) => envelope(offset, timing.now() - 60_000)),
    `k1:${offsets.at(-1) ?? 0}:x`,
  );

/** The hub leads a tab that is at a cursor, and is live. */
async function lead(cursor: string): Promise<void> {
  hello("one", cursor);
  const started = hub.start();
  await timing.advance(120);
  await started;
  carriers.last.listener.opened();
  await timing.advance(150);
  posted = [];
}

test("a tab that appears while the tabs are counted is not taken for one that has gone", async () => {
  await lead("k1:5:x");
  hello("two", "k1:5:x");
  hello("three", "k1:5:x");
  await timing.advance(0);

  expect(hub.tabs()).toEqual(["one", "two", "three"]);
});

describe("a live batch that no tab sees", () => {
  const unattended = () => postedOf("batch").map((message) => message.unattended);

  test("is marked for the tab that has been open longest, and for another when that is gone", async () => {
    await lead("k1:5:x");
    hello("two", "k1:5:x", { visible: false });
    hello("three", "k1:5:x", { visible: false });
    arrive(6);
    expect(unattended()).toEqual([undefined]);

    post({ type: "visible", tab: "one", visible: false });
    await timing.advance(25);
    arrive(7);
    expect(unattended()).toEqual([undefined, "one"]);

    post({ type: "bye", tab: "one" });
    await timing.advance(25);
    arrive(8);
    expect(unattended()).toEqual([undefined, "one", "two"]);

    post({ type: "visible", tab: "three", visible: true });
    await timing.advance(25);
    arrive(9);
    expect(unattended()).toEqual([undefined, "one", "two", undefined]);
  });

  test("is not what was missed", async () => {
    hello("one", "k1:5:x", { visible: false });
    const started = hub.start();
    await timing.advance(120);
    await started;
    carriers.last.listener.opened();
    arrive(6);
    await timing.advance(150);

    expect(postedOf("batch").map(({ replayed, unattended: tab }) => [replayed, tab])).toEqual([[true, undefined]]);
  });
});

describe("a hub that begins", () => {
  test("waits for the tabs that are there, and connects from the newest cursor among them", async () => {
    present = ["one", "two", "three"];
    void hub.start();
    await timing.advance(60);
    hello("one", "k1:6:x");
    hello("two", "k1:9:x");
    await timing.advance(0);
    expect(carriers.all).toHaveLength(0);
    hello("three", "k1:7:x");
    await timing.advance(0);

    expect((await carriers.last.options.credentials()).cursor).toBe("k1:9:x");
  });

  test("does not wait longer than 120 ms for a tab that hangs", async () => {
    present = ["one", "two", "hung"];
    void hub.start();
    hello("one", "k1:6:x");
    await timing.advance(119);
    expect(carriers.all).toHaveLength(0);
    await timing.advance(1);

    expect((await carriers.last.options.credentials()).cursor).toBe("k1:6:x");
  });

  test("does not wait for a tab that ends meanwhile", async () => {
    present = ["one", "closing"];
    void hub.start();
    hello("one", "k1:6:x");
    await timing.advance(10);
    expect(carriers.all).toHaveLength(0);

    end("closing");
    await settle();

    expect((await carriers.last.options.credentials()).cursor).toBe("k1:6:x");
    expect(postedOf("snapshot").at(-1)?.snapshot.tabs).toBe(1);
  });

  test("tells each tab what follows its own cursor", async () => {
    const events = [8, 9].map((offset) => envelope(offset));
    pages = (after) => (after === "k1:7:x" ? { data: events, nextCursor: "k1:9:x" } : new Error(`not asked after ${after}`));
    present = ["one", "two"];
    void hub.start();
    hello("one", "k1:9:x");
    hello("two", "k1:7:x");
    await timing.advance(120);

    const answers = postedOf("catch_up").map(({ tab, events: missed, upTo }) => ({ tab, missed: offsetsOf(missed), upTo }));
    expect(answers).toEqual([
      { tab: "one", missed: [], upTo: "k1:9:x" },
      { tab: "two", missed: [8, 9], upTo: "k1:9:x" },
    ]);
  });

  test("answers tabs without a cursor when the connection has one", async () => {
    hello("one", null);
    const started = hub.start();
    await timing.advance(120);
    await started;
    expect(postedOf("catch_up")).toEqual([]);

    await carriers.last.options.credentials();
    carriers.last.listener.opened();
    await settle();

    expect(postedOf("catch_up")).toMatchObject([{ tab: "one", upTo: "k1:50:x", events: [] }]);
  });

  test("that was closed meanwhile does not connect", async () => {
    present = ["one"];
    void hub.start();
    await timing.advance(60);

    hub.close();
    await timing.advance(1_000);

    expect(carriers.all).toHaveLength(0);
  });
});

test("a hub that is closed closes its connection and answers nobody", async () => {
  await lead("k1:5:x");

  hub.close();
  posted = [];
  hello("two", "k1:5:x");
  post({ type: "ping", tab: "one" });
  await timing.advance(60_000);

  expect(carriers.last.closed).toBe(true);
  expect(carriers.all).toHaveLength(1);
  expect(posted).toEqual([]);
});

describe("a batch", () => {
  test("names the cursor that it follows, whatever was left out between, and the one that it leads to", async () => {
    await lead("k1:5:x");

    arrive(7);
    await timing.advance(30);
    arrive(9, 10);

    expect(postedOf("batch").map(({ after, upTo, events }) => [after, offsetsOf(events), upTo])).toEqual([
      ["k1:5:x", [7], "k1:7:x"],
      ["k1:7:x", [9, 10], "k1:10:x"],
    ]);
  });

  test("after a reset follows the reset's cursor", async () => {
    await lead("k1:5:x");
    arrive(7);
    await timing.advance(30);

    carriers.last.listener.reset("cursor_gone", "k1:20:x");
    arrive(21);

    expect(postedOf("reset")).toMatchObject([{ reason: "cursor_gone", cursor: "k1:20:x" }]);
    expect(postedOf("batch").at(-1)).toMatchObject({ after: "k1:20:x", upTo: "k1:21:x" });
  });
});

describe("a tab that says hello", () => {
  test("gets what it lacks from memory, including what is held back at the moment", async () => {
    await lead("k1:5:x");
    arrive(6);
    arrive(7);
    expect(postedOf("batch")).toHaveLength(1);

    hello("two", "k1:5:x");
    await settle();

    expect(postedOf("batch").map(({ events }) => offsetsOf(events))).toEqual([[6], [7]]);
    expect(postedOf("catch_up").map(({ events, upTo }) => [offsetsOf(events), upTo])).toEqual([[[6, 7], "k1:7:x"]]);
    expect(fetched).toEqual([]);
  });

  test("and is ahead of the hub is not sent back", async () => {
    await lead("k1:5:x");

    hello("two", "k1:8:x");
    await settle();

    expect(postedOf("catch_up")).toMatchObject([{ tab: "two", events: [], upTo: "k1:8:x" }]);
  });

  test("and lacks more than the hub remembers gets it from the server, then stands where the hub stands", async () => {
    await lead("k1:500:x");
    const first = Array.from({ length: 200 }, (_, index) => envelope(101 + index));
    pages = (after) => (after === "k1:100:x" ? { data: first, nextCursor: "k1:300:x" } : { data: [envelope(301)], nextCursor: "k1:301:x" });

    hello("two", "k1:100:x");
    await settle();

    // Offsets 302 to 500 are other members' events: the last page says that nothing of this member's follows.
    expect(fetched).toEqual(["k1:100:x", "k1:300:x"]);
    expect(postedOf("catch_up").map(({ events, upTo }) => [events.length, upTo])).toEqual([[201, "k1:500:x"]]);
  });

  test("and whose cursor the server cannot serve is reset alone", async () => {
    await lead("k1:5:x");
    pages = () => new ApiProblem(410, { code: "cursor_gone" });

    hello("two", "k0:3:x");
    await settle();

    expect(postedOf("reset_one")).toMatchObject([{ tab: "two", reason: "cursor_gone", cursor: "k1:5:x" }]);
    expect(postedOf("reset")).toEqual([]);
  });

  test("while the server cannot be reached gets no answer, and may ask again", async () => {
    await lead("k1:5:x");
    pages = () => new Unreachable("no network");

    hello("two", "k1:3:x");
    await settle();

    expect([...postedOf("reset_one"), ...postedOf("catch_up")]).toEqual([]);
  });
});

describe("tabs", () => {
  test("are counted by their locks: one that was killed is not counted from then on, and its topics are forgotten", async () => {
    await lead("k1:5:x");
    hello("two", "k1:5:x", { topics: ["agt_2"] });
    post({ type: "topics", tab: "one", topics: ["agt_1"] });
    await settle();
    expect(carriers.last.topics).toEqual(["agt_1", "agt_2"]);
    expect(postedOf("snapshot").at(-1)?.snapshot.tabs).toBe(2);

    end("two");
    await settle();

    expect(carriers.last.topics).toEqual(["agt_1"]);
    expect(postedOf("snapshot").at(-1)?.snapshot.tabs).toBe(1);
  });

  test("that leave and come back are counted again, and noticed when they end after that", async () => {
    await lead("k1:5:x");
    const tabs = () => postedOf("snapshot").at(-1)?.snapshot.tabs;
    hello("two", "k1:5:x");
    await settle();
    post({ type: "bye", tab: "two" });
    end("two");
    await settle();
    expect(tabs()).toBe(1);

    hello("two", "k1:5:x");
    await settle();
    expect(tabs()).toBe(2);
    end("two");
    await settle();

    expect(tabs()).toBe(1);
  });

  test("are counted every ten seconds too: some say nothing when they open", async () => {
    await lead("k1:5:x");
    present = ["one", "silent"];

    await timing.advance(10_000);

    expect(postedOf("snapshot").at(-1)?.snapshot.tabs).toBe(2);
  });

  test("that want all agents' messages get them for all", async () => {
    await lead("k1:5:x");
    hello("two", "k1:5:x", { topics: "all" });
    expect(carriers.last.topics).toBe("all");

    post({ type: "bye", tab: "two" });

    expect(carriers.last.topics).toEqual([]);
  });

  test("are asked for tokens in order: visible ones first", async () => {
    await lead("k1:5:x");
    hello("hidden", "k1:5:x", { visible: false });
    hello("visible", "k1:5:x");
    post({ type: "visible", tab: "one", visible: false });

    expect(hub.tabs()).toEqual(["visible", "one", "hidden"]);
  });

  test("tell the hub what the browser reports, also before it connects; waking says nothing about the network", async () => {
    hello("one", "k1:5:x");
    const started = hub.start();
    post({ type: "browser_signal", signal: "network_down" });
    post({ type: "browser_signal", signal: "resumed" });
    await timing.advance(120);
    await started;

    carriers.last.listener.closed({ reason: "refused" });
    carriers.last.listener.closed({ reason: "refused" });
    carriers.last.listener.closed({ reason: "refused" });
    expect(connection.snapshot.getState().status).toBe("offline");
    post({ type: "browser_signal", signal: "network_up" });

    expect(connection.snapshot.getState().trying).toBe(true);
  });

  test("are asked for nothing while none of them is visible, and the server is asked at once when one is shown", async () => {
    await lead("k1:5:x");
    carriers.last.checks.shift()?.answer();
    await settle();
    post({ type: "visible", tab: "one", visible: false });
    await timing.advance(60_000);
    expect(hub.watched).toBe(false);
    expect(carriers.last.checks).toHaveLength(0);

    post({ type: "visible", tab: "one", visible: true });

    expect(hub.watched).toBe(true);
    expect(carriers.last.checks).toHaveLength(1);
    await timing.advance(2_000);
    expect(postedOf("snapshot").at(-1)?.snapshot.status).toBe("reconnecting");
  });

  test("that appear beside hidden ones make the server be asked at once, and only the first", async () => {
    await lead("k1:5:x");
    carriers.last.checks.shift()?.answer();
    await settle();
    post({ type: "visible", tab: "one", visible: false });
    await timing.advance(60_000);

    hello("two", "k1:5:x");
    hello("three", "k1:5:x");

    expect(carriers.last.checks).toHaveLength(1);
  });

  test("tell what responses said about the server's clock", async () => {
    await lead("k1:5:x");

    post({ type: "clock", reading: { skew: 60_000, error: 600 } });

    expect(postedOf("snapshot").at(-1)?.snapshot.clockSkewMs).toBe(60_000);
  });

  test("get an answer to each ping: whether the hub is visible, and whether it has a carrier", async () => {
    await lead("k1:5:x");
    post({ type: "ping", tab: "one" });
    carriers.last.listener.closed({ reason: "transport close" });
    post({ type: "ping", tab: "one" });

    expect(postedOf("pong").map(({ carried }) => carried)).toEqual([true, false]);
  });
});

describe("a token for a worker", () => {
  const ask = (tabs: string[]) => TabHub.askTabs(bus, timing, () => tabs)();

  test("comes from the first tab that brings one; a silent tab is waited for ten seconds", async () => {
    bus.join((message) => {
      if (message.type === "token_request" && message.tab === "second") post({ type: "token", request: message.request, credential: { token: "from the second" } });
    });
    let token: string | undefined;
    void ask(["first", "second"]).then((credential) => (token = credential.token));
    await timing.advance(9_999);
    expect(token).toBeUndefined();

    await timing.advance(1);

    expect(token).toBe("from the second");
    expect(timing.armed).toBe(0);
  });

  test("that a tab cannot get now is asked of the next", async () => {
    bus.join((message) => {
      if (message.type !== "token_request") return;
      if (message.tab === "first") post({ type: "no_token", request: message.request, reason: "no network", ended: false });
      else post({ type: "token", request: message.request, credential: { token: "t" } });
    });

    expect(await ask(["first", "second"])).toEqual({ token: "t" });
  });

  test("is not asked of another tab when the member has to sign in again", async () => {
    const requests: string[] = [];
    bus.join((message) => {
      if (message.type !== "token_request") return;
      requests.push(message.tab);
      post({ type: "no_token", request: message.request, reason: "sign in", ended: true });
    });

    await expect(ask(["first", "second"])).rejects.toThrow(SignInNeeded);
    expect(requests).toEqual(["first"]);
  });

  test("that no tab can bring is an error, not the end of the session", async () => {
    await expect(ask([])).rejects.toThrow("no tab returned a token");
  });
});

describe("presence", () => {
  const looked = () => carriers.last.looked;

  test("is what the tab shows that was in front last, and nothing when all are hidden", async () => {
    await lead("k1:5:x");
    hello("two", "k1:5:x", { looking: { approvalId: "apr_2", focusedAt: 20 } });
    post({ type: "looking", tab: "one", looking: { approvalId: "apr_1", focusedAt: 10 } });
    await settle();
    expect(looked()).toEqual(["apr_2"]);

    post({ type: "looking", tab: "one", looking: { approvalId: "apr_1", focusedAt: 30 } });
    post({ type: "looking", tab: "one", looking: null });
    post({ type: "looking", tab: "two", looking: null });
    await settle();

    expect(looked()).toEqual(["apr_2", "apr_1", "apr_2", null]);
  });

  test("of a tab that closes or dies is forgotten", async () => {
    await lead("k1:5:x");
    hello("two", "k1:5:x", { looking: { approvalId: "apr_2", focusedAt: 20 } });
    hello("three", "k1:5:x", { looking: { approvalId: "apr_3", focusedAt: 30 } });
    await settle();
    post({ type: "bye", tab: "three" });
    await settle();
    expect(looked()).toEqual(["apr_2", "apr_3", "apr_2"]);

    end("two");
    await settle();

    expect(looked().at(-1)).toBeNull();
  });

  test("is told again to the server after a reconnection", async () => {
    await lead("k1:5:x");
    post({ type: "looking", tab: "one", looking: { approvalId: "apr_1", focusedAt: 10 } });
    await settle();
    const before = carriers.last;
    before.listener.closed({ reason: "cut" });
    await timing.advance(2_000);
    expect(carriers.last).not.toBe(before);

    carriers.last.listener.opened();
    await settle();

    expect(looked()).toEqual(["apr_1"]);
  });

  test("of the others is told to all tabs, to those that open later, and that it is unknown once the connection is lost", async () => {
    await lead("k1:5:x");
    const update = { members: [{ id: "mem_1", name: "Ada" }] };
    carriers.last.listener.presence(update);
    carriers.last.listener.presence({ members: "nobody" });
    expect(postedOf("presence")).toEqual([{ type: "presence", update }]);

    hello("two", "k1:5:x");
    await settle();
    expect(postedOf("presence")).toHaveLength(2);

    carriers.last.listener.closed({ reason: "cut" });
    expect(postedOf("presence").at(-1)).toEqual({ type: "presence", update: undefined });
  });
});
