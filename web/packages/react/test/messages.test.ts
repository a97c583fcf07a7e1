import { QueryClient, QueryObserver } from "@tanstack/react-query";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { newerThan, type MessageList } from "../src/lists.js";
import { keys, LiveCache } from "../src/live-cache.js";
import { MessageServer } from "./message-server.js";

const MAX = 8;
const PAGE = 3;
const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));

/** A log of messages that is shown, over a server whose every move the test makes. */
class Screen {
  readonly server: MessageServer;
  readonly queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  readonly cache: LiveCache;
  readonly #undos: (() => void)[] = [];
  #release: (() => void) | undefined;
  readonly #final = new Set<string>();

  constructor(written = 0) {
    this.server = new MessageServer(PAGE);
    for (let count = 0; count < written; count += 1) this.server.write();
    this.cache = new LiveCache(this.server.client, this.queries, MAX);
    const { agentId } = this.server;
    const observer = new QueryObserver(this.queries, {
      queryKey: keys.messages(agentId),
      queryFn: ({ signal }) => this.cache.fetchMessages(agentId, signal),
      staleTime: Infinity,
      structuralSharing: false,
    });
    this.#undos.push(this.cache.attach(), observer.subscribe(() => undefined));
  }

  get list(): MessageList | undefined {
    return this.queries.getQueryData<MessageList>(keys.messages(this.server.agentId));
  }

  /** The last fetch failed, of which the list's state tells; it is outdated when that was the one after a reset. */
  get failed(): boolean {
    return this.queries.getQueryState(keys.messages(this.server.agentId))?.status === "error";
  }

  get seqs(): readonly number[] {
    return this.list?.rows.map(({ seq }) => seq) ?? [];
  }

  earlier(): Promise<void> {
    return this.cache.fetchEarlierMessages(this.server.agentId).catch(() => undefined);
  }

  refetch(): void {
    void this.queries.invalidateQueries({ queryKey: keys.messages(this.server.agentId), exact: true });
  }

  hold(held: boolean): void {
    this.#release?.();
    this.#release = held ? this.cache.holdMessages(this.server.agentId) : undefined;
  }

  /** Rows follow one another, are not too many, and none that was final streams again. */
  expectSound(): void {
    const { seqs } = this;
    expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
    expect(seqs.length).toBeLessThanOrEqual(MAX);
    for (const { id, state } of this.list?.rows ?? []) {
      if (this.#final.has(id)) expect(state, id).toBe("final");
      else if (state === "final") this.#final.add(id);
    }
  }

  /** The rows are the server's, and what lies before and behind them is said. */
  expectTrue(): void {
    const { list, server } = this;
    if (list === undefined) throw new Error("there is no list");
    const first = list.rows[0]?.seq ?? 1;
    expect(list.rows).toEqual(server.messages.slice(first - 1, first - 1 + list.rows.length));
    expect(newerThan(list)).toBe(server.messages.length - (first - 1) - list.rows.length);
    expect(list.more !== undefined).toBe(first > 1);
  }

  /** Everything that is under way comes to its end. */
  async calm(): Promise<void> {
    for (let turn = 0; turn < 100; turn += 1) {
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
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

type Step = readonly [name: string, run: (screen: Screen) => unknown];

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("final", "streaming" as const).map((state): Step => [`write ${state}`, ({ server }) => server.write(state)]) },
  { weight: 4, arbitrary: fc.tuple(fc.integer({ min: 1, max: 25 }), fc.constantFrom("final", "streaming" as const)).map(([seq, state]): Step => [`grow ${seq} ${state}`, ({ server }) => server.grow(seq, state)]) },
  { weight: 6, arbitrary: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 3 })).map(([count, repeat]): Step => [`deliver ${count} repeating ${repeat}`, ({ server }) => server.deliver(count, repeat)]) },
  { weight: 7, arbitrary: fc.nat(3).map((index): Step => [`answer ${index}`, ({ server }) => server.settle(index)]) },
  { weight: 5, arbitrary: fc.constant<Step>(["earlier", (screen) => void screen.earlier()]) },
  { weight: 2, arbitrary: fc.boolean().map((held): Step => [`hold ${held}`, (screen) => screen.hold(held)]) },
  { weight: 1, arbitrary: fc.nat(3).map((index): Step => [`fail ${index}`, ({ server }) => server.fail(index)]) },
  { weight: 1, arbitrary: fc.constant<Step>(["refetch", (screen) => screen.refetch()]) },
  { weight: 1, arbitrary: fc.constant<Step>(["reset", ({ server }) => server.reset()]) },
);

let screen: Screen;
afterEach(() => screen.close());

describe("an agent's messages", () => {
  test(`any order of pages, events, repeats, late and failed answers and resets ends in the server's messages (SEED=${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 20 }), fc.array(step, { minLength: 1, maxLength: 45 }), async (written, steps) => {
        screen = new Screen(written);
        try {
          for (const [, run] of steps) {
            run(screen);
            await tick();
            screen.expectSound();
          }
          await screen.calm();
          if (screen.failed) {
            screen.refetch();
            await screen.calm();
          }
          screen.expectTrue();
          for (let pages = 0; screen.list?.more !== undefined; pages += 1) {
            expect(pages, "pages before the beginning").toBeLessThan(100);
            void screen.earlier();
            await screen.calm();
            screen.expectSound();
            screen.expectTrue();
          }
        } finally {
          screen.close();
        }
      }),
      { seed, numRuns: Number(process.env["RUNS"] ?? 150), interruptAfterTimeLimit: 60_000 },
    );
  }, 90_000);

  test("are read back page by page to the beginning of the log", async () => {
    screen = new Screen(7);
    await screen.calm();
    expect(screen.seqs).toEqual(range(5, 7));

    void screen.earlier();
    void screen.earlier();
    await screen.calm();
    expect(screen.seqs).toEqual(range(2, 7));
    expect(screen.server.fetches).toBe(2);
    void screen.earlier();
    await screen.calm();

    expect(screen.seqs).toEqual(range(1, 7));
    expect(screen.list?.more).toBeUndefined();
    await screen.earlier();
    expect(screen.server.fetches).toBe(3);
  });

  test("a message that ends while its page is on its way is shown as it ended", async () => {
    screen = new Screen(2);
    screen.server.write("streaming");
    for (let count = 0; count < 4; count += 1) screen.server.write();
    await screen.calm();
    expect(screen.seqs).toEqual(range(5, 7));

    void screen.earlier();
    await tick();
    screen.server.grow(3, "final");
    screen.server.deliver(1);
    screen.server.settle(0);
    await tick();

    expect(screen.list?.rows.find(({ seq }) => seq === 3)).toMatchObject({ text: "text 3+", state: "final" });
  });

  test("an event that is older than a page that came ahead of it changes nothing in that page", async () => {
    screen = new Screen(2);
    screen.server.write("streaming");
    for (let count = 0; count < 4; count += 1) screen.server.write();
    await screen.calm();
    screen.server.grow(3, "streaming");
    screen.server.grow(3, "final");

    void screen.earlier();
    await tick();
    screen.server.settle(0);
    await tick();
    screen.server.deliver(1);

    expect(screen.list?.rows.find(({ seq }) => seq === 3)).toMatchObject({ text: "text 3++", state: "final" });
  });

  test("new ones take the place of the oldest, which can be loaded again", async () => {
    screen = new Screen(3);
    await screen.calm();

    for (let count = 0; count < 10; count += 1) screen.server.write();
    screen.server.deliver(10);
    expect(screen.seqs).toEqual(range(6, 13));
    expect(screen.server.fetches).toBe(1);
    void screen.earlier();
    await screen.calm();

    // The server's page 7, 6, 5 has one message that is not held.
    expect(screen.seqs).toEqual(range(5, 12));
    screen.expectTrue();
  });

  test("while the oldest are held, a full list counts new ones and takes none, until the newest are asked for", async () => {
    screen = new Screen(8);
    await screen.calm();
    void screen.earlier();
    await screen.calm();
    void screen.earlier();
    await screen.calm();
    screen.hold(true);

    for (let count = 0; count < 4; count += 1) screen.server.write();
    screen.server.deliver(4);
    expect(screen.seqs).toEqual(range(1, 8));
    expect(screen.list === undefined ? 0 : newerThan(screen.list)).toBe(4);
    screen.refetch();
    await screen.calm();

    expect(screen.seqs).toEqual(range(10, 12));
    screen.expectTrue();
  });

  test("a page that cannot be loaded leaves the list as it is, and can be asked for again", async () => {
    screen = new Screen(7);
    await screen.calm();

    const failing = screen.cache.fetchEarlierMessages("agt_1");
    await tick();
    screen.server.fail(0);
    await expect(failing).rejects.toThrow("no answer");
    expect(screen.seqs).toEqual(range(5, 7));
    void screen.earlier();
    await screen.calm();

    expect(screen.seqs).toEqual(range(2, 7));
  });
});
