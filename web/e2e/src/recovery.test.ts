import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Api } from "./api.js";
import { Cutter } from "./cutter.js";
import { Heliograph } from "./heliograph.js";
import { Recorder } from "./recorder.js";
import { random, seedOfThisRun } from "./seed.js";
import { Writers } from "./writers.js";

describe("a stock client, while events flow,", () => {
  let server: Heliograph;
  let agent: Api;
  let token: string;
  let member: Api;

  beforeAll(async () => {
    server = await Heliograph.up();
    agent = new Api(server.url, await server.key("acme", "agent"));
    token = await server.token("acme", "ada", "operator");
    member = new Api(server.url, token);
  });
  afterAll(() => server.remove());

  const head = async (): Promise<string> => (await member.ok<{ asOf: string }>("GET", "/v1/approvals")).asOf;

  async function expectAll(client: Recorder, cursor: string): Promise<void> {
    const log = await member.log(cursor);
    await client.until(() => (client.offsets.at(-1) ?? 0) >= (log.at(-1)?.offset ?? 0), "all that was written");
    expect(client.offsets).toEqual(log.map((event) => event.offset));
    expect(client.resets).toEqual([]);
  }

  test.each([[["websocket"]], [["polling"]], [["polling", "websocket"]]])("recovers over %s each time its TCP connection is cut", async (transports) => {
    const cutter = await Cutter.open(server.port, random(seedOfThisRun()));
    const cursor = await head();
    const client = new Recorder(cutter.url, token, { transports, auth: { token, cursor } });
    await client.connected();
    const writers = new Writers(agent, 4, 10);

    for (let cut = 1; cut <= 8; cut++) {
      const seen = client.events.length;
      await client.until(() => client.events.length > seen + 10, "events to flow");
      const connects = client.recovered.length;
      while (client.recovered.length === connects) {
        cutter.cut(); // it may meet a connection that is over anyway, such as one of a former poll
        await client.until(() => client.recovered.length > connects, "the reconnection", 1_000).catch(() => undefined);
      }
    }
    await writers.stop();
    await client.connected();

    await expectAll(client, cursor);
    expect(client.recovered.slice(1)).not.toContain(false);
    client.close();
    await cutter.close();
  });

  test("upgrades its transport without a hole or a repeat", async () => {
    const writers = new Writers(agent, 4, 10);
    for (let round = 0; round < 5; round++) {
      const cursor = await head();
      const clients = Array.from({ length: 6 }, () => new Recorder(server.url, token, { auth: { token, cursor } }));
      for (const client of clients) {
        await client.until(() => client.socket.connected && client.socket.io.engine.transport.name === "websocket", "the upgrade");
        const seen = client.events.length;
        await client.until(() => client.events.length > seen + 5, "events to flow");
      }
      for (const client of clients) {
        client.close();
        const log = await member.log(cursor);
        expect(client.offsets).toEqual(log.slice(0, client.offsets.length).map((event) => event.offset));
        expect(client.recovered).toEqual([false]);
      }
    }
    await writers.stop();
  });

  test("is told to reload with a cursor or a pid of another workspace, which opens nothing", async () => {
    const stranger = new Api(server.url, await server.key("other", "agent"));
    const theirs = new Recorder(server.url, await server.token("other", "eve", "owner"));
    await theirs.connected();
    await stranger.createApproval({ title: "secret of other" });
    await theirs.until(() => theirs.cursors.length > 0, "an event");
    const [cursor] = theirs.cursors;
    const { pid } = await presented(theirs);

    for (const auth of [{ cursor }, { pid, offset: cursor }, { pid }]) {
      const client = new Recorder(server.url, token, { auth: { token, ...auth } });
      await client.until(() => client.resets.length === 1, "the reset");
      const approval = await agent.createApproval({ title: "our own" });
      await client.until(() => client.events.some((event) => event.subject.id === approval.id), "an event of our own");

      expect(client.resets).toEqual([{ reason: "other-workspace" }]);
      expect(client.socket.recovered).toBe(false);
      expect(JSON.stringify(client.events)).not.toContain("secret of other");
      client.close();
    }
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/^heliograph_gateway_recoveries_total\{outcome="other-workspace"\} 3(\.0)?$/m);
    theirs.close();
  });

  /** What a stock client keeps for its next connection. */
  function presented(client: Recorder): Promise<{ pid?: string }> {
    return Promise.resolve({ pid: (client.socket as unknown as { _pid?: string })._pid ?? "" });
  }
});
