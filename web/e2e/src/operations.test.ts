import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { Api, type Envelope } from "./api.js";
import { Heliograph, launch } from "./heliograph.js";
import { Recorder } from "./recorder.js";

let server: Heliograph;
let clients: Recorder[] = [];
afterEach(async () => {
  clients.forEach((client) => client.close());
  clients = [];
  await server.remove();
});

async function connect(token: string, options?: ConstructorParameters<typeof Recorder>[2]): Promise<Recorder> {
  const client = new Recorder(server.url, token, options);
  clients.push(client);
  await client.connected();
  return client;
}

const titles = (events: readonly Envelope[]): unknown[] =>
  events.filter(({ type }) => type === "approval:created").map(({ data }) => (data["approval"] as { title: string }).title);

const TRANSPORTS = [["websocket"], ["polling"], ["polling", "websocket"]];

test("a server that is told to stop says when to come back, and its clients go on where they were", async () => {
  server = await Heliograph.up();
  const agent = new Api(server.url, await server.key("acme", "agent"));
  const token = await server.token("acme", "ada", "operator");
  const asked: unknown[] = [];
  for (const transports of TRANSPORTS) {
    const client = await connect(token, { transports });
    client.socket.on("drain", (drain) => asked.push(drain));
  }
  await agent.createApproval({ title: "before" });
  for (const client of clients) await client.until(() => titles(client.events).length === 1, "the first event");

  expect(await server.terminate()).toBe(143);
  await server.start();
  await agent.createApproval({ title: "after" });

  for (const client of clients) {
    await client.until(() => titles(client.events).length === 2, "what came after the restart");
    expect(client.recovered).toEqual([false, true]);
    expect(titles(client.events)).toEqual(["before", "after"]);
  }
  expect(asked).toEqual([{ delayMs: expect.any(Number) as number }, { delayMs: expect.any(Number) as number }, { delayMs: expect.any(Number) as number }]);
});

/** An older copy of the data folder, and clients that have seen what it does not have. */
async function restored(away: { readonly writesMeanwhile: number; readonly told: boolean }): Promise<{ resets: string[] }> {
  server = await Heliograph.up();
  const agent = new Api(server.url, await server.key("acme", "agent"));
  const token = await server.token("acme", "ada", "operator", "1h");
  await agent.createApproval({ title: "in the backup" });
  await server.interrupt();
  const backup = await mkdtemp(join(tmpdir(), "heliograph-backup-"));
  await cp(server.data, backup, { recursive: true });
  await server.start();
  for (const transports of TRANSPORTS) await connect(token, { transports });
  for (let lost = 1; lost <= 3; lost++) await agent.createApproval({ title: `lost ${lost}` });
  for (const client of clients) await client.until(() => titles(client.events).length === 3, "what will be lost");

  await server.kill();
  await rm(server.data, { recursive: true });
  await cp(backup, server.data, { recursive: true });
  await rm(backup, { recursive: true });
  if (away.told) expect(await launch("rotate-epochs", "--data", server.data)).toMatchObject({ code: 0 });
  const leaves = away.writesMeanwhile > 0;
  for (const client of clients) if (leaves) client.socket.disconnect();
  await server.start();
  for (let written = 1; written <= away.writesMeanwhile; written++) await agent.createApproval({ title: `meanwhile ${written}` });
  for (const client of clients) {
    const seen = client.events.length;
    if (leaves) client.socket.connect();
    await client.until(() => client.resets.length > 0, "the reset");
    client.events.splice(0, seen);
  }
  await agent.createApproval({ title: "after the restore" });
  for (const client of clients) await client.until(() => titles(client.events).includes("after the restore"), "what came after the restore");
  expect(clients.map(({ recovered }) => recovered)).toEqual(clients.map(() => [false, false]));
  const resets = clients.flatMap((client) => client.resets.map((reset) => (reset as { reason: string }).reason));
  return { resets };
}

test("after a restore that it was told of, every client reloads once and then hears all that is new", async () => {
  const { resets } = await restored({ writesMeanwhile: 0, told: true });

  expect(resets).toEqual(["epoch-changed", "epoch-changed", "epoch-changed"]);
  for (const client of clients) expect(titles(client.events)).toEqual(["after the restore"]);
});

test("after a restore that nobody told it of, a client that is ahead of the log reloads", async () => {
  const { resets } = await restored({ writesMeanwhile: 0, told: false });

  expect(resets).toEqual(["ahead-of-head", "ahead-of-head", "ahead-of-head"]);
  for (const client of clients) expect(titles(client.events)).toEqual(["after the restore"]);
});

test("after a restore that nobody told it of, a client that comes when the log has moved past its cursor reloads", async () => {
  const { resets } = await restored({ writesMeanwhile: 6, told: false });

  expect(resets).toEqual(["mismatch", "mismatch", "mismatch"]);
  for (const client of clients) expect(titles(client.events)).toEqual(["after the restore"]);
});

test("a stock client that left on purpose and comes back is served what it missed", async () => {
  server = await Heliograph.up();
  const agent = new Api(server.url, await server.key("acme", "agent"));
  const client = await connect(await server.token("acme", "ada", "operator"));
  await agent.createApproval({ title: "first" });
  await client.until(() => titles(client.events).length === 1, "the first event");

  client.socket.disconnect();
  await agent.createApproval({ title: "while away" });
  client.socket.connect();
  await client.until(() => client.recovered.length === 2, "the reconnection");

  // socket.io-client keeps its pid over a disconnect of its own.
  expect(client.recovered).toEqual([false, true]);
  await client.until(() => titles(client.events).length === 2, "what was missed");
});

test("a cursor older than retention: told so, and nothing else of the past", { timeout: 120_000 }, async () => {
  server = await Heliograph.upWith({ HELIOGRAPH_RETENTION_MAX_EVENTS: "1000", HELIOGRAPH_RETENTION_INTERVAL: "100ms" });
  const agent = new Api(server.url, await server.key("acme", "agent"));
  const token = await server.token("acme", "ada", "operator", "1h");
  const client = await connect(token);
  await agent.createApproval({ title: "old" });
  await client.until(() => titles(client.events).length === 1, "the first event");
  const cursor = client.cursors.at(-1) ?? "";
  client.close();

  // Writers go on while old events are removed under them.
  const before = (await new Api(server.url, token).log()).length;
  const texts = Array.from({ length: 2_000 }, (_, index) => `message ${index}`);
  const write = async (): Promise<void> => {
    for (let text = texts.pop(); text !== undefined; text = texts.pop()) await agent.ok("POST", "/v1/agents/agent/messages", { role: "agent", kind: "text", text });
  };
  await Promise.all(Array.from({ length: 8 }, write));
  const kept = (): Promise<number> => new Api(server.url, token).log().then((log) => log.length, () => 0);
  await expect.poll(kept, { timeout: 60_000 }).toBe(1_000);

  const late = await connect(token, { auth: { token, cursor } });
  await late.until(() => late.resets.length === 1, "the reset");
  await agent.createApproval({ title: "new" });
  await late.until(() => titles(late.events).length === 1, "what is new");
  expect(before).toBeGreaterThan(0);
  expect(late.resets).toEqual([{ reason: "too-old" }]);
  expect(titles(late.events)).toEqual(["new"]);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(Number(/^heliograph_log_removed_total (\S+)$/m.exec(metrics)?.[1])).toBeGreaterThanOrEqual(1_000);
});
