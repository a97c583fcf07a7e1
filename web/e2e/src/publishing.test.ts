import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { io, type Socket } from "socket.io-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Api } from "./api.js";
import { Heliograph } from "./heliograph.js";

const ROOT = resolve(import.meta.dirname, "../../..");

let server: Heliograph;
let socket: Socket | undefined;
beforeAll(async () => {
  server = await Heliograph.up();
});
afterAll(async () => {
  socket?.close();
  await server.remove();
});

/** The page's blocks, in one shell, with what each printed. `./heliograph` works on the data folder of this test's server. */
async function run(blocks: readonly string[]): Promise<readonly string[]> {
  const marker = "=== end of a block";
  const script = ["set -euo pipefail", ...blocks.flatMap((block) => [block, `printf '\\n${marker}\\n'`]), 'printf "%s %s" "$KEY" "$TOKEN"'].join("\n");
  const { stdout } = await promisify(execFile)("bash", ["-c", script], {
    cwd: ROOT,
    env: { ...process.env, HELIOGRAPH_DATA: server.data, URL: server.url },
  });
  return stdout.split(marker).map((text) => text.trim());
}

interface Envelope {
  readonly type: string;
  readonly offset: number;
  readonly topic?: string;
  readonly data: Record<string, unknown>;
}

test("docs/PUBLISHING.md, as it is written there", async () => {
  const page = await readFile(join(ROOT, "docs/PUBLISHING.md"), "utf8");
  const blocks = [...page.matchAll(/<!-- run -->\n```bash\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
  const printed = await run(blocks);
  const [key = "", token = ""] = (printed.at(-1) ?? "").split(" ");
  const publisher = new Api(server.url, key);
  const answer = JSON.parse(printed[1] ?? "") as { events: { id: string; eventId: string; offset: number; cursor: string }[] };
  const read = JSON.parse(printed[4] ?? "") as { data: Envelope[] };

  expect(answer.events).toEqual([{ id: expect.stringMatching(/^evt_/) as string, eventId: "order-42-shipped", offset: expect.any(Number) as number, cursor: expect.any(String) as string }]);
  expect(read.data.map(({ type, topic, data }) => ({ type, topic, data }))).toEqual([{ type: "order:shipped", topic: "orders/42", data: { orderId: 42, carrier: "DHL" } }]);
  const described = await publisher.call("POST", "/v1/events", { events: [{ type: "order:shipped", topic: "orders/42", data: { orderId: "42" } }] });
  expect(described.status).toBe(400);
  expect(JSON.stringify(described.body)).toContain("events[0].data");
  // Who resumes gets the newest price only, and nothing of the topics that the token does not have.
  const heard: Envelope[] = [];
  socket = io(server.url, { auth: { token, cursor: answer.events[0]?.cursor }, reconnection: false });
  socket.onAny((_, envelope: Envelope) => heard.push(envelope));
  await new Promise((connected) => socket?.once("connect", () => { connected(undefined); }));
  await publisher.ok("POST", "/v1/events", { events: [{ type: "order:shipped", topic: "staff/1", data: { orderId: 43 } }, { type: "order:shipped", topic: "orders/44", data: { orderId: 44 } }] });
  await expect.poll(() => heard.some(({ data }) => data["orderId"] === 44)).toBe(true);

  expect(heard.filter(({ topic }) => topic !== undefined).map(({ topic, data }) => [topic, data])).toEqual([
    ["products/7", { price: 990 }],
    ["orders/44", { orderId: 44 }],
  ]);
});
