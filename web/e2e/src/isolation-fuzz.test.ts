import { io } from "socket.io-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Heliograph } from "./heliograph.js";
import { MarkerWatch } from "./markers.js";
import { random, seedOfThisRun } from "./seed.js";
import { type Ids, Tenant } from "./tenant.js";

/** 20 and 100,000 in the long run (HELIOGRAPH_FUZZ_WORKSPACES=20 HELIOGRAPH_FUZZ_CALLS=100000); a shorter one each time. */
const WORKSPACES = Number(process.env["HELIOGRAPH_FUZZ_WORKSPACES"] ?? 6);
const CALLS = Number(process.env["HELIOGRAPH_FUZZ_CALLS"] ?? 3_000);
const AT_ONCE = 12;
/** The first workspaces are only read by their own callers: whatever changes in them was changed by a stranger. */
const STILL = 2;

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** It names one thing by an id: with another workspace's, success is a crossing. */
  readonly names?: "foreign" | undefined;
}

let server: Heliograph;
let tenants: Tenant[];
let next: () => number;

beforeAll(async () => {
  next = random(seedOfThisRun());
  server = await Heliograph.upWith({ HELIOGRAPH_TOKEN_TTL: "4h", HELIOGRAPH_READERS_MAX_PER_CALLER: "1000" });
  tenants = [];
  for (let index = 0; index < WORKSPACES; index++) tenants.push(await Tenant.open(server, `tenant-${index}`));
}, 240_000);
afterAll(() => server.remove());

test(`0 foreign bytes in ${CALLS} random calls with swapped ids, cursors and credentials`, { timeout: 60_000 + CALLS * 20 }, async () => {
  const before = await Promise.all(tenants.slice(0, STILL).map((tenant) => tenant.inventory()));
  const tally = await fuzz(CALLS, (tenant) => new MarkerWatch(tenant.marker));
  console.log(JSON.stringify({ calls: tally.calls, statuses: Object.fromEntries([...tally.statuses].sort()), bytes: tally.bytes, own: tally.own }));

  expect(tally.foreign).toEqual([]);
  expect(tally.crossings).toEqual([]);
  expect(tally.own).toBeGreaterThan(CALLS); // most answers hold something of their own workspace
  const after = await Promise.all(tenants.slice(0, STILL).map((tenant) => tenant.inventory()));
  expect(after).toEqual(before);
  for (const tenant of tenants) {
    const watch = new MarkerWatch(tenant.marker);
    watch.lookAt(await tenant.inventory());
    expect(watch.foreign).toEqual([]);
  }
});

test("a leak would be seen: a caller that is taken for another workspace's", async () => {
  const one = pick(tenants);
  const stranger = pick(tenants.filter((tenant) => tenant !== one));
  const tally = await fuzz(200, (tenant) => new MarkerWatch(tenant === one ? stranger.marker : tenant.marker));

  expect(tally.foreign.length).toBeGreaterThan(0);
  expect(new Set(tally.foreign.map((leak) => leak.marker))).toEqual(new Set([one.marker]));
});

interface Tally {
  calls: number;
  bytes: number;
  own: number;
  readonly statuses: Map<number | string, number>;
  readonly foreign: { call: string; marker: string }[];
  readonly crossings: string[];
}

async function fuzz(calls: number, watchOf: (tenant: Tenant) => MarkerWatch): Promise<Tally> {
  const tally: Tally = { calls: 0, bytes: 0, own: 0, statuses: new Map(), foreign: [], crossings: [] };
  const one = async (): Promise<void> => {
    const tenant = pick(tenants);
    const watch = watchOf(tenant);
    const dice = next();
    const [what, status] =
      dice < 0.02 ? await overSocket(tenant, watch) : dice < 0.04 ? await withBrokenCredential(watch) : await overRest(tenant, watch, tally);
    tally.own += watch.own;
    tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1);
    for (const marker of watch.foreign) tally.foreign.push({ call: `${tenant.name}: ${what}`, marker });
  };
  const worker = async (): Promise<void> => {
    while (tally.calls < calls) {
      tally.calls += 1;
      await one();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return tally;
}

async function overRest(tenant: Tenant, watch: MarkerWatch, tally: Tally): Promise<[string, number]> {
  const foreign = next() < 0.8;
  const target = foreign ? pick(tenants.filter((other) => other !== tenant)) : tenant;
  const { method, path, body, names } = tenants.indexOf(tenant) < STILL || (!foreign && next() < 0.5) ? reading(target) : anyCall(tenant, target);
  const credential = pick(tenant.credentials);
  const answer = await send(credential, method, path, body);
  watch.lookAt(answer.text);
  for (const text of secretsIn(tenant, credential, answer.text)) tally.crossings.push(`${tenant.name}: ${method} ${path} showed "${text}"`);
  tally.bytes += answer.text.length;
  const what = `${method} ${path} ${JSON.stringify(body)}`;
  if (foreign && names === "foreign" && answer.status < 300) tally.crossings.push(`${tenant.name} at ${target.name}: ${what} answered ${answer.status}`);
  return [what, answer.status];
}

/** Texts that this credential of the workspace may not see. */
function secretsIn(tenant: Tenant, credential: string, answer: string): string[] {
  return tenant.secrets.filter(({ text, seenBy }) => !seenBy.includes(credential) && answer.includes(text)).map(({ text }) => text);
}

const PATTERNS = ["orders/*", "bills/1", "agents/*", "*", "orders/1,bills/*", "nothing"];

/** Calls that change nothing, whoever makes them. A stranger's agent id may be the name of an agent of one's own. */
function reading(target: Tenant): Call {
  const cursor = encodeURIComponent(id(target, "cursors"));
  const lists = ["approvals", "agents", "notifications", "audit", "members", "api-keys", "overview", "whoami", "events"];
  return pick<() => Call>([
    () => ({ method: "GET", path: `/v1/${pick(lists)}` }),
    () => ({ method: "GET", path: `/v1/${pick(["approvals", "agents", "notifications", "audit"])}?limit=3&cursor=${cursor}` }),
    () => ({ method: "GET", path: `/v1/events?after=${cursor}&limit=${1 + Math.floor(next() * 200)}` }),
    () => ({ method: "GET", path: `/v1/approvals?status=${pick(["pending", "approved", "cancelled"])}&agentId=${id(target, "agents")}` }),
    () => ({ method: "GET", path: `/v1/approvals/${id(target, "approvals")}${pick(["", "?wait=0", "/timeline"])}`, names: "foreign" }),
    () => ({ method: "GET", path: `/v1/agents/${id(target, "agents")}${pick(["", "/messages"])}` }),
    () => ({ method: "GET", path: `/v1/agents/${id(target, "agents")}/messages?cursor=${cursor}` }),
    () => ({ method: "GET", path: `/v1/events/stream?after=${cursor}` }),
    () => ({ method: "GET", path: `/v1/events?topic=${pick([...PATTERNS, `agents/${id(target, "agents")}`])}&limit=50` }),
    () => ({ method: "GET", path: `/v1/events/stream?topic=${pick(PATTERNS)}&after=${cursor}` }),
    () => ({ method: "GET", path: "/v1/event-types" }),
    () => ({ method: "GET", path: `/v1/event-types/order:${target.name}`, names: "foreign" }),
  ])();
}

function anyCall(tenant: Tenant, target: Tenant): Call {
  const approval = `/v1/approvals/${id(target, "approvals")}`;
  const text = `by ${tenant.marker}`;
  return pick<() => Call>([
    () => reading(target),
    () => reading(target),
    () => ({ method: "POST", path: "/v1/approvals", body: { ...request(text), agentId: id(target, "agents") } }),
    () => ({ method: "POST", path: "/v1/approvals", body: { ...request(text), externalId: `external-${Math.floor(next() * 4)}` } }),
    () => ({ method: "POST", path: `${approval}/decision`, body: { outcome: "approved", digest: "0".repeat(64), reason: text }, names: "foreign" }),
    () => ({ method: "POST", path: `${approval}/cancel`, body: { reason: text }, names: "foreign" }),
    () => ({ method: "POST", path: `${approval}/extend`, body: { expiresIn: 86_400 }, names: "foreign" }),
    () => ({ method: "PUT", path: `${approval}/claim`, names: "foreign" }),
    () => ({ method: "DELETE", path: `${approval}/claim`, names: "foreign" }),
    () => ({
      method: "POST",
      path: "/v1/approvals/bulk-decision",
      body: { decisions: [{ id: id(target, "approvals"), outcome: "rejected", digest: "0".repeat(64) }] },
    }),
    () => ({ method: "POST", path: "/v1/notifications/mark", body: { ids: [id(target, "notifications")], change: pick(["read", "unread", "archived"]) } }),
    () => ({ method: "PUT", path: `/v1/agents/${id(target, "agents")}`, body: { status: "idle", statusText: text } }),
    () => ({ method: "POST", path: `/v1/agents/${id(target, "agents")}/heartbeat` }),
    () => ({ method: "POST", path: `/v1/agents/${id(target, "agents")}/messages`, body: { role: "agent", kind: "text", text } }),
    () => ({ method: "POST", path: pick(["/v1/events", "/v1/events/volatile"]), body: { events: [published(text, target)] } }),
    () => ({ method: "POST", path: "/v1/events", body: { events: [{ ...published(text, tenant), eventId: `event-${Math.floor(next() * 20)}`, key: "state" }] } }),
    () => ({ method: "DELETE", path: `/v1/event-types/order:${tenant === target ? "none" : target.name}`, names: "foreign" }),
    () => (tenant === target ? reading(target) : { method: "DELETE", path: `/v1/agents/${id(target, "agents")}/lease` }),
    () => (tenant === target ? reading(target) : againstCredentials(target)),
  ])();
}

/** What would take another workspace's people and keys away. */
function againstCredentials(target: Tenant): Call {
  return pick<Call>([
    { method: "DELETE", path: `/v1/api-keys/${id(target, "keys")}`, names: "foreign" },
    { method: "DELETE", path: `/v1/members/${id(target, "members")}`, names: "foreign" },
    { method: "PATCH", path: `/v1/members/${id(target, "members")}`, body: { role: "viewer" }, names: "foreign" },
    { method: "POST", path: `/v1/members/${id(target, "members")}/sign-in-link`, names: "foreign" },
    { method: "DELETE", path: `/v1/tokens/${id(target, "tokens")}` },
  ]);
}

/** Now and then for a member of another workspace, which refuses it. */
function published(text: string, target: Tenant): Record<string, unknown> {
  const topic = pick([{}, { topic: pick(["orders/1", "bills/1", `agents/${id(target, "agents")}`]) }]);
  const audience = pick([{}, {}, { audience: { member: id(target, "members") } }]);
  return { type: "order:shipped", data: { text }, ...topic, ...audience };
}

function request(text: string): Record<string, unknown> {
  return { title: text, action: { name: "refund", args: { text } }, expiresIn: 86_400 };
}

/** Half of one workspace's credential and half of another's: lets nobody in, and tells nothing. */
async function withBrokenCredential(watch: MarkerWatch): Promise<[string, number]> {
  const one = pick(tenants);
  const other = pick(tenants.filter((tenant) => tenant !== one));
  const credential = Math.floor(next() * 3);
  const [mine, theirs] = [one.credentials[credential] ?? "", other.credentials[credential] ?? ""];
  const parts = theirs.split(".");
  const broken =
    parts.length === 3
      ? pick([[mine.split(".")[0], parts[1], mine.split(".")[2]].join("."), [parts[0], parts[1], ""].join("."), mine.slice(0, -8)])
      : mine.slice(0, Math.floor(mine.length / 2)) + theirs.slice(Math.floor(theirs.length / 2) - 1);
  const answer = await send(broken, "GET", pick(["/v1/approvals", "/v1/events", "/v1/whoami"]), undefined);
  watch.lookAt(answer.text);
  if (answer.status < 400) watch.foreign.push(`let in with ${broken}`);
  return [`with the credential ${broken}`, answer.status];
}

/** A socket that presents another workspace's cursor or pid, watches its agents and renews with its token. */
async function overSocket(tenant: Tenant, watch: MarkerWatch): Promise<[string, string]> {
  const stranger = pick(tenants);
  const cursor = id(stranger, "cursors");
  const token = pick(tenant.credentials);
  const presented = pick([{ cursor }, { pid: `abcdefghijklmnop.${cursor}`, offset: cursor }, { pid: cursor }, {}]);
  const socket = io(server.url + pick(["", "", "", `/${stranger.name}`]), {
    forceNew: true,
    reconnection: false,
    transports: [pick(["websocket", "polling"])],
    auth: { token, ...presented },
  });
  socket.onAny((...args: unknown[]) => {
    const event = JSON.stringify(args);
    watch.lookAt(event);
    watch.foreign.push(...secretsIn(tenant, token, event).map((text) => `a socket got "${text}"`));
  });
  const outcome = await new Promise<string>((resolve) => {
    socket.once("connect", () => resolve("socket in"));
    socket.once("connect_error", (error) => {
      watch.lookAt(JSON.stringify([error.message, (error as { data?: unknown }).data]));
      resolve("socket refused");
    });
  });
  if (outcome === "socket in") {
    const watching: unknown = await socket.timeout(10_000).emitWithAck("topics:watch", pick([{ agents: stranger.ids.agents }, { topics: ["orders/*", "bills/*"] }, { topics: "all" }]));
    const renewed = (await socket.timeout(10_000).emitWithAck("auth:renew", { token: pick(stranger.credentials) })) as { ok?: boolean };
    watch.lookAt(JSON.stringify([watching, renewed]));
    if (stranger !== tenant && renewed.ok === true) watch.foreign.push(`renewed with a token of ${stranger.name}`);
  }
  socket.close();
  return [`socket with ${JSON.stringify(presented)}`, outcome];
}

async function send(credential: string, method: string, path: string, body: unknown): Promise<{ status: number; text: string }> {
  const stream = path.startsWith("/v1/events/stream");
  const response = await fetch(server.url + path, {
    method,
    headers: {
      authorization: `Bearer ${credential}`,
      // Few keys, so that workspaces meet one another's.
      ...(method === "POST" ? { "idempotency-key": `key-${Math.floor(next() * 5_000)}` } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(stream && next() < 0.5 ? { "last-event-id": id(pick(tenants), "cursors") } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const headers = JSON.stringify([...response.headers]);
  if (!stream || response.body === null) return { status: response.status, text: headers + (await response.text()) };
  const reader = response.body.getReader();
  const first = await reader.read();
  await reader.cancel();
  return { status: response.status, text: headers + Buffer.from(first.value ?? new Uint8Array()).toString() };
}

function id(of: Tenant, kind: keyof Ids): string {
  return pick(of.ids[kind]);
}

function pick<T>(items: readonly T[]): T {
  const item = items[Math.floor(next() * items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}
