import { afterEach, expect, test } from "vitest";
import { Fleet, type Outcome, pause, until } from "./fleet.js";
import { Heliograph, type Settings } from "./heliograph.js";
import { type BusKind, Nodes } from "./nodes.js";
import { Postgres } from "./postgres.js";
import { random, seedOfThisRun } from "./seed.js";

/** 180 and 200 in the long run (HELIOGRAPH_FAULT_SECONDS=180 HELIOGRAPH_FAULT_CLIENTS=200); a shorter one each time. */
const SECONDS = Number(process.env["HELIOGRAPH_FAULT_SECONDS"] ?? 15);
const CLIENTS = Number(process.env["HELIOGRAPH_FAULT_CLIENTS"] ?? 60);
const LONG = "HELIOGRAPH_FAULT_SECONDS" in process.env;

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const databases: Record<string, () => Promise<{ settings: Settings; database?: Postgres }>> = {
  SQLite: () => Promise.resolve({ settings: {} }),
  PostgreSQL: async () => {
    const database = await Postgres.up();
    undo.push(() => database.remove());
    return { settings: { HELIOGRAPH_DATABASE_URL: database.jdbcUrl }, database };
  },
};

test.each(Object.entries(databases))(
  `on %s, ${SECONDS} s of kill -9 and cut connections: nothing lost, doubled, inverted or foreign`,
  { timeout: 240_000 + SECONDS * 3_000 },
  async (name, open) => {
    const next = random(seedOfThisRun());
    const { settings, database } = await open();
    const server = await Heliograph.upWith({ ...settings, HELIOGRAPH_TOKEN_TTL: "4h" });
    undo.push(() => server.remove());
    const fleet = await Fleet.up(server, { clients: CLIENTS, writers: 8, pauseMs: 60, cutEveryMs: () => 50 + next() * 250, next, undo });

    const end = performance.now() + SECONDS * 1_000;
    const counts = { kills: 0, restarts: 0 };
    while (performance.now() < end) {
      await pause(1_000 + next() * 6_000); // the random moment itself, not a wait for anything
      // The first one is a kill, so that there is one however the others fall.
      if (database !== undefined && counts.kills > 0 && next() < 0.35) {
        await database.again(next() < 0.5 ? "restart" : "crash");
        counts.restarts += 1;
      } else {
        await server.kill();
        if (database !== undefined && next() < 0.2) await database.again("crash");
        await server.start();
        counts.kills += 1;
      }
    }

    const outcome = await fleet.end(() => server.output.slice(-2_000));
    console.log(JSON.stringify({ database: name, ...counts, ...outcome.figures }));
    expectNothingLost(fleet, outcome);
    expect(counts.kills).toBeGreaterThan(0);
    expect(outcome.cuts).toBeGreaterThan(0);
  },
);

/** What happens to three nodes; each returns when it is over. */
type FaultOfNodes = (nodes: Nodes, next: () => number) => Promise<void>;

const faultsOfNodes: Record<string, FaultOfNodes> = {
  /** As a deployment does it: one after the other, each when the one before is ready. */
  "rolling restart": async (nodes) => {
    for (const [index, node] of nodes.nodes.entries()) {
      await node.terminate();
      await node.start();
      await until(() => nodes.ready(index), `node ${index + 1} to be ready`);
    }
  },
  "PostgreSQL restarted": (nodes, next) => nodes.database.again(next() < 0.5 ? "restart" : "crash"),
  "Redis away": async (nodes, next) => {
    await nodes.redis?.kill();
    await pause(1_000 + next() * 4_000); // how long it is away
    await nodes.redis?.start();
  },
  /** Long enough that its bus gives the connections up, at times. */
  "one node cut off": async (nodes, next) => {
    const index = Math.floor(next() * nodes.nodes.length);
    nodes.cutOff(index);
    await pause(2_000 + next() * 8_000); // how long it is cut off
    nodes.reconnect(index);
  },
};

test.each(["PostgreSQL", "Redis"] as const)(
  "three nodes with %s between them, under rolling restarts and outages: nothing lost, doubled, inverted or foreign",
  { timeout: 240_000 + SECONDS * 3_000 },
  async (bus: BusKind) => {
    const next = random(seedOfThisRun());
    const nodes = await Nodes.up(bus, { HELIOGRAPH_TOKEN_TTL: "4h" }, undo, next);
    const everyReady = (): Promise<boolean> => Promise.all(nodes.nodes.map((_, index) => nodes.ready(index))).then((all) => all.every(Boolean));
    await until(everyReady, "all nodes to be ready");
    // The long run writes about 50 events per second.
    const size = LONG ? { clients: CLIENTS, writers: 32, pauseMs: 400 } : { clients: 24, writers: 8, pauseMs: 80 };
    const fleet = await Fleet.up(nodes, { ...size, cutEveryMs: () => 300 + next() * 1_500, next, undo });

    const kinds = Object.entries(faultsOfNodes).filter(([kind]) => nodes.redis !== undefined || kind !== "Redis away");
    const counts = Object.fromEntries(kinds.map(([kind]) => [kind, 0]));
    const end = performance.now() + (LONG ? SECONDS * 1_000 : 0);
    do {
      // Every kind once, in a random order, then again.
      for (const [kind, fault] of shuffled(kinds, next)) {
        await pause(next() * (LONG ? 4_000 : 500)); // the random moment itself, not a wait for anything
        await fault(nodes, next);
        await until(everyReady, `all nodes to be ready after "${kind}"`);
        counts[kind] = (counts[kind] ?? 0) + 1;
      }
    } while (performance.now() < end);

    const outcome = await fleet.end(() => nodes.nodes.map((node) => node.output.slice(-1_000)));
    console.log(JSON.stringify({ bus, ...counts, ...outcome.figures }));
    expectNothingLost(fleet, outcome);
  },
);

/** Every client saw all that it may see once and in order, came back with its cursor, and was never sent away. */
function expectNothingLost(fleet: Fleet, outcome: Outcome): void {
  expect(outcome.faults).toEqual([]);
  expect(outcome.foreign).toEqual([]);
  expect(fleet.workspaces.every((workspace) => workspace.watch.own > 0)).toBe(true);
  expect(fleet.clients.flatMap((client) => client.resets)).toEqual([]);
  expect(fleet.clients.flatMap((client) => client.refusals)).toEqual([]);
  expect(fleet.recovered).toBe(fleet.reconnections);
}

function shuffled<T>(items: readonly T[], next: () => number): T[] {
  return items.map((item) => ({ item, place: next() })).sort((one, other) => one.place - other.place).map(({ item }) => item);
}
