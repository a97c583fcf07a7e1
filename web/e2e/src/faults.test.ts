import { afterEach, expect, test } from "vitest";
import { lastOf, pause, pick, Workspace, write } from "./fleet.js";
import { Heliograph, type Settings } from "./heliograph.js";
import { type Entry, faultsOf, type History, type Sight } from "./history.js";
import { Postgres } from "./postgres.js";
import { random, seedOfThisRun } from "./seed.js";

/** 180 and 200 in the long run (HELIOGRAPH_FAULT_SECONDS=180 HELIOGRAPH_FAULT_CLIENTS=200); a shorter one each time. */
const SECONDS = Number(process.env["HELIOGRAPH_FAULT_SECONDS"] ?? 15);
const CLIENTS = Number(process.env["HELIOGRAPH_FAULT_CLIENTS"] ?? 60);
const WRITERS = 8;
const WORKSPACES = 4;
const MEMBERS = 3;
const TRANSPORTS = [["websocket"], ["polling", "websocket"], ["websocket"], ["polling"], ["polling", "websocket"]];

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
    const workspaces: Workspace[] = [];
    for (let index = 0; index < WORKSPACES; index++) {
      const workspace = await Workspace.open(server, `faulty-${index}`, MEMBERS, next);
      undo.push(() => workspace.close());
      workspaces.push(workspace);
    }
    const clients = Array.from({ length: CLIENTS }, (_, index) => {
      const place = Math.floor(index / WORKSPACES);
      return pick(workspaces, index).join(place, pick(TRANSPORTS, place));
    });
    undo.push(() => Promise.all(clients.map((client) => client.close())));
    await until(
      () => clients.every((client) => client.socket.connected),
      "all clients to be connected",
      () => clients.filter((client) => !client.socket.connected).map((client) => client.name),
    );

    const stop = new AbortController();
    const writers = Array.from({ length: WRITERS }, (_, index) => write(pick(workspaces, index), `writer ${index}`, next, stop.signal));
    const cutting = repeatedly(stop.signal, () => 50 + next() * 250, () => pick(workspaces, Math.floor(next() * WORKSPACES)).cutter.cut());
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
    stop.abort();
    await Promise.all([...writers, cutting]);

    const heads = new Map<Workspace, number>();
    for (const workspace of workspaces) heads.set(workspace, lastOffset([...(await workspace.logs()).values()]));
    await until(
      () => clients.every((client) => lastOf(client.seen) >= client.workspace.lastVisible(client.member, heads.get(client.workspace) ?? 0)),
      "all clients to have caught up",
      () => ({ clients: clients.filter((client) => !client.socket.connected).map((client) => client.name), server: server.output.slice(-2_000) }),
    );
    const seen = new Map(clients.map((client) => [client, [...client.seen]]));
    const histories = new Map<string, History>();
    for (const workspace of workspaces) {
      const logs = await workspace.logs();
      const readers = clients.filter((client) => client.workspace === workspace);
      histories.set(workspace.name, {
        log: merged([...logs.values()]),
        answered: workspace.answered,
        readers: readers.map((client) => ({
          name: client.name,
          visible: logs.get(client.member) ?? [],
          until: heads.get(workspace) ?? 0,
          seen: seen.get(client) ?? [],
        })),
      });
    }

    const returns = sum(clients, (client) => client.connects - 1);
    const recovered = sum(clients, (client) => client.recovered);
    const figures = {
      database: name,
      ...counts,
      cuts: sum(workspaces, (workspace) => workspace.cutter.cuts),
      events: sum([...histories.values()], (history) => history.log.length),
      answered: sum(workspaces, (workspace) => workspace.answered.length),
      repeats: sum(workspaces, (workspace) => workspace.repeats),
      deliveries: sum(clients, (client) => client.seen.length),
      reconnections: returns,
      recovered: `${recovered} (${((100 * recovered) / Math.max(1, returns)).toFixed(2)} %)`,
    };
    console.log(JSON.stringify(figures));
    expect(faultsOf(histories)).toEqual([]);
    expect(workspaces.flatMap((workspace) => workspace.watch.foreign)).toEqual([]);
    expect(workspaces.every((workspace) => workspace.watch.own > 0)).toBe(true);
    expect(clients.flatMap((client) => client.resets)).toEqual([]);
    expect(clients.flatMap((client) => client.refusals)).toEqual([]);
    expect(recovered).toBe(returns);
    expect(counts.kills).toBeGreaterThan(0);
    expect(figures.cuts).toBeGreaterThan(0);
  },
);

/** What each member sees, put together to the whole log. */
function merged(logs: readonly Entry[][]): Entry[] {
  const byOffset = new Map(logs.flat().map((entry) => [entry.offset, entry]));
  return [...byOffset.values()].sort((one, other) => one.offset - other.offset);
}

function lastOffset(logs: readonly Sight[][]): number {
  return Math.max(0, ...logs.map(lastOf));
}

async function repeatedly(stop: AbortSignal, everyMs: () => number, step: () => void): Promise<void> {
  while (!stop.aborted) {
    await pause(everyMs());
    step();
  }
}

async function until(condition: () => boolean, what: string, details: () => unknown = () => ""): Promise<void> {
  const end = performance.now() + 90_000;
  while (!condition()) {
    await pause(20);
    if (performance.now() > end) throw new Error(`waited for ${what}: ${JSON.stringify(details())}`);
  }
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
