import { beforeEach, describe, expect, test } from "vitest";
import type { BrowserSignal } from "../src/browser-signals.js";
import { Connection } from "../src/connection.js";
import { indicate } from "../src/indication.js";
import { SignInNeeded } from "../src/problem.js";
import { Session } from "../src/session.js";
import { defaultRules } from "../src/machine.js";
import { envelope, offsetsOf } from "./events.js";
import { ManualCarriers } from "./manual-carriers.js";
import { ManualTiming, settle } from "./manual-timing.js";

let timing: ManualTiming;
let carriers: ManualCarriers;
let saved: string | undefined;
let networkDown: boolean;
let report: (signal: BrowserSignal) => void;
let listening: boolean;
let visible: boolean;
let log: string[];
let asked: number;
let failure: Error | undefined;
let lifetime: number;
let connection: Connection;

beforeEach(() => {
  timing = new ManualTiming();
  carriers = new ManualCarriers();
  saved = "k1:5:x";
  networkDown = false;
  listening = false;
  visible = true;
  log = [];
  asked = 0;
  failure = undefined;
  lifetime = 100_000;
  connection = newConnection();
});

function newConnection(): Connection {
  const session = new Session(() => {
    asked += 1;
    if (failure !== undefined) return Promise.reject(failure);
    return Promise.resolve({ token: `token ${asked}`, expiresAt: new Date(timing.now() + lifetime).toISOString() });
  }, timing);
  return new Connection(
    {
      session,
      open: { websocket: carriers.open, polling: carriers.open, rest: carriers.open },
      head: () => Promise.resolve("k1:100:x"),
      memory: { load: () => saved, save: (cursor) => (log.push(`saved ${cursor}`), (saved = cursor)) },
      browserSignals: {
        networkDown: () => networkDown,
        listen: (listener) => {
          report = listener;
          listening = true;
          return () => (listening = false);
        },
      },
      timing,
      rules: defaultRules,
      connectTimeout: 4_500,
      visible: () => visible,
      promptTimers: () => true,
    },
    {
      batch: ({ events, replayed }) => log.push(`${replayed ? "replayed" : "live"} ${offsetsOf(events).join(",")}`),
      delta: ({ append }) => log.push(`delta ${append}`),
      presence: (update) => log.push(`present ${update?.members.map(({ id }) => id).join(",") ?? "unknown"}`),
      reset: (reason) => log.push(`reset ${reason}`),
    },
  );
}

/** Events that happened long ago arrive over a carrier. */
const arrive = (carrier: typeof carriers.last, ...offsets: number[]) =>
  carrier.listener.events(
    offsets.map((offset) => envelope(offset, timing.now() - 60_000)),
    `k1:${offsets.at(-1) ?? 0}:x`,
  );
const status = () => connection.snapshot.getState().status;
const batches = () => log.filter((line) => /^(live|replayed)/.test(line));

/** Connects, and leaves the replay behind. */
async function live(): Promise<typeof carriers.last> {
  connection.start();
  await carriers.last.options.credentials();
  carriers.last.listener.opened();
  carriers.last.checks.shift()?.answer();
  await timing.advance(150);
  expect(status()).toBe("live");
  return carriers.last;
}

describe("a beginning", () => {
  test("presents the cursor that was kept, and the token", async () => {
    connection.start();

    expect(await carriers.last.options.credentials()).toEqual({ token: "token 1", cursor: "k1:5:x" });
    expect(carriers.last.options.transport).toBe("websocket");
  });

  test("without a kept cursor is at the log's head", async () => {
    saved = undefined;
    connection.start();

    expect((await carriers.last.options.credentials()).cursor).toBe("k1:100:x");
  });

  test("again goes on from what was delivered, not from an older cursor that was kept", async () => {
    const carrier = await live();
    arrive(carrier, 9);
    connection.stop();
    saved = "k1:5:x";
    connection.start();

    expect((await carriers.last.options.credentials()).cursor).toBe("k1:9:x");
  });

  test("is offline at once when the browser says so and nothing opens", () => {
    networkDown = true;
    connection.start();
    for (const carrier of [0, 1, 2]) carriers.all[carrier]?.listener.closed({ reason: "refused" });

    expect(status()).toBe("offline");
  });

  test("a second time changes nothing", async () => {
    await live();

    connection.start();

    expect(carriers.all).toHaveLength(1);
  });
});

describe("events", () => {
  test("are delivered once, and the cursor is kept after that", async () => {
    const carrier = await live();
    log = [];

    arrive(carrier, 6);
    arrive(carrier, 6);

    expect(log).toEqual(["live 6", "saved k1:6:x"]);
  });

  test("that were missed are one replayed batch", async () => {
    connection.start();
    carriers.last.listener.opened();
    arrive(carriers.last, 6, 7);
    expect(status()).toBe("catching_up");
    arrive(carriers.last, 8);
    expect(batches()).toEqual([]);

    await timing.advance(150);

    expect(batches()).toEqual(["replayed 6,7,8"]);
    expect(status()).toBe("live");
  });

  test("of a replay whose carrier drops are delivered before the drop", async () => {
    connection.start();
    carriers.last.listener.opened();
    arrive(carriers.last, 6);

    carriers.last.listener.closed({ reason: "transport close" });

    expect(batches()).toEqual(["replayed 6"]);
    expect(status()).toBe("reconnecting");
    await timing.advance(200);
    expect(batches()).toHaveLength(1);
  });

  test("younger than the connection by the server's clock, which is ahead, do not end a replay", () => {
    connection.noteClock({ skew: 60_000, error: 1_000 });
    connection.start();
    carriers.last.listener.opened();

    carriers.last.listener.events([envelope(6, timing.now() + 59_000)], "k1:6:x");

    expect(batches()).toEqual([]);
  });

  test("that are held are delivered by stop and when the page is hidden", async () => {
    let carrier = await live();
    arrive(carrier, 6);
    arrive(carrier, 7);
    report("page_hidden");
    expect(batches()).toEqual(["live 6", "live 7"]);
    expect(status()).toBe("idle");
    expect(carrier.closed).toBe(true);
    await timing.advance(50);

    report("page_shown");
    carrier = carriers.last;
    carrier.listener.opened();
    arrive(carrier, 8);
    connection.stop();

    expect(batches()).toEqual(["live 6", "live 7", "replayed 8"]);
    expect(listening).toBe(false);
  });

  test("that were held before a reset are dropped, and the new cursor is kept", async () => {
    const carrier = await live();
    arrive(carrier, 6);
    arrive(carrier, 7);
    log = [];

    carrier.listener.reset("epoch_changed", "k2:0:x");
    await timing.advance(50);

    expect(log).toEqual(["saved k2:0:x", "reset epoch_changed"]);
    expect(connection.stream.position?.cursor).toBe("k2:0:x");
  });

  test("that stream are heard from the carrier only, not from a probe", async () => {
    connection.start();
    carriers.last.listener.closed({ reason: "blocked" });
    const polling = carriers.last;
    polling.listener.opened();
    connection.retryNow();
    const probe = carriers.last;
    const delta = (append: string) => ({ messageId: "msg_1", agentId: "agt_1", rev: 1, append });

    probe.listener.delta(delta("from the probe"));
    polling.listener.delta(delta("from the carrier"));
    polling.listener.delta({ not: "a delta" });

    expect(log.filter((line) => line.startsWith("delta"))).toEqual(["delta from the carrier"]);
    await settle();
  });
});

describe("a carrier", () => {
  test("that is replaced by a better one is closed, and there is no second replay", async () => {
    connection.start();
    carriers.last.listener.closed({ reason: "blocked" });
    const polling = carriers.last;
    polling.listener.opened();
    await timing.advance(150);
    connection.retryNow();
    const probe = carriers.last;
    expect(polling.closed).toBe(false);

    probe.listener.opened();
    arrive(probe, 6);

    expect(polling.closed).toBe(true);
    expect(status()).toBe("live");
    expect(batches()).toEqual(["live 6"]);
  });

  test("that drops with a delay is opened again after exactly that", async () => {
    const carrier = await live();

    carrier.listener.closed({ reason: "draining", delay: 4_000 });

    expect(connection.snapshot.getState().nextRetryAt).toBe(timing.now() + 4_000);
    await timing.advance(3_999);
    expect(carriers.all).toHaveLength(1);
    await timing.advance(1);
    expect(carriers.all).toHaveLength(2);
  });

  test("that does not answer is shown five seconds after its last word, and is live again when anything comes", async () => {
    const carrier = await live();
    await timing.advance(2_850);
    expect(carrier.checks).toHaveLength(1);
    await timing.advance(1_999);
    expect(status()).toBe("live");

    await timing.advance(1);

    expect(connection.snapshot.getState()).toMatchObject({ status: "reconnecting", transport: "websocket", reason: "the server does not answer", downSince: timing.now() - 5_000 });
    expect(indicate(connection.snapshot.getState(), timing.now()).label).toBe("Reconnecting…");
    carrier.listener.activity();
    arrive(carrier, 6);
    expect(connection.snapshot.getState()).toMatchObject({ status: "live", downSince: null, reason: null });
    expect(batches()).toEqual(["live 6"]);
  });

  test("that stays silent is dropped and opened anew, and the data's age counts from its last word", async () => {
    const carrier = await live();
    await timing.advance(8_849);
    expect(carriers.all).toHaveLength(1);

    await timing.advance(1);
    const { downSince, lastSyncAt } = connection.snapshot.getState();
    expect(carrier.closed).toBe(true);
    await timing.advance(500);

    expect(carriers.all).toHaveLength(2);
    expect(connection.snapshot.getState()).toMatchObject({ status: "reconnecting", transport: "none", reason: "the server does not answer", downSince, lastSyncAt });
    expect(downSince).toBe(lastSyncAt);
  });

  test("is asked nothing while no page is visible, and at once when one is shown", async () => {
    visible = false;
    const carrier = await live();
    await timing.advance(60_000);
    expect(carrier.checks).toHaveLength(0);
    visible = true;

    report("resumed");

    expect(carrier.checks).toHaveLength(1);
    await timing.advance(2_000);
    expect(status()).toBe("reconnecting");
  });

  test("gets more time to open with each round that failed, up to a bound", async () => {
    connection.start();
    const timeouts: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      timeouts.push(carriers.last.options.timeout);
      for (let transport = 0; transport < 3; transport += 1) carriers.last.listener.closed({ reason: "no answer" });
      await timing.advance(10_000);
    }

    expect(timeouts).toEqual([4_500, 9_000, 15_000, 15_000]);
  });

  test("that fails while it opens is closed, and the next transport is tried", () => {
    carriers.failing = true;
    connection.start();

    expect(carriers.all.map(({ options, closed }) => `${options.transport} ${closed ? "closed" : "open"}`)).toEqual(["websocket closed", "polling closed", "rest closed"]);
    expect(status()).toBe("connecting");
  });

  test("is checked though a probe is active: its activity is not the carrier's", async () => {
    connection.start();
    carriers.last.listener.closed({ reason: "blocked" });
    const polling = carriers.last;
    polling.listener.opened();
    polling.checks.shift()?.answer();
    await timing.advance(150);
    connection.retryNow();
    polling.checks.shift()?.answer();
    await timing.advance(2_000);
    carriers.last.listener.activity();
    await timing.advance(1_000);

    expect(polling.checks).toHaveLength(1);
  });

  test.each(["resumed", "network_up", "network_down"] as const)("is checked when the browser reports %s", async (signal) => {
    const carrier = await live();

    report(signal);

    expect(carrier.checks).toHaveLength(1);
    expect(status()).toBe("live");
  });

  test("is told the topics that are watched, also the next one", async () => {
    const carrier = await live();
    connection.watch(["agt_1"]);
    expect(carrier.topics).toEqual(["agt_1"]);
    carrier.listener.closed({ reason: "transport close" });
    await timing.advance(500);

    expect(carriers.last).not.toBe(carrier);
    expect(carriers.last.topics).toEqual(["agt_1"]);
  });

  test("that reports late, after it was replaced, changes nothing", async () => {
    const carrier = await live();
    carrier.listener.closed({ reason: "transport close" });
    await timing.advance(500);
    const second = carriers.last;
    second.listener.opened();

    carrier.listener.closed({ reason: "again" });
    carrier.listener.opened();

    expect(connection.snapshot.getState()).toMatchObject({ transport: "websocket", trying: false });
    expect(second.closed).toBe(false);
  });
});

describe("a token", () => {
  beforeEach(() => {
    visible = false; // so that carriers need no answers
  });

  test("that is refused is replaced once, on the same transport", async () => {
    connection.start();
    await carriers.last.options.credentials();
    carriers.last.listener.closed({ reason: "token_expired", code: "token_expired" });
    await settle();

    expect(carriers.all.map(({ options }) => options.transport)).toEqual(["websocket", "websocket"]);
    expect((await carriers.last.options.credentials()).token).toBe("token 2");
    carriers.last.listener.closed({ reason: "token_expired", code: "token_expired" });
    await settle();

    expect(connection.snapshot.getState()).toMatchObject({ status: "unauthorized", reason: "token_expired" });
    expect(asked).toBe(2);
  });

  test("that cannot be replaced now makes the attempt fail, not the session", async () => {
    connection.start();
    await carriers.last.options.credentials();
    failure = new Error("no network");
    carriers.last.listener.closed({ reason: "token_expired", code: "token_expired" });
    await settle();

    expect(status()).toBe("connecting");
    expect(carriers.last.options.transport).toBe("polling");
  });

  test("that nobody can give any more ends the session, and nothing is renewed or retried then", async () => {
    await live();
    failure = new SignInNeeded("sign in");
    await timing.advance(80_000);
    expect(connection.snapshot.getState()).toMatchObject({ status: "unauthorized", reason: "sign in" });
    const before = asked;

    await timing.advance(600_000);

    expect(asked).toBe(before);
    expect(carriers.last.closed).toBe(true);
  });

  test("is renewed over the carrier; one that refuses the new token is opened anew", async () => {
    const carrier = await live();
    await timing.advance(80_000);
    expect(carrier.renewed).toEqual(["token 2"]);
    carrier.accepts = false;

    await timing.advance(80_000);

    expect(connection.snapshot.getState()).toMatchObject({ status: "reconnecting", reason: "the renewed token was refused" });
  });

  test("of before is not presented after signing in again, though it has not ended", async () => {
    await live();
    connection.unauthorized("signed out");

    connection.signedIn();

    expect((await carriers.last.options.credentials()).token).toBe("token 2");
  });

  test("is not renewed after signing out, and a fresh one is asked for after signing in", async () => {
    await live();
    connection.unauthorized("signed out");
    expect(timing.armed).toBe(0);
    await timing.advance(600_000);
    expect(asked).toBe(1);

    connection.signedIn();
    const { token } = await carriers.last.options.credentials();

    expect(token).toBe("token 2");
    expect(status()).toBe("connecting");
  });
});

describe("the snapshot", () => {
  test("has the round trip, and times of the last event and activity", async () => {
    const carrier = await live();
    const measured = connection.measure();
    await timing.advance(7);
    carrier.checks.shift()?.answer();
    await measured;
    await timing.advance(1_000);
    arrive(carrier, 6);

    expect(connection.snapshot.getState()).toMatchObject({ roundTripMs: 7, lastEventAt: timing.now(), lastSyncAt: timing.now() - 1_000, downSince: null });
  });

  test("stays the same object while nothing changes", async () => {
    const carrier = await live();
    connection.noteClock({ skew: 900, error: 510 });
    const before = connection.snapshot.getState();
    expect(before.clockSkewMs).toBe(900);

    connection.noteClock({ skew: -100, error: 510 });
    arrive(carrier);

    expect(connection.snapshot.getState()).toBe(before);
  });

  test("learns the server's clock from its answers, and again after this machine's was set", async () => {
    const carrier = await live();
    void connection.measure();
    await timing.advance(20);
    carrier.checks.shift()?.answer(timing.now() + 300_000 - 10);
    await settle();
    expect(connection.snapshot.getState().clockSkewMs).toBe(300_000);

    timing.set(900_000);
    await timing.advance(3_000);
    carrier.checks.shift()?.answer(timing.now() - 600_000);
    await settle();

    expect(Math.abs((connection.snapshot.getState().clockSkewMs ?? 0) + 600_000)).toBeLessThan(1_500);
  });
});

describe("presence", () => {
  test("is heard from the carrier, and unknown once there is none", async () => {
    const carrier = await live();
    carrier.listener.presence({ members: [{ id: "mem_1", name: "Ada" }] });
    carrier.listener.presence({ members: [{ id: 1 }] });
    expect(log.filter((line) => line.startsWith("present"))).toEqual(["present mem_1"]);

    carrier.listener.closed({ reason: "cut" });
    connection.stop();

    expect(log.filter((line) => line.startsWith("present"))).toEqual(["present mem_1", "present unknown"]);
  });

  test("of a page of its own is what it shows while it is visible, and nothing is repeated after its end", async () => {
    connection.look({ approvalId: "apr_1", focusedAt: 1 });
    const carrier = await live();
    connection.look(null);
    connection.look({ approvalId: "apr_2", focusedAt: 1 });
    expect(carrier.looked).toEqual(["apr_1", null, "apr_2"]);

    connection.stop();
    await timing.advance(60_000);

    expect(carrier.looked).toHaveLength(3);
    expect(timing.armed).toBe(0);
  });
});
