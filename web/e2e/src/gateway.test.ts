import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Api, type Approval } from "./api.js";
import { Heliograph } from "./heliograph.js";
import { Recorder } from "./recorder.js";

describe("a socket on the log", () => {
  let server: Heliograph;
  let token: string;
  let agent: Api;
  let member: Api;
  let owner: Api;

  beforeAll(async () => {
    server = await Heliograph.up();
    agent = new Api(server.url, await server.key("acme", "agent"));
    token = await server.token("acme", "ada", "operator");
    member = new Api(server.url, token);
    owner = new Api(server.url, await server.token("acme", "olga", "owner"));
  });
  afterAll(() => server.remove());

  test("recovers by its pid alone when it had received nothing before the connection was lost", async () => {
    const client = new Recorder(server.url, token, { reconnectionDelay: 1_000, reconnectionDelayMax: 1_000 });
    await client.connected();

    client.socket.io.engine.close();
    const approval = await agent.createApproval({ title: "while nobody was connected" });
    await client.until(() => client.recovered.length === 2, "the reconnection");
    await client.until(() => client.types.has("notification:new"), "what was missed");

    expect(client.recovered).toEqual([false, true]);
    expect(client.events.find((event) => event.type === "approval:created")?.subject.id).toBe(approval.id);
    expect(client.resets).toEqual([]);
    client.close();
  });

  test("goes on from a list's asOf, exactly", async () => {
    const list = await member.ok<{ data: Approval[]; asOf: string }>("GET", "/v1/approvals?status=pending");
    const later = await agent.createApproval({ title: "after the list" });
    const client = new Recorder(server.url, token, { auth: { token, cursor: list.asOf } });

    await client.until(() => client.types.has("notification:new"), "what came after the list");

    expect(list.data.map((approval) => approval.id)).not.toContain(later.id);
    expect(client.events.filter((event) => event.type === "approval:created").map((event) => event.subject.id)).toEqual([later.id]);
    expect(client.events).toEqual(await member.log(list.asOf));
    client.close();
  });

  test.each([
    ["a forged cursor", "zz9:3:abcdef", "epoch-changed"],
    ["no cursor at all", "; drop table log_event", "malformed"],
  ])("is told to reload with %s, and goes on from the head", async (_name, cursor, reason) => {
    const client = new Recorder(server.url, token, { auth: { token, cursor } });
    await client.connected();
    await client.until(() => client.resets.length === 1, "the reset");

    const approval = await agent.createApproval({ title: "news" });
    await client.until(() => client.types.has("notification:new"), "news");

    expect(client.resets).toEqual([{ reason }]);
    expect(client.socket.recovered).toBe(false);
    expect(client.events.find((event) => event.type === "approval:created")?.subject.id).toBe(approval.id);
    client.close();
  });

  test("narrows agent:message to the agents it watches, and sees all else", async () => {
    const other = new Api(server.url, await server.key("acme", "other-agent"));
    const mine = await agent.createApproval({ title: "mine" });
    const others = await other.createApproval({ title: "theirs" });
    const client = new Recorder(server.url, token);
    await client.connected();

    const ack = (await client.socket.timeout(5_000).emitWithAck("topics:watch", { agents: [mine.agentId] })) as { watching: number };
    const refused = (await client.socket.timeout(5_000).emitWithAck("topics:watch", { agents: "some" })) as { error: { code: string } };
    await say(other, others.agentId, "not watched");
    await say(agent, mine.agentId, "watched");
    await agent.createApproval({ title: "for everyone" });
    await client.until(() => client.types.has("approval:created"), "what follows the messages");

    expect(ack.watching).toBe(1);
    expect(refused.error.code).toBe("invalid_request");
    const texts = client.events.filter((event) => event.type === "agent:message").map((event) => (event.data["message"] as { text: string }).text);
    expect(texts).toEqual(["watched"]);
    client.close();
  });

  test("is told the server's time when it asks, with any credential, and not without a bound", async () => {
    for (const credential of [token, await server.key("acme", "clock-reader")]) {
      const client = new Recorder(server.url, credential);
      await client.connected();
      const ask = () => client.socket.timeout(20_000).emitWithAck("clock", {}) as Promise<{ at?: string; error?: { code: string } }>;

      const from = Date.now();
      const { at } = await ask();
      const answers = await Promise.all(Array.from({ length: 30 }, ask));

      expect(at).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
      expect(Date.parse(at ?? "")).toBeGreaterThanOrEqual(from - 1);
      expect(Date.parse(at ?? "")).toBeLessThanOrEqual(Date.now());
      expect(answers.some((answer) => answer.error?.code === "too_many_requests")).toBe(true);
      await expect.poll(async () => (await ask()).at, { timeout: 20_000 }).toBeDefined();
      client.close();
    }
  });

  test("is warned before its token ends, and sent away when it does", async () => {
    const short = await server.token("acme", "ada", "operator", "6s");
    const client = new Recorder(server.url, short);
    const heard: string[] = [];
    client.socket.on("auth:expiring", () => heard.push("auth:expiring"));
    client.socket.on("closing", (why: { code: string }) => heard.push(why.code));
    let reason = "";
    client.socket.on("disconnect", (why) => (reason = why));
    await client.connected();

    await expect.poll(() => reason, { timeout: 20_000 }).toBe("io server disconnect");

    expect(heard).toEqual(["auth:expiring", "token_expired"]);
    client.close();
  });

  test("outlives its first token when it renews it in time", async () => {
    const short = await server.token("acme", "ada", "operator", "6s");
    const client = new Recorder(server.url, short);
    await client.connected();
    const expired = new Api(server.url, short);

    await client.socket.timeout(5_000).emitWithAck("auth:renew", { token });
    await expect.poll(async () => (await expired.call("GET", "/v1/whoami")).status, { timeout: 20_000 }).toBe(401);
    const approval = await agent.createApproval({ title: "after the first token's end" });
    await client.until(() => client.events.some((event) => event.subject.id === approval.id), "an event");

    expect(client.socket.connected).toBe(true);
    expect(client.recovered).toEqual([false]);
    client.close();
  });

  test("does not take a token of another member or workspace for its own", async () => {
    const client = new Recorder(server.url, token);
    await client.connected();

    for (const stranger of [await server.token("acme", "bob", "owner"), await server.token("other", "ada", "operator")]) {
      const answer = (await client.socket.timeout(5_000).emitWithAck("auth:renew", { token: stranger })) as { error?: { code: string } };
      expect(answer.error?.code).toBe("forbidden");
    }
    client.close();
  });

  test("is sent away within a second when its member is removed", async () => {
    const fired = new Recorder(server.url, await server.token("acme", "frank", "operator"));
    await fired.connected();
    const members = await owner.ok<{ data: { id: string; name: string }[] }>("GET", "/v1/members");
    const frank = members.data.find((candidate) => candidate.name === "frank");
    if (frank === undefined) throw new Error("frank is no member");
    let code = "";
    fired.socket.on("closing", (why: { code: string }) => (code = why.code));

    const from = performance.now();
    await owner.ok("DELETE", `/v1/members/${frank.id}`);
    await expect.poll(() => fired.socket.connected, { interval: 5 }).toBe(false);

    expect(code).toBe("token_invalid");
    console.log(`sent away ${Math.round(performance.now() - from)} ms after the call to remove began`);
    fired.close();
  });
});

function say(agent: Api, agentId: string, text: string): Promise<unknown> {
  return agent.ok("POST", `/v1/agents/${agentId}/messages`, { role: "agent", kind: "text", text });
}
