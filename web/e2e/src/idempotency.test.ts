import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Api, type Answer, type Approval, type Envelope } from "./api.js";
import { Heliograph } from "./heliograph.js";
import { random, seedOfThisRun } from "./seed.js";

/** 200 in the long run (HELIOGRAPH_IDEMPOTENCY_KILLS=200); a shorter one each time. */
const KILLS = Number(process.env["HELIOGRAPH_IDEMPOTENCY_KILLS"] ?? 3);
/** Changes of each kind that are under way at the same time. */
const OF_EACH = 5;

let server: Heliograph;
beforeAll(async () => {
  server = await Heliograph.up();
});
afterAll(() => server.remove());

/** A change under a key of its own, repeated until it is answered. */
class Change {
  readonly kind: string;
  /** Whether an event tells of it. */
  readonly told: (event: Envelope) => boolean;
  first: Answer<unknown> | undefined;
  readonly #request: (headers: Record<string, string>) => Promise<Answer<unknown>>;
  readonly #headers = { "idempotency-key": randomUUID() };

  constructor(kind: string, api: Api, method: string, path: string, body: unknown, told: (event: Envelope) => boolean) {
    this.kind = kind;
    this.told = told;
    this.#request = (headers) => api.call(method, path, body, headers);
  }

  /** The answer; undefined when the server was gone before there was one. */
  async send(): Promise<Answer<unknown> | undefined> {
    try {
      return await this.#request(this.#headers);
    } catch (error) {
      if (error instanceof TypeError) return undefined; // fetch's own failure
      throw error;
    }
  }

  /** Sends it until it is answered: a connection may be left from before the server was killed. */
  async persist(): Promise<Answer<unknown>> {
    for (;;) {
      const answer = await this.send();
      if (answer !== undefined) return answer;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

test(`kill -9 in a burst of changes, ${KILLS} times: each has one effect and one answer`, { timeout: 60_000 + KILLS * 60_000 }, async () => {
  const next = random(seedOfThisRun());
  const key = await server.key("acme", "writer");
  const token = await server.token("acme", "ada", "owner", "24h");
  const agent = new Api(server.url, key);
  const owner = new Api(server.url, token);
  const totals = { changes: 0, unanswered: 0, doneUnanswered: 0 };
  await agent.ok("PUT", "/v1/agents/writer", { status: "working", statusText: "begins" });

  for (let round = 0; round < KILLS; round++) {
    const changes = await prepare(agent, owner, round, next);
    const cursor = await head(owner);
    const version = await versionOfAgent(owner);
    let answered = 0;
    const burst = changes.map(async (change) => {
      change.first = await change.send();
      answered += 1;
    });
    // The random moment: some are answered by then, some are under way, some have not arrived.
    const enough = Math.floor(next() * changes.length);
    const delayMs = next() * 5;
    await expect.poll(() => answered, { interval: 1, timeout: 60_000 }).toBeGreaterThanOrEqual(enough);
    await new Promise((resolve) => setTimeout(resolve, delayMs)); // the moment itself, not a wait for anything
    await server.kill();
    await Promise.all(burst);
    await server.start();
    const committed = await owner.log(cursor);
    const unanswered = changes.filter((change) => change.first === undefined);
    const done = unanswered.filter((change) => committed.some((event) => change.told(event)));
    totals.changes += changes.length;
    totals.unanswered += unanswered.length;
    totals.doneUnanswered += done.length;

    for (const change of unanswered) {
      change.first = await change.persist();
      expect(replayed(change.first), `${change.kind} that was ${done.includes(change) ? "" : "not "}done before`).toBe(done.includes(change) && change.kind !== "create");
    }
    const repeats = await Promise.all(changes.map((change) => change.persist()));

    const log = await owner.log(cursor);
    for (const [index, change] of changes.entries()) {
      const repeat = repeats[index];
      expect(change.first?.status, change.kind).toBeOneOf([200, 201]);
      if (change.kind === "create") {
        // It joins the approval as it stands now, which nobody has changed.
        expect(repeat?.status).toBe(200);
      } else {
        expect(repeat?.status).toBe(change.first?.status);
        expect(replayed(repeat), change.kind).toBe(true);
      }
      expect(repeat?.body, change.kind).toEqual(change.first?.body);
      const events = log.filter((event) => change.told(event));
      expect(events.length, `events of one ${change.kind}`).toBe(1);
      if (events[0]?.subject.type === "approval") {
        const approval = await owner.ok<Approval>("GET", `/v1/approvals/${events[0].subject.id}`);
        expect(approval.version, change.kind).toBe(change.kind === "create" ? 1 : 2);
      }
    }
    const offsets = log.map((event) => event.offset);
    expect(offsets).toEqual(offsets.map((_, index) => (offsets[0] ?? 0) + index));
    expect(await versionOfAgent(owner)).toBe(version + OF_EACH);
  }

  console.log(`${KILLS} kills, ${totals.changes} changes, ${totals.unanswered} without an answer, of which ${totals.doneUnanswered} were done`);
});

/** Changes of all kinds that do not touch one another, in no order. */
async function prepare(agent: Api, owner: Api, round: number, next: () => number): Promise<Change[]> {
  const names = Array.from({ length: OF_EACH }, (_, index) => `round ${round}, ${index}`);
  const approvals = (): Promise<Approval[]> => Promise.all(names.map((title) => agent.createApproval({ title, expiresIn: 3_600 })));
  const [extended, decided, cancelled, claimed, noted] = [await approvals(), await approvals(), await approvals(), await approvals(), await approvals()];
  const notifications = await owner.ok<{ data: { id: string; subject: { id: string } }[] }>("GET", "/v1/notifications?state=unread&limit=200");
  const about = (type: string, id: string) => (event: Envelope): boolean => event.type === type && event.subject.id === id;
  const changes = [
    ...names.map((name) => {
      const title = `create, ${name}`;
      return new Change("create", agent, "POST", "/v1/approvals", { title, action: { name: "refund", args: { title } } }, (event) => event.type === "approval:created" && (event.data["approval"] as Approval).title === title);
    }),
    ...extended.map(({ id }) => new Change("extend", agent, "POST", `/v1/approvals/${id}/extend`, { expiresIn: 7_200 }, about("approval:updated", id))),
    ...decided.map(({ id, action }) => new Change("decision", owner, "POST", `/v1/approvals/${id}/decision`, { outcome: "approved", digest: action.digest }, about("approval:resolved", id))),
    ...cancelled.map(({ id }) => new Change("cancel", agent, "POST", `/v1/approvals/${id}/cancel`, {}, about("approval:resolved", id))),
    ...claimed.map(({ id }) => new Change("claim", owner, "PUT", `/v1/approvals/${id}/claim`, undefined, about("approval:updated", id))),
    ...noted.map((approval) => {
      const id = notifications.data.find((notification) => notification.subject.id === approval.id)?.id ?? "none";
      return new Change("mark", owner, "POST", "/v1/notifications/mark", { ids: [id], change: "read" }, (event) => event.type === "notification:read" && (event.data["ids"] as string[] | undefined)?.includes(id) === true);
    }),
    ...names.map((name) => {
      const text = `message, ${name}`;
      return new Change("message", agent, "POST", "/v1/agents/writer/messages", { text }, (event) => event.type === "agent:message" && (event.data["message"] as { text: string }).text === text);
    }),
    ...names.map((name) => {
      const statusText = `report, ${name}`;
      return new Change("report", agent, "PUT", "/v1/agents/writer", { status: "working", statusText }, (event) => event.type === "agent:status" && (event.data["agent"] as { statusText?: string }).statusText === statusText);
    }),
  ];
  return changes.map((change) => ({ change, at: next() })).sort((one, other) => one.at - other.at).map(({ change }) => change);
}

function replayed(answer: Answer<unknown> | undefined): boolean {
  return answer?.headers.get("idempotency-replayed") === "true";
}

async function versionOfAgent(api: Api): Promise<number> {
  return (await api.ok<{ version: number }>("GET", "/v1/agents/writer")).version;
}

/** The cursor of the newest event. */
async function head(api: Api): Promise<string> {
  return (await api.ok<{ asOf: string }>("GET", "/v1/overview")).asOf;
}
