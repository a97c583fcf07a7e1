import { QueryClient, QueryObserver } from "@tanstack/react-query";
import type { ApprovalFilter } from "@heliograph/client";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ApprovalList } from "../src/lists.js";
import { keys, LiveCache } from "../src/live-cache.js";
import { ModelServer } from "./model-server.js";

const filters: readonly ApprovalFilter[] = [
  {},
  { status: "pending" },
  { status: "approved" },
  { risk: "high" },
  { status: "pending", sort: "expiresAt" },
  { status: "pending", sort: "-risk" },
  { status: ["approved", "rejected", "expired", "cancelled"], sort: "-resolvedAt" },
];
const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));

/** Lists that are shown, over a server whose every move the test makes. */
class Screen {
  readonly server = new ModelServer();
  readonly queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  readonly cache = new LiveCache(this.server.client, this.queries);
  readonly #undos: (() => void)[] = [];

  constructor() {
    this.#undos.push(this.cache.attach());
    for (const filter of filters) {
      const observer = new QueryObserver(this.queries, {
        queryKey: keys.approvals(filter),
        queryFn: ({ signal }) => this.cache.fetchApprovals(filter, signal),
        staleTime: Infinity,
        structuralSharing: false,
      });
      this.#undos.push(observer.subscribe(() => undefined));
    }
  }

  list(filter: ApprovalFilter): ApprovalList | undefined {
    return this.queries.getQueryData<ApprovalList>(keys.approvals(filter));
  }

  readonly #newest = new Map<string, number>();
  readonly #left = new Set<string>();

  /** What a screen showed it never takes back: no row gets older, and none that left the queue returns. */
  expectForward(): void {
    for (const filter of filters) {
      for (const row of this.list(filter)?.rows ?? []) {
        const key = `${JSON.stringify(filter)} ${row.id}`;
        expect(row.version, key).toBeGreaterThanOrEqual(this.#newest.get(key) ?? 0);
        this.#newest.set(key, row.version);
      }
    }
    const pending = new Set(this.list({ status: "pending" })?.rows.map((row) => row.id));
    for (const key of this.#newest.keys()) {
      const [shown, row = ""] = key.split(" ");
      if (shown !== JSON.stringify({ status: "pending" })) continue;
      if (pending.has(row)) expect(this.#left.has(row), `${row} came back`).toBe(false);
      else this.#left.add(row);
    }
  }

  refetch(index: number): void {
    void this.queries.invalidateQueries({ queryKey: keys.approvals(filters[index % filters.length] ?? {}), exact: true });
  }

  more(index: number): void {
    void this.cache.fetchMoreApprovals(filters[index % filters.length] ?? {});
  }

  /** The list shows the server's rows up to its end, and no others. */
  expectTrue(filter: ApprovalFilter): void {
    const list = this.list(filter);
    const end = list?.more?.end;
    const truth = this.server.truth(filter);
    expect(list?.rows, JSON.stringify(filter)).toEqual(end === undefined ? truth : truth.filter((row) => this.server.isUpTo(filter, row, end)));
    expect(list?.statusCounts, JSON.stringify(filter)).toEqual(this.server.statusCounts());
  }

  /** Everything that is under way comes to its end. */
  async calm(): Promise<void> {
    for (let turn = 0; turn < 60; turn += 1) {
      this.server.deliver(1_000);
      this.server.settle(0);
      await tick();
      if (this.server.held.length === 0 && this.queries.isFetching() === 0) return;
    }
    throw new Error("it does not come to rest");
  }

  close(): void {
    this.#undos.forEach((undo) => undo());
    this.queries.clear();
  }
}

const tick = () => new Promise((resolve) => setTimeout(resolve, 0));
const approvalId = (number: number) => `apr_${String(number).padStart(4, "0")}`;

type Step = (screen: Screen) => void;

const id = fc.integer({ min: 1, max: 8 }).map(approvalId);
const step: fc.Arbitrary<readonly [name: string, step: Step]> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("low", "high" as const).map((risk) => [`create ${risk}`, ({ server }: Screen) => void server.create({ risk })] as const) },
  { weight: 3, arbitrary: fc.tuple(id, fc.constantFrom("approved", "rejected", "cancelled" as const)).map(([target, status]) => [`${status} ${target}`, ({ server }: Screen) => void server.resolve(target, status)] as const) },
  { weight: 1, arbitrary: id.map((target) => [`expire ${target}`, ({ server }: Screen) => server.expire(target)] as const) },
  { weight: 2, arbitrary: fc.tuple(id, fc.constantFrom("mem_1", null)).map(([target, by]) => [`claim ${target}`, ({ server }: Screen) => server.claim(target, by)] as const) },
  { weight: 6, arbitrary: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 3 })).map(([count, repeat]) => [`deliver ${count} repeating ${repeat}`, ({ server }: Screen) => server.deliver(count, repeat)] as const) },
  { weight: 6, arbitrary: fc.nat(6).map((index) => [`answer ${index}`, ({ server }: Screen) => server.settle(index)] as const) },
  { weight: 3, arbitrary: fc.nat(6).map((index) => [`more ${index}`, (screen: Screen) => screen.more(index)] as const) },
  { weight: 1, arbitrary: fc.tuple(id, fc.integer({ min: 1, max: 3 })).map(([target, day]) => [`extend ${target} to ${day}`, ({ server }: Screen) => server.extend(target, day)] as const) },
  { weight: 3, arbitrary: fc.nat(6).map((index) => [`refetch ${index}`, (screen: Screen) => screen.refetch(index)] as const) },
  { weight: 3, arbitrary: fc.tuple(id, fc.constantFrom("approved", "rejected" as const)).map(([target, outcome]) => [`decide ${target} ${outcome}`, ({ server, cache }: Screen) => {
    const approval = cache.lookup(target) ?? server.approvals.get(target);
    if (approval !== undefined) void cache.decide(approval, { outcome, digest: approval.action.digest });
  }] as const) },
  { weight: 1, arbitrary: fc.constant(["reset", ({ server }: Screen) => server.reset()] as const) },
);

describe("lists and stream", () => {
  test(`any order of fetches, events, repeats, late answers, resets and decisions ends in the server's state (SEED=${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 45 }), async (steps) => {
        const screen = new Screen();
        try {
          for (const [, run] of steps) {
            run(screen);
            await tick();
            screen.expectForward();
          }
          await screen.calm();
          for (const filter of filters) screen.expectTrue(filter);
          while (filters.some((filter) => screen.list(filter)?.more !== undefined)) {
            filters.forEach((_, index) => screen.more(index));
            await screen.calm();
          }
          for (const filter of filters) screen.expectTrue(filter);
          expect([...screen.cache.decisions.getState().values()].filter(({ state }) => state === "sending")).toEqual([]);
        } finally {
          screen.close();
        }
      }),
      { seed, numRuns: Number(process.env["RUNS"] ?? 150), interruptAfterTimeLimit: 60_000 },
    );
  }, 90_000);

  test("an answer that was read before an event, and comes after it, does not undo it", async () => {
    const screen = new Screen();
    const approval = screen.server.create();
    await screen.calm();

    screen.refetch(1);
    await tick();
    screen.server.resolve(approval.id, "approved");
    screen.server.deliver(1);
    expect(screen.list({ status: "pending" })?.rows).toEqual([]);
    screen.server.settle(0);
    await tick();

    expect(screen.list({ status: "pending" })?.rows).toEqual([]);
    screen.close();
  });

  test("a list that was read before a decision made here does not bring its row back", async () => {
    const screen = new Screen();
    const approval = screen.server.create();
    await screen.calm();

    screen.refetch(1);
    await tick();
    void screen.cache.decide(approval, { outcome: "approved", digest: approval.action.digest });
    screen.server.settle(1);
    await tick();
    expect(screen.list({ status: "pending" })?.rows).toEqual([]);
    screen.server.settle(0);
    await tick();

    expect(screen.list({ status: "pending" })?.rows).toEqual([]);
    screen.close();
  });

  test.each([1, 2, 3, 4, 5, 6, 8, 10, 12])("an event that comes %i microtasks after the answer is not lost on the way into the cache", async (depth) => {
    const screen = new Screen();
    await screen.calm();
    screen.refetch(0);
    await tick();

    screen.server.create();
    screen.server.settle(0);
    for (let turn = 0; turn < depth; turn += 1) await Promise.resolve();
    screen.server.deliver(1);
    await screen.calm();

    expect(screen.list({})?.rows).toHaveLength(1);
    screen.close();
  });

  test("a reset during the first fetch makes it fetch again", async () => {
    const screen = new Screen();
    screen.server.reset();
    screen.server.create();
    screen.server.deliver(1);

    await screen.calm();

    expect(screen.list({ status: "pending" })?.rows).toHaveLength(1);
    screen.close();
  });

  test("while events come, nothing is fetched again", async () => {
    const screen = new Screen();
    await screen.calm();
    const before = screen.server.fetches;

    for (let count = 0; count < 20; count += 1) screen.server.create();
    screen.server.deliver(20);
    screen.server.resolve("apr_0003", "rejected");
    screen.server.deliver(1);
    await tick();

    expect(screen.server.fetches).toBe(before);
    expect(screen.list({ status: "pending" })?.rows).toHaveLength(19);
    expect(screen.list({ status: "pending" })?.counts).toEqual({ pending: 19, critical: 0 });
    screen.close();
  });
});

describe("decisions", () => {
  test("are shown as sending, then stored before their event comes, and the event changes nothing more", async () => {
    const screen = new Screen();
    const approval = screen.server.create();
    await screen.calm();

    const decided = screen.cache.decide(approval, { outcome: "approved", digest: approval.action.digest });
    expect(screen.cache.decisions.getState().get(approval.id)?.state).toBe("sending");
    screen.server.settle(0);
    expect((await decided)?.status).toBe("approved");
    expect(screen.list({ status: "pending" })?.rows).toEqual([]);
    expect(screen.cache.decisions.getState().size).toBe(0);
    const rows = screen.list({ status: "approved" })?.rows;
    screen.server.deliver(1);

    expect(screen.list({ status: "approved" })?.rows).toEqual(rows);
    screen.close();
  });

  test("that come second say who was first, and keep what was meant", async () => {
    const screen = new Screen();
    const approval = screen.server.create();
    await screen.calm();
    screen.server.resolve(approval.id, "rejected", "mem_2");

    const decided = screen.cache.decide(approval, { outcome: "approved", digest: approval.action.digest, reason: "looks right" });
    screen.server.settle(0);
    expect(await decided).toBeUndefined();

    expect(screen.cache.decisions.getState().get(approval.id)).toMatchObject({
      state: "overtaken",
      decision: { reason: "looks right" },
      approval: { status: "rejected", resolution: { by: { id: "mem_2" } } },
    });
    expect(screen.list({ status: "pending" })?.rows).toEqual([]);
    screen.close();
  });

  test("twice on one approval sends one", async () => {
    const screen = new Screen();
    const approval = screen.server.create();
    await screen.calm();
    const before = screen.server.fetches;

    void screen.cache.decide(approval, { outcome: "approved", digest: approval.action.digest });
    void screen.cache.decide(approval, { outcome: "rejected", digest: approval.action.digest });

    expect(screen.server.fetches).toBe(before + 1);
    screen.close();
  });
});
