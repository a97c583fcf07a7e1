import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Api } from "./api.js";
import { Heliograph } from "./heliograph.js";
import { Recorder } from "./recorder.js";

const STORY = [
  "approval:created",
  "approval:resolved",
  "approval:expired",
  "agent:status",
  "agent:message",
  "notification:new",
  "notification:read",
];

describe("the stock socket.io-client", () => {
  let server: Heliograph;
  let key: string;
  let token: string;

  beforeAll(async () => {
    server = await Heliograph.up();
    key = await server.key("acme", "billing-agent");
    token = await server.token("acme", "ada", "operator");
  });
  afterAll(() => server.remove());

  test("receives all seven events once each, in order, over every transport", async () => {
    const clients = {
      "default (polling, then upgrade)": new Recorder(server.url, token),
      websocket: new Recorder(server.url, token, { transports: ["websocket"] }),
      polling: new Recorder(server.url, token, { transports: ["polling"] }),
    };
    const recorders = Object.values(clients);
    await Promise.all(recorders.map((client) => client.connected()));
    const agent = new Api(server.url, key);
    const member = new Api(server.url, token);

    const expiring = await agent.createApproval({ title: "Nobody looks at this one", expiresIn: 10 });
    const approval = await agent.createApproval();
    await agent.ok("POST", `/v1/agents/${approval.agentId}/messages`, {
      role: "agent",
      kind: "text",
      text: 'Looking at order 9 — “größer”, 日本語, 🚀 \u2028 and "quotes"',
    });
    const inbox = await member.ok<{ data: { id: string }[] }>("GET", "/v1/notifications");
    const newest = inbox.data[0];
    if (newest === undefined) throw new Error("the operator has no notification");
    await member.ok("POST", "/v1/notifications/mark", { ids: [newest.id], change: "read" });
    const decision = await member.decide(approval, "approved");
    expect(decision.status).toBe(200);

    await Promise.all(
      recorders.map((client) =>
        client.until(
          () => client.events.some((event) => event.type === "approval:expired" && event.subject.id === expiring.id),
          "the approval to expire",
        ),
      ),
    );
    // What follows the expiry for this member is part of the log too: wait until nobody lacks anything of it.
    const log = await member.log();
    const last = log.at(-1)?.offset ?? 0;
    await Promise.all(recorders.map((client) => client.until(() => (client.offsets.at(-1) ?? 0) >= last, `offset ${last}`)));

    for (const [name, client] of Object.entries(clients)) {
      expect([...client.types].sort(), name).toEqual([...STORY].sort());
      expect(client.events.slice(0, log.length), name).toEqual(log);
      expect(new Set(client.offsets).size, name).toBe(client.offsets.length);
    }
    const upgrading = clients["default (polling, then upgrade)"];
    await upgrading.until(() => upgrading.socket.io.engine.transport.name === "websocket", "the upgrade");
    expect(clients.polling.socket.io.engine.transport.name).toBe("polling");
    recorders.forEach((client) => {
      client.close();
    });
  });

  test.each([
    ["a missing token", undefined, "token_missing"],
    ["a malformed token", "not-a-token", "token_malformed"],
    ["a forged token", () => forged(token), "token_invalid"],
  ])("is refused with %s, and gets not one event", async (_name, given, code) => {
    const client = new Recorder(server.url, typeof given === "function" ? given() : given, { reconnection: false });

    await client.until(() => client.errors.length > 0, "connect_error");
    await new Api(server.url, key).createApproval();

    expect(client.errors[0]?.data?.code).toBe(code);
    expect(client.errors[0]?.message).not.toBe("");
    expect(client.socket.connected).toBe(false);
    expect(client.events).toEqual([]);
    client.close();
  });

  test("is refused with an expired token", async () => {
    const short = await server.token("acme", "ada", "operator", "1s");
    const api = new Api(server.url, short);
    await expect.poll(async () => (await api.call("GET", "/v1/whoami")).status, { timeout: 10_000 }).toBe(401);

    const client = new Recorder(server.url, short, { reconnection: false });
    await client.until(() => client.errors.length > 0, "connect_error");

    expect(client.errors[0]?.data?.code).toBe("token_expired");
    client.close();
  });

  test("emits with an ack, and its socket outlives several heartbeats", async () => {
    const client = new Recorder(server.url, token, { transports: ["websocket"] });
    await client.connected();
    let pings = 0;
    client.socket.io.on("ping", () => pings++);

    const renewed = (await client.socket.timeout(5_000).emitWithAck("auth:renew", { token })) as { ok?: boolean };
    const refused = (await client.socket.timeout(5_000).emitWithAck("auth:renew", { token: "nonsense" })) as {
      error?: { code?: string };
    };

    expect(renewed.ok).toBe(true);
    expect(refused.error?.code).toBe("token_malformed");
    await expect.poll(() => pings, { timeout: 60_000 }).toBeGreaterThanOrEqual(2);
    expect(client.socket.connected).toBe(true);
    client.close();
  });
});

/** The same claims under a signature of somebody else. */
function forged(token: string): string {
  const [header, claims, signature] = token.split(".") as [string, string, string];
  const flipped = (signature.startsWith("A") ? "B" : "A") + signature.slice(1);
  return [header, claims, flipped].join(".");
}
