import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createClient, defaultRules, SignInNeeded, type AnyEvent, type ClientOptions, type HeliographClient } from "../src/index.js";
import { eventually } from "./eventually.js";
import { FakeServer } from "./fake-server.js";

let server: FakeServer;
let undos: (() => void)[] = [];

beforeEach(async () => {
  server = await FakeServer.start();
});

afterEach(async () => {
  undos.forEach((undo) => undo());
  undos = [];
  await server.stop();
});

/** A client of the fake server with short waits, and what it has heard. */
function connected(options: Partial<ClientOptions> = {}): { client: HeliographClient; heard: AnyEvent[]; resets: string[] } {
  const client = createClient({
    url: server.url,
    getToken: () => Promise.resolve({ token: "a token" }),
    connectTimeout: 1_000,
    rules: { ...defaultRules, retry: { base: 20, cap: 100 }, probe: { base: 100, cap: 200 } },
    ...options,
  });
  const heard: AnyEvent[] = [];
  const resets: string[] = [];
  client.onAny((event) => heard.push(event));
  client.onReset((reason) => resets.push(reason));
  undos.push(client.connect());
  return { client, heard, resets };
}

function reaches(client: HeliographClient, status: string): Promise<void> {
  return eventually(() => expect(client.getState().status).toBe(status));
}

const offsets = (events: readonly AnyEvent[]) => events.map((event) => event.offset);

describe("over WebSocket", () => {
  test("hears each event once and in order", async () => {
    const { client, heard } = connected();
    await reaches(client, "live");

    const approval = server.ask();
    server.report({ id: "agt_1" });
    server.resolve(approval.id, "approved");

    await eventually(() => expect(heard.map((event) => event.type)).toEqual(["approval:created", "agent:status", "approval:resolved"]));
    expect(offsets(heard)).toEqual([1, 2, 3]);
    expect(client.getState().transport).toBe("websocket");
  });

  test("what was missed while away comes as one replayed batch", async () => {
    const { client, heard } = connected();
    await reaches(client, "live");
    const batches: { count: number; replayed: boolean }[] = [];
    client.onBatch(({ events, replayed }) => batches.push({ count: events.length, replayed }));

    server.blocked = new Set(["websocket", "polling", "rest"]);
    server.dropAll();
    await reaches(client, "reconnecting");
    for (let count = 0; count < 20; count += 1) server.ask();
    server.blocked = new Set();

    await eventually(() => expect(offsets(heard)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1)));
    expect(batches).toEqual([{ count: 20, replayed: true }]);
    await reaches(client, "live");
  });

  test("a log that cannot serve the cursor makes lists reload and goes on from its head", async () => {
    const { client, heard, resets } = connected();
    await reaches(client, "live");
    server.ask();
    await eventually(() => expect(heard).toHaveLength(1));

    server.forgetLog();
    server.dropAll();
    await eventually(() => expect(resets).toEqual(["epoch_changed"]));
    server.ask();

    await eventually(() => expect(heard.map((event) => event.position.epoch)).toEqual(["k1", "k2"]));
  });

  test("hears messages only of the agents that are watched, and of all when somebody hears the type", async () => {
    const { client, heard } = connected();
    await reaches(client, "live");
    const unwatch = client.watchAgent("agt_1");
    await client.measure();

    server.say("agt_1", "for you");
    server.say("agt_2", "not for you");
    await eventually(() => expect(heard).toHaveLength(1));
    undos.push(client.on("agent:message", () => undefined));
    unwatch();
    await client.measure();
    server.say("agt_2", "for all");

    await eventually(() => expect(heard).toHaveLength(2));
    expect(heard.map((event) => event.subject?.id)).toEqual(["msg_agt_1_1", "msg_agt_2_2"]);
  });

  test("mounting twice in one turn opens one connection", async () => {
    const { client } = connected();
    const second = client.connect();
    second();
    client.connect()();

    await reaches(client, "live");

    expect(server.opened).toBe(1);
  });

  test("an event of another service reaches those who subscribed to its type, without a subject", async () => {
    const { client } = connected();
    const shipped: unknown[] = [];
    undos.push(client.on("order:shipped", ({ topic, data }) => shipped.push({ topic, data })));
    await reaches(client, "live");

    const envelope = { type: "order:shipped", at: new Date().toISOString(), actor: { type: "key", id: "key_1", name: "shop" } };
    server.emitRaw("order:shipped", { ...envelope, id: "evt_1", offset: 1, topic: "orders/42", data: { carrier: "dhl" } }, server.cursor(1));
    server.emitRaw("order:counted", { ...envelope, type: "order:counted", id: "evt_2", offset: 2, data: 7 }, server.cursor(2));
    server.emitRaw("order:shipped", { ...envelope, id: "evt_3", offset: 3, data: null }, server.cursor(3));

    await eventually(() => expect(shipped).toEqual([{ topic: "orders/42", data: { carrier: "dhl" } }, { topic: undefined, data: null }]));
  });

  test("an event of an unknown type reaches onAny and breaks nothing", async () => {
    const { client, heard } = connected();
    await reaches(client, "live");

    server.emitRaw(
      "agent:promoted",
      { id: "evt_1", type: "agent:promoted", offset: 1, at: new Date().toISOString(), actor: { type: "system" }, subject: { type: "agent", id: "agt_1" }, data: 7 },
      server.cursor(1),
    );

    await eventually(() => expect(heard.map((event) => event.type)).toEqual(["agent:promoted"]));
  });
});

describe("the ladder", () => {
  test("WebSocket blocked: live over long-polling, and up again when it is back", async () => {
    server.blocked = new Set(["websocket"]);
    const { client, heard } = connected();

    await reaches(client, "degraded");
    server.ask();
    await eventually(() => expect(heard).toHaveLength(1));
    server.blocked = new Set();
    await reaches(client, "live");
    server.ask();

    await eventually(() => expect(offsets(heard)).toEqual([1, 2]));
  });

  test("sockets blocked: the same events over plain HTTP, and up again when they are back", async () => {
    server.blocked = new Set(["websocket", "polling"]);
    const { client, heard } = connected();

    await reaches(client, "rest");
    server.ask();
    server.ask();
    await eventually(() => expect(offsets(heard)).toEqual([1, 2]));
    server.blocked = new Set();
    await reaches(client, "live");
    server.ask();

    await eventually(() => expect(offsets(heard)).toEqual([1, 2, 3]));
  });
});

describe("credentials", () => {
  test("a token that has ended is replaced once, and the connection goes on", async () => {
    server.tokens = new Set(["second"]);
    const tokens = ["first", "second"];
    const { client } = connected({ getToken: () => Promise.resolve({ token: tokens.shift() ?? "none" }) });

    await reaches(client, "live");

    expect(tokens).toEqual([]);
  });

  test("a credential that stays refused ends in unauthorized, not in a loop", async () => {
    server.tokens = new Set();
    const getToken = vi.fn(() => Promise.resolve({ token: "refused" }));
    const { client } = connected({ getToken });

    await reaches(client, "unauthorized");
    const asked = getToken.mock.calls.length;
    client.retryNow();
    await new Promise((resolve) => setTimeout(resolve, 150));

    expect(client.getState().status).toBe("unauthorized");
    expect(getToken.mock.calls.length).toBe(asked);
    expect(asked).toBeLessThanOrEqual(3);
  });

  test("who has to sign in again goes on after signing in", async () => {
    let signedIn = false;
    const { client } = connected({ getToken: () => (signedIn ? Promise.resolve({ token: "fresh" }) : Promise.reject(new SignInNeeded("sign in"))) });
    await reaches(client, "unauthorized");

    signedIn = true;
    client.signedIn();

    await reaches(client, "live");
  });

  test("a token is renewed over the living socket before it ends", async () => {
    let given = 0;
    const { client } = connected({
      getToken: () => {
        given += 1;
        return Promise.resolve({ token: `token ${given}`, expiresAt: new Date(Date.now() + (given === 1 ? 1_400 : 600_000)).toISOString() });
      },
    });
    await reaches(client, "live");

    await eventually(() => expect(given).toBe(2));

    expect(client.getState().status).toBe("live");
    expect(server.opened).toBe(1);
  });
});
