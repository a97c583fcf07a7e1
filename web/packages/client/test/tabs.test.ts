import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createClient, defaultRules, type AnyEvent, type ClientOptions, type HeliographClient } from "../src/index.js";
import { systemTiming } from "../src/timing.js";
import { eventually } from "./eventually.js";
import { FakeBrowser, type FakeTab } from "./fake-tabs.js";
import { FakeServer } from "./fake-server.js";

interface Tab {
  readonly tab: FakeTab;
  readonly client: HeliographClient;
  readonly heard: AnyEvent[];
  readonly close: () => void;
  /** As the browser would: nothing of it runs any more. */
  readonly kill: () => void;
  readonly show: (visible: boolean) => void;
  /** As when the page comes to the front. */
  readonly focus: () => void;
  /** As a browser does with a hidden page, only for longer: timers do not run. */
  readonly holdTimers: () => void;
}

let server: FakeServer;
let browser: FakeBrowser;
let tabs: Tab[] = [];

beforeEach(async () => {
  server = await FakeServer.start();
  browser = new FakeBrowser();
});

afterEach(async () => {
  tabs.forEach((tab) => tab.close());
  tabs = [];
  await server.stop();
});

function open(options: Partial<ClientOptions> = {}): Tab {
  const tab = browser.open();
  let visible = true;
  let timersHeld = false;
  const focusListeners = new Set<(focused: boolean) => void>();
  const client = createClient({
    url: server.url,
    scope: "ws_1/mem_1",
    getToken: () => Promise.resolve({ token: "a token" }),
    connectTimeout: 1_000,
    rules: { ...defaultRules, retry: { base: 20, cap: 100 } },
    overrides: {
      tabs: tab.platform,
      memory: { load: () => undefined, save: () => undefined },
      visible: () => visible,
      onFocus: (listener) => {
        focusListeners.add(listener);
        return () => focusListeners.delete(listener);
      },
      // A dead or frozen tab runs no timers either.
      timing: { ...systemTiming, after: (delay, task) => (timersHeld ? () => undefined : systemTiming.after(delay, () => tab.deliver(task))) },
    },
    ...options,
  });
  const heard: AnyEvent[] = [];
  client.onAny((event) => heard.push(event));
  const close = client.connect();
  const opened: Tab = {
    tab,
    client,
    heard,
    close,
    kill: () => {
      // The system closes the socket of a dead process; it is the only one.
      tab.kill();
      server.dropAll();
    },
    show: (shown) => {
      visible = shown;
      for (const listener of focusListeners) listener(shown);
    },
    focus: () => focusListeners.forEach((listener) => listener(true)),
    holdTimers: () => (timersHeld = true),
  };
  tabs.push(opened);
  return opened;
}

const reaches = (tab: Tab, status: string) => eventually(() => expect(tab.client.getState().status).toBe(status));
const offsets = (tab: Tab) => tab.heard.map((event) => event.offset);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const leaders = () => tabs.filter((tab) => tab.tab.alive && tab.client.getState().role === "leader");

describe("tabs of one scope", () => {
  test("show their member at the approval of the tab that was in front last, and all hear who is online", async () => {
    const [first, second] = [open(), open()];
    for (const tab of [first, second]) await reaches(tab, "live");
    // The second is in front, because it was opened last.
    first.focus();
    first.client.setPresence("apr_1");
    await eventually(() => expect(server.looked.at(-1)).toBe("apr_1"));
    await eventually(() => {
      second.focus();
      second.client.setPresence("apr_2");
      expect(server.looked.at(-1)).toBe("apr_2");
    });
    second.show(false);
    await eventually(() => expect(server.looked.at(-1)).toBe("apr_1"));
    first.show(false);
    await eventually(() => expect(server.looked.at(-1)).toBeNull());

    server.tellPresence([{ id: "mem_9", name: "Nina", approvalId: "apr_1" }]);

    for (const tab of [first, second]) {
      await eventually(() => expect(tab.client.presence.getState().members).toEqual([{ id: "mem_9", name: "Nina", approvalId: "apr_1" }]));
    }
  });

  test("hear in one of them that none is visible, and only of live events", async () => {
    const shown = [open(), open(), open()];
    for (const tab of shown) await reaches(tab, "live");
    const unattended: number[] = [];
    const live: number[] = [];
    for (const tab of shown) {
      tab.client.onBatch((batch) => {
        const numbers = batch.events.map(({ offset }) => offset);
        live.push(...numbers);
        if (batch.unattended === true) unattended.push(...numbers);
      });
    }
    server.ask();
    await eventually(() => expect(live).toHaveLength(3));
    expect(unattended).toEqual([]);

    // The tabs' messages and those of the server go different ways: the hub knows of all when it no longer tells who looks.
    shown.forEach((tab) => tab.client.setPresence("apr_0001"));
    await eventually(() => expect(server.looked.at(-1)).toBe("apr_0001"));
    shown.forEach((tab) => tab.show(false));
    await eventually(() => expect(server.looked.at(-1)).toBeNull());
    server.ask();
    await eventually(() => expect(live).toHaveLength(6));
    expect(unattended).toEqual([2]);

    // What is missed is not live.
    server.dropAll();
    server.ask();
    await eventually(() => expect(live).toHaveLength(9));
    expect(unattended).toEqual([2]);

    // The tab that heard it is closed: another one hears the next.
    const [first, second, third] = shown;
    const opened = server.opened;
    first?.close();
    await eventually(() => expect(server.opened).toBeGreaterThan(opened));
    for (const tab of [second, third]) await eventually(() => expect(tab?.client.getState().status).toBe("live"));
    server.ask();
    await eventually(() => expect(unattended).toEqual([2, 4]));
  });

  test("share one connection, and each hears every event once", async () => {
    const [first, second, third] = [open(), open(), open()];
    for (const tab of [first, second, third]) await reaches(tab, "live");

    for (let count = 0; count < 30; count += 1) server.ask();

    for (const tab of [first, second, third]) await eventually(() => expect(offsets(tab)).toEqual(upTo(30)));
    expect(server.sockets).toBe(1);
    expect(leaders()).toHaveLength(1);
    await eventually(() => expect(second.client.getState()).toMatchObject({ role: "follower", tabs: 3 }));
  });

  test("are counted: one that closes or dies is not counted any more", async () => {
    const [first, second, third] = [open(), open(), open()];
    for (const tab of [first, second, third]) await reaches(tab, "live");
    const counted = (tab: Tab, count: number) => vi.waitFor(() => expect(tab.client.getState().tabs).toBe(count), { timeout: 5_000, interval: 5 });
    await counted(first, 3);

    third.close();
    await counted(first, 2);
    first.tab.kill();

    await counted(second, 1);
  });

  test("when the leader dies, another goes on without a hole or a repeat", async () => {
    const group = [open(), open(), open(), open()];
    for (const tab of group) await reaches(tab, "live");
    server.ask();
    for (const tab of group) await eventually(() => expect(offsets(tab)).toEqual([1]));

    const leader = leaders()[0];
    leader?.kill();
    for (let count = 0; count < 10; count += 1) server.ask();
    const left = group.filter((tab) => tab !== leader);

    for (const tab of left) await eventually(() => expect(offsets(tab)).toEqual(upTo(11)));
    expect(leaders()).toHaveLength(1);
    await eventually(() => expect(server.sockets).toBe(1));
  });

  test("a leader that closes hands over", async () => {
    const [first, second] = [open(), open()];
    await reaches(first, "live");
    await reaches(second, "live");

    first.close();
    await eventually(() => expect(second.client.getState().role).toBe("leader"));
    await reaches(second, "live");
    server.ask();

    await eventually(() => expect(offsets(second)).toEqual([1]));
    expect(server.sockets).toBe(1);
  });

  test("a frozen leader loses the lead to a visible tab, and follows when it thaws", async () => {
    const [first, second] = [open(), open()];
    await reaches(first, "live");
    await reaches(second, "live");
    expect(first.client.getState().role).toBe("leader");

    first.tab.freeze();
    first.show(false);
    await eventually(() => expect(second.client.getState().role).toBe("leader"));
    await reaches(second, "live");
    server.ask();
    await eventually(() => expect(offsets(second)).toEqual([1]));
    first.tab.thaw();

    await eventually(() => expect(first.client.getState().role).toBe("follower"));
    await eventually(() => expect(offsets(first)).toEqual([1]));
    await eventually(() => expect(server.sockets).toBe(1));
  }, 15_000);

  test("a leader that is hidden, and whose timers are late, delays no event of a visible tab", async () => {
    const [first, second] = [open(), open()];
    await reaches(first, "live");
    await reaches(second, "live");
    expect(first.client.getState().role).toBe("leader");

    first.show(false);
    first.holdTimers();
    for (let count = 0; count < 10; count += 1) server.ask();

    await eventually(() => expect(offsets(second)).toEqual(upTo(10)));
    expect(first.client.getState().role).toBe("leader");
  });

  test("a tab that comes later begins where the others are", async () => {
    const first = open();
    await reaches(first, "live");
    server.ask();
    await eventually(() => expect(offsets(first)).toEqual([1]));

    const second = open();
    await reaches(second, "live");
    await eventually(() => expect(second.client.position()?.offset).toBe(1));
    server.ask();

    await eventually(() => expect(offsets(second)).toEqual([2]));
    expect(offsets(first)).toEqual([1, 2]);
  });

  test("a tab that comes back with an old cursor gets what it lacks, and the others hear nothing twice", async () => {
    const first = open();
    await reaches(first, "live");
    for (let count = 0; count < 5; count += 1) server.ask();
    await eventually(() => expect(offsets(first)).toEqual(upTo(5)));

    // It is older than what the hub remembers, so the hub has to ask the server.
    const second = open({ overrides: { tabs: browser.open().platform, memory: { load: () => server.cursor(0), save: () => undefined }, visible: () => true } });
    await reaches(second, "live");
    server.ask();

    await eventually(() => expect(offsets(second)).toEqual(upTo(6)));
    expect(offsets(first)).toEqual(upTo(6));
  });

  test("a tab without a cursor that fetches a list meanwhile still hears what follows the list", async () => {
    const first = open();
    await reaches(first, "live");
    const second = open();
    second.client.seed(server.cursor());
    server.ask();

    await eventually(() => expect(offsets(second)).toEqual([1]));
  });

  test("the topics of all tabs are merged", async () => {
    const [first, second] = [open(), open()];
    await reaches(first, "live");
    await reaches(second, "live");
    first.client.watchAgent("agt_1");
    const unwatch = second.client.watchAgent("agt_2");
    await first.client.measure();

    server.say("agt_1", "one");
    server.say("agt_2", "two");
    server.say("agt_3", "three");
    await eventually(() => expect(first.heard).toHaveLength(2));
    unwatch();
    await first.client.measure();
    server.say("agt_2", "four");
    server.say("agt_1", "five");

    await eventually(() => expect(second.heard.map((event) => event.subject?.id)).toEqual(["msg_agt_1_1", "msg_agt_2_1", "msg_agt_1_2"]));
  });

  test("signing out in one tab signs out all", async () => {
    const [first, second] = [open(), open()];
    await reaches(first, "live");
    await reaches(second, "live");

    second.client.signOut();

    await reaches(first, "unauthorized");
    await reaches(second, "unauthorized");
    await eventually(() => expect(server.sockets).toBe(0));
  });

  test("a reset reaches every tab", async () => {
    const [first, second] = [open(), open()];
    await reaches(first, "live");
    await reaches(second, "live");
    const resets: string[] = [];
    for (const tab of [first, second]) tab.client.onReset((reason) => resets.push(reason));

    server.forgetLog();
    server.dropAll();

    await eventually(() => expect(resets).toEqual(["epoch_changed", "epoch_changed"]));
  });
});

test("two workspaces in two tabs stay apart", async () => {
  const [first, second] = [open(), open({ scope: "ws_2/mem_1" })];
  await reaches(first, "live");
  await reaches(second, "live");

  expect(server.sockets).toBe(2);
  expect(first.client.getState().role).toBe("leader");
  expect(second.client.getState().role).toBe("leader");
});

test("without shared tabs each has its own connection, and hears each event once", async () => {
  const [first, second] = [open({ shareTabs: false }), open({ shareTabs: false })];
  await reaches(first, "live");
  await reaches(second, "live");

  server.ask();

  for (const tab of [first, second]) await eventually(() => expect(offsets(tab)).toEqual([1]));
  expect(server.sockets).toBe(2);
  expect(first.client.getState().role).toBe("solo");
});
