import { ApiProblem, Unreachable, type AgentMessage, type AnyEvent, type Approval, type EventBatch, type HeliographClient, type Page } from "@heliograph/client";
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parseEvent } from "../../client/src/events.js";
import { Stream } from "../../client/src/stream.js";
import type { ApprovalList } from "../src/lists.js";
import { keys, LiveCache } from "../src/live-cache.js";

const never = new AbortController().signal;
const counts = { pending: 0, critical: 0 };
const statusCounts = { pending: 0, approved: 0, rejected: 0, expired: 0, cancelled: 0 };

let stream: Stream;
let calls: string[];
let answers: Record<string, unknown>;
let batch: (batch: EventBatch) => void;
let reset: (reason: string) => void;
let queries: QueryClient;
let cache: LiveCache;
let undo: () => void;

beforeEach(() => {
  stream = new Stream();
  calls = [];
  answers = {};
  const answer = (call: string) => {
    calls.push(call);
    const given = answers[call];
    return given instanceof Error ? Promise.reject(given) : Promise.resolve(given);
  };
  const client = {
    onBatch: (handler: typeof batch) => ((batch = handler), () => undefined),
    onReset: (handler: typeof reset) => ((reset = handler), () => undefined),
    since: (asOf: string) => stream.since(asOf),
    seed: (asOf: string) => stream.seed(asOf),
    position: () => stream.position,
    measure: () => answer("measure"),
    rest: {
      head: () => answer("head"),
      approvals: ({ cursor = "first" }: { cursor?: string }) => answer(`approvals ${cursor}`),
      approval: (id: string) => answer(`approval ${id}`),
      decide: (id: string) => answer(`decide ${id}`),
      agents: () => answer("agents"),
      messages: (id: string) => answer(`messages ${id}`),
    },
  } as unknown as HeliographClient;
  queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  cache = new LiveCache(client, queries);
  undo = cache.attach();
});

function approval(id: string, version = 1, fields: Partial<Approval> = {}): Approval {
  return {
    id,
    workspaceId: "ws_1",
    agentId: "agt_1",
    title: id,
    risk: "low",
    tags: [],
    action: { name: "act", args: {}, digest: id },
    allow: { approve: true, edit: true, respond: true, reject: true },
    status: "pending",
    createdAt: "2026-01-01T00:00:00.000Z",
    expiresAt: "2027-01-01T00:00:00.000Z",
    version,
    ...fields,
  };
}

function created(offset: number, row: Approval): AnyEvent {
  const envelope = { id: `evt_${offset}`, type: "approval:created", offset, at: "", actor: { type: "agent" }, subject: { type: "approval", id: row.id }, data: { approval: row, counts } };
  const event = parseEvent(envelope, `k1:${offset}:x`);
  if (event === undefined) throw new Error("not an event");
  return event;
}

/** Events arrive. */
function deliver(...events: AnyEvent[]): void {
  batch({ events: events.filter((event) => stream.accept(event)), replayed: false });
}

const fetchAll = () => queries.query({ queryKey: keys.approvals({}), queryFn: () => cache.fetchApprovals({}, never), staleTime: Infinity });
const rows = () => queries.getQueryData<ApprovalList>(keys.approvals({}))?.rows.map((row) => `${row.id} ${row.version}`);
const page = (asOf: string, data: Approval[], nextCursor?: string) => ({ data, counts, statusCounts, asOf, ...(nextCursor === undefined ? {} : { nextCursor }) });

describe("a list of several pages", () => {
  test("has the rows up to the end of its first page, and events of those only", async () => {
    stream.begin("k1:5:x");
    answers = { "approvals first": page("k1:5:x", [approval("apr_5"), approval("apr_3")], "next") };
    await fetchAll();

    deliver(created(6, approval("apr_6")), created(7, approval("apr_4")), created(8, approval("apr_2")));

    expect(rows()).toEqual(["apr_6 1", "apr_5 1", "apr_4 1", "apr_3 1"]);
    expect(calls).toEqual(["approvals first"]);
  });

  test("goes on with the next page, brought forward over what was delivered since that was read", async () => {
    stream.begin("k1:5:x");
    answers = { "approvals first": page("k1:5:x", [approval("apr_5")], "next"), "approvals next": page("k1:5:x", [approval("apr_3")]) };
    await fetchAll();
    deliver(created(6, approval("apr_4")));
    expect(rows()).toEqual(["apr_5 1"]);

    await Promise.all([cache.fetchMoreApprovals({}), cache.fetchMoreApprovals({})]);

    expect(rows()).toEqual(["apr_5 1", "apr_4 1", "apr_3 1"]);
    expect(calls).toEqual(["approvals first", "approvals next"]);
    await cache.fetchMoreApprovals({});
    expect(calls).toHaveLength(2);
  });

  test("counts an event once, whenever the next page was read", async () => {
    stream.begin("k1:5:x");
    answers = { "approvals first": page("k1:5:x", [approval("apr_5")], "next"), "approvals next": page("k1:5:x", [approval("apr_3")]) };
    await fetchAll();
    const resolution = { outcome: "approved", by: { type: "member", id: "mem_1" }, at: "" };
    const data = { id: "apr_5", version: 2, status: "approved", resolution, agentId: "agt_1", counts };
    const resolved = parseEvent({ id: "evt_6", type: "approval:resolved", offset: 6, at: "", actor: { type: "member" }, subject: { type: "approval", id: "apr_5" }, data }, "k1:6:x");
    if (resolved === undefined) throw new Error("not an event");
    deliver(resolved);

    await cache.fetchMoreApprovals({});

    expect(rows()).toEqual(["apr_5 2", "apr_3 1"]);
    expect(queries.getQueryData<ApprovalList>(keys.approvals({}))?.statusCounts).toEqual({ ...statusCounts, approved: 1 });
  });

  test("is fetched again with as many rows as it has", async () => {
    stream.begin("k1:5:x");
    answers = { "approvals first": page("k1:5:x", [approval("apr_5")], "next"), "approvals next": page("k1:5:x", [approval("apr_3")], "last") };
    await fetchAll();
    await cache.fetchMoreApprovals({});
    calls = [];

    const again = await cache.fetchApprovals({}, never);

    expect(again.rows.map((row) => row.id)).toEqual(["apr_5", "apr_3"]);
    expect(again.more?.nextCursor).toBe("last");
    expect(calls).toEqual(["approvals first", "approvals next"]);
  });

  test("that the stream has left behind is fetched again, five times at most", async () => {
    stream.begin("k1:9:x");
    answers = { "approvals first": page("k1:5:x", []) };

    await expect(fetchAll()).rejects.toThrow("changed during each of 5 fetches");

    expect(calls).toHaveLength(5);
  });
});

describe("a list with q", () => {
  const key = keys.approvals({ q: "refund", status: "pending" });
  const ids = () => queries.getQueryData<ApprovalList>(key)?.rows.map((row) => row.id);
  let unobserve: () => void;

  beforeEach(async () => {
    vi.useFakeTimers();
    stream.begin("k1:1:x");
    answers = { "approvals first": page("k1:1:x", [approval("a2"), approval("a1")]) };
    const queryFn = () => cache.fetchApprovals({ q: "refund", status: "pending" }, never);
    unobserve = new QueryObserver(queries, { queryKey: key, queryFn, staleTime: Infinity }).subscribe(() => undefined);
    await vi.advanceTimersByTimeAsync(0);
    calls = [];
  });

  afterEach(() => {
    unobserve();
    vi.useRealTimers();
  });

  test("gets no row from an event, and is fetched again two seconds later", async () => {
    deliver(created(2, approval("a3")));
    expect(ids()).toEqual(["a2", "a1"]);

    answers = { "approvals first": page("k1:2:x", [approval("a3"), approval("a2"), approval("a1")]) };
    await vi.advanceTimersByTimeAsync(1_999);
    expect(calls).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);

    expect(ids()).toEqual(["a3", "a2", "a1"]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(calls).toEqual(["approvals first"]);
  });

  test("is fetched once for many events, and once more for those that came while it waited", async () => {
    answers = { "approvals first": page("k1:9:x", [approval("a2"), approval("a1")]) };
    deliver(created(2, approval("a3")));
    await vi.advanceTimersByTimeAsync(1_500);
    for (let offset = 3; offset < 10; offset += 1) deliver(created(offset, approval(`b${offset}`)));

    await vi.advanceTimersByTimeAsync(500);
    expect(calls).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(10_000);

    expect(calls).toHaveLength(2);
  });

  test("is not fetched after the cache was detached, and other lists are not", async () => {
    queries.setQueryData(keys.approvals({ status: "pending" }), { rows: [], at: { epoch: "k1", offset: 1, cursor: "k1:1:x" }, counts, statusCounts, more: undefined });
    deliver(created(2, approval("a3")));
    undo();

    await vi.advanceTimersByTimeAsync(10_000);

    expect(calls).toEqual([]);
    expect(queries.getQueryData<ApprovalList>(keys.approvals({ status: "pending" }))?.rows.map((row) => row.id)).toEqual(["a3"]);
  });
});

describe("what was seen of an approval", () => {
  test("is never replaced by something older, wherever that comes from", async () => {
    answers = { "approvals first": page("k1:5:x", [approval("apr_1", 3)]), "approval apr_1": approval("apr_1", 2) };
    await fetchAll();

    const entry = await cache.fetchApproval("apr_1", never);

    expect(entry.rows[0]?.version).toBe(3);
    expect(cache.lookup("apr_1")?.version).toBe(3);
  });

  test("with all its arguments is not replaced by the same version without them", async () => {
    answers = { "approval apr_1": approval("apr_1"), "approvals first": page("k1:5:x", [approval("apr_1", 1, { action: { name: "act", truncated: true, digest: "apr_1" } })]), head: "k1:5:x" };
    await cache.fetchApproval("apr_1", never);

    await fetchAll();

    expect(cache.lookup("apr_1")?.action.args).toEqual({});
  });

  test("is kept for the newest two thousand", () => {
    stream.begin("k1:0:x");
    deliver(...Array.from({ length: 2_001 }, (_, index) => created(index + 1, approval(`apr_${index + 1}`))));

    expect(cache.lookup("apr_1")).toBeUndefined();
    expect(cache.lookup("apr_2")).toBeDefined();
    expect(cache.lookup("apr_2001")).toBeDefined();
  });
});

describe("one approval", () => {
  test("that is fetched first makes the stream begin before it, so that no event is missed", async () => {
    answers = { head: "k1:5:x", "approval apr_1": approval("apr_1") };

    const entry = await cache.fetchApproval("apr_1", never);

    expect(calls).toEqual(["head", "approval apr_1"]);
    expect(stream.position?.cursor).toBe("k1:5:x");
    expect(entry.at.cursor).toBe("k1:5:x");
  });

  test("does not ask for the head when the stream has begun", async () => {
    stream.begin("k1:7:x");
    answers = { "approval apr_1": approval("apr_1") };

    await cache.fetchApproval("apr_1", never);

    expect(calls).toEqual(["approval apr_1"]);
  });
});

test("an agent's messages are fetched after the server has begun to send them", async () => {
  const message = { id: "msg_1", agentId: "agt_1", seq: 1, role: "agent", kind: "text", text: "hello", state: "final", createdAt: "" } satisfies AgentMessage;
  answers = { "messages agt_1": { data: [message], asOf: "k1:5:x" } satisfies Page<AgentMessage> };

  await cache.fetchMessages("agt_1", never);

  expect(calls).toEqual(["measure", "messages agt_1"]);
});

test("other queries in the same cache have data of any shape", async () => {
  await expect(queries.query({ queryKey: ["mine"], queryFn: () => ({ pages: [] }) })).resolves.toEqual({ pages: [] });
  await expect(queries.query({ queryKey: ["yours"], queryFn: () => "text" })).resolves.toBe("text");

  expect(queries.getQueryState(["mine"])).toMatchObject({ status: "success", error: null });
});

test("a reset makes every list load again", async () => {
  answers = { "approvals first": page("k1:5:x", [approval("apr_1")]) };
  await fetchAll();

  reset("epoch_changed");

  expect(queries.getQueryState(keys.approvals({}))?.isInvalidated).toBe(true);
});

describe("a decision", () => {
  const decide = () => cache.decide(approval("apr_1"), { outcome: "approved", digest: "apr_1" });
  const state = () => cache.decisions.getState().get("apr_1");
  const winner = approval("apr_1", 2, { status: "rejected" });

  test("that came second is overtaken, with what stands", async () => {
    answers = { "decide apr_1": new ApiProblem(409, { code: "already_decided", approval: winner }) };
    await decide();

    expect(state()).toMatchObject({ state: "overtaken", approval: { version: 2 } });
    expect(cache.lookup("apr_1")?.version).toBe(2);
  });

  test("that came second asks what stands when the refusal does not say", async () => {
    answers = { "decide apr_1": new ApiProblem(409, { code: "already_decided" }), "approval apr_1": winner };
    await decide();

    expect(calls).toEqual(["decide apr_1", "approval apr_1"]);
    expect(state()).toMatchObject({ state: "overtaken", approval: { version: 2 } });
  });

  test("on something that has changed failed, and shows what it has become", async () => {
    answers = { "decide apr_1": new ApiProblem(412, { code: "digest_mismatch", approval: approval("apr_1", 2) }) };
    await decide();

    expect(state()).toMatchObject({ state: "failed", error: { code: "digest_mismatch" } });
    expect(cache.lookup("apr_1")?.version).toBe(2);
  });

  test("that did not reach the server failed, and may be sent again", async () => {
    answers = { "decide apr_1": new Unreachable("no network") };
    await decide();
    expect(state()).toMatchObject({ state: "failed" });
    answers = { "decide apr_1": winner };

    expect(await decide()).toMatchObject({ version: 2 });

    expect(state()).toBeUndefined();
  });
});
