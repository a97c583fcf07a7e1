import { afterAll, beforeAll, expect, test } from "vitest";
import { Api } from "./api.js";
import { Heliograph } from "./heliograph.js";
import { Recorder } from "./recorder.js";

let server: Heliograph;
beforeAll(async () => {
  server = await Heliograph.up();
});
afterAll(() => server.remove());

test("a token of one workspace never receives or reads anything of another", async () => {
  const [acmeKey, acmeToken] = [await server.key("acme", "agent"), await server.token("acme", "ada", "owner")];
  const [otherKey, otherToken] = [await server.key("other", "agent"), await server.token("other", "eve", "owner")];
  const acme = new Recorder(server.url, acmeToken);
  const other = new Recorder(server.url, otherToken);
  await Promise.all([acme.connected(), other.connected()]);

  const approval = await new Api(server.url, acmeKey).createApproval({ title: "secret of acme" });
  const decoy = await new Api(server.url, otherKey).createApproval({ title: "decoy of other" });
  await acme.until(() => acme.types.has("notification:new"), "the events of acme");
  await other.until(() => other.types.has("notification:new"), "the events of other");

  const eve = new Api(server.url, otherToken);
  for (const path of [`/v1/approvals/${approval.id}`, `/v1/approvals/${approval.id}?wait=1`, `/v1/agents/${approval.agentId}/messages`]) {
    expect((await eve.call("GET", path)).status, path).toBe(404);
  }
  expect((await eve.decide(approval, "approved")).status).toBe(404);
  for (const path of ["/v1/approvals", "/v1/agents", "/v1/notifications", "/v1/events", "/v1/overview"]) {
    const answer = await eve.call("GET", path);
    expect(answer.status, path).toBe(200);
    expect(JSON.stringify(answer.body), path).not.toContain(approval.id);
    expect(JSON.stringify(answer.body), path).not.toContain("secret of acme");
  }
  // A cursor of the other workspace is treated as none: it opens nothing.
  const foreign = new Recorder(server.url, otherToken, { auth: { token: otherToken, cursor: acme.cursors[0] } });
  await foreign.connected();
  await new Api(server.url, otherKey).createApproval({ title: "second decoy" });
  await foreign.until(() => foreign.types.has("notification:new"), "an event of its own");

  for (const client of [other, foreign]) {
    expect(JSON.stringify(client.events)).not.toContain("secret of acme");
    expect(client.events.some((event) => event.subject.id === approval.id)).toBe(false);
  }
  expect(acme.events.some((event) => event.subject.id === decoy.id)).toBe(false);
  [acme, other, foreign].forEach((client) => {
    client.close();
  });
});
