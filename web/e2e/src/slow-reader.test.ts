import { afterAll, beforeAll, expect, test } from "vitest";
import { Api } from "./api.js";
import { Heliograph } from "./heliograph.js";
import { Recorder } from "./recorder.js";

let server: Heliograph;
beforeAll(async () => {
  server = await Heliograph.upWith({ HELIOGRAPH_GATEWAY_MAX_OUTBOUND: "256KB" });
});
afterAll(() => server.remove());

test("a client that stops reading is closed at its bound and comes back without a gap; nobody waits for it", async () => {
  const agent = new Api(server.url, await server.key("acme", "agent"));
  const token = await server.token("acme", "ada", "operator");
  const slow = new Recorder(server.url, token, { transports: ["websocket"] });
  const other = new Recorder(server.url, token);
  await Promise.all([slow.connected(), other.connected()]);
  const reading = connection(slow);

  // What the kernel holds of a connection comes before the server's own bound: some megabytes.
  reading.pause();
  let written = 0;
  const text = "x".repeat(30_000);
  while ((await slowCloses()) === 0) {
    if (written > 2_000) throw new Error("the server holds more than 60 MB for a socket that does not read");
    await Promise.all(Array.from({ length: 10 }, () => agent.ok("POST", "/v1/agents/agent/messages", { role: "agent", kind: "text", text })));
    written += 10;
    await other.until(() => messages(other) >= written, `message ${written} at the client that reads`, 10_000);
  }
  expect(messages(slow)).toBeLessThan(written);
  expect(slow.socket.connected).toBe(true); // it does not know yet

  reading.resume();
  await slow.until(() => slow.recovered.length === 2, "the slow client to come back");
  await slow.until(() => messages(slow) >= written, "what it missed");

  const log = await new Api(server.url, token).log();
  expect(slow.recovered).toEqual([false, true]);
  expect(slow.offsets).toEqual(log.map((event) => event.offset));
  expect(other.offsets).toEqual(log.map((event) => event.offset));
  expect(other.recovered).toEqual([false]);
  console.log(`closed as slow behind ${written} messages of 30 kB`);
  slow.close();
  other.close();
});

/** The WebSocket of the package ws, under a stock client. */
function connection(client: Recorder): { pause(): void; resume(): void } {
  return (client.socket.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } }).ws;
}

function messages(client: Recorder): number {
  return client.events.filter((event) => event.type === "agent:message").length;
}

async function slowCloses(): Promise<number> {
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  return [...metrics.matchAll(/^heliograph_gateway_sessions_closed_total\{.*reason="slow.*\} (\S+)$/gm)].reduce((sum, match) => sum + Number(match[1]), 0);
}
