import { afterAll, beforeAll, expect, test } from "vitest";
import { Api, type Envelope } from "./api.js";
import { Heliograph } from "./heliograph.js";
import { Recorder } from "./recorder.js";
import { random, seedOfThisRun } from "./seed.js";

/** 50 in the long run (HELIOGRAPH_KILLS=50); a shorter one each time. */
const KILLS = Number(process.env["HELIOGRAPH_KILLS"] ?? 4);

let server: Heliograph;
beforeAll(async () => {
  server = await Heliograph.up();
});
afterAll(() => server.remove());

test(`kill -9 between events, ${KILLS} times: no hole, no repeat, no inversion`, { timeout: 60_000 + KILLS * 30_000 }, async () => {
  const next = random(seedOfThisRun());
  const key = await server.key("acme", "writer");
  const token = await server.token("acme", "ada", "operator", "4h");
  const clients = [
    new Recorder(server.url, token),
    new Recorder(server.url, token, { transports: ["websocket"] }),
    new Recorder(server.url, token, { transports: ["polling"] }),
  ];
  await Promise.all(clients.map((client) => client.connected()));

  const agent = new Api(server.url, key);
  const answered: string[] = [];
  const stop = new AbortController();
  const writer = (async () => {
    for (let number = 1; !stop.signal.aborted; number++) answered.push(await persistently(agent, `message ${number}`));
  })();
  for (let kill = 0; kill < KILLS; kill++) {
    const before = answered.length;
    const wait = Math.floor(next() * 40) + 1;
    const delayMs = next() * 20;
    await expect.poll(() => answered.length, { interval: 1, timeout: 60_000 }).toBeGreaterThan(before + wait);
    await new Promise((resolve) => setTimeout(resolve, delayMs)); // the random moment itself, not a wait for anything
    await server.kill();
    await server.start();
    await Promise.all(clients.map((client) => client.connected()));
  }
  stop.abort();
  await writer;

  const log = await new Api(server.url, token).log();
  const last = log.at(-1)?.offset ?? 0;
  await Promise.all(clients.map((client) => client.until(() => (client.offsets.at(-1) ?? 0) >= last, `offset ${last}`)));

  const ids = messages(log);
  expect(new Set(ids).size).toBe(ids.length);
  expect(answered.filter((id) => !ids.includes(id))).toEqual([]);
  for (const client of clients) {
    expect(client.offsets).toEqual(log.map((event) => event.offset));
    expect(client.events).toEqual(log);
    expect(client.resets).toEqual([]);
    expect(client.recovered).toEqual([false, ...client.recovered.slice(1).map(() => true)]);
    client.close();
  }
  console.log(`${KILLS} kills, ${log.length} events, ${answered.length} answered writes`);
});

function messages(log: Envelope[]): string[] {
  return log.filter((event) => event.type === "agent:message").map((event) => (event.data["message"] as { id: string }).id);
}

/** Writes one message under one idempotency key, however often the server dies meanwhile. Returns the message's id. */
async function persistently(agent: Api, text: string): Promise<string> {
  const headers = { "idempotency-key": crypto.randomUUID() };
  for (;;) {
    try {
      const message = await agent.ok<{ id: string }>("POST", "/v1/agents/writer/messages", { role: "agent", kind: "text", text }, headers);
      return message.id;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // fetch's own failure: the server is down
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
