import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Cutter } from "./cutter.js";
import { freePort, Heliograph, type Role, type Settings } from "./heliograph.js";
import { Postgres } from "./postgres.js";
import { accepts, Redis } from "./redis.js";

const CONFIGURATION = resolve(import.meta.dirname, "../../../docs/proxies/haproxy.cfg");

/** What carries events between the nodes. */
export type BusKind = "PostgreSQL" | "Redis";

/** Three nodes on one PostgreSQL behind HAProxy. Each reaches PostgreSQL and Redis through a Cutter of its own. */
export class Nodes {
  readonly port: number;
  readonly nodes: readonly Heliograph[];
  readonly database: Postgres;
  readonly redis: Redis | undefined;
  readonly #links: readonly (readonly Cutter[])[];

  private constructor(port: number, nodes: readonly Heliograph[], database: Postgres, redis: Redis | undefined, links: readonly (readonly Cutter[])[]) {
    this.port = port;
    this.nodes = nodes;
    this.database = database;
    this.redis = redis;
    this.#links = links;
  }

  /** `undo` gets what ends it, also when the start fails half-way. */
  static async up(bus: BusKind, settings: Settings, undo: (() => Promise<unknown>)[], next: () => number): Promise<Nodes> {
    const database = await Postgres.up();
    undo.push(() => database.remove());
    const redis = bus === "Redis" ? await Redis.up() : undefined;
    undo.push(() => redis?.kill() ?? Promise.resolve());
    const links: Cutter[][] = [];
    const nodes: Heliograph[] = [];
    const start = async (index: number): Promise<void> => {
      const link = async (port: number): Promise<Cutter> => {
        const cutter = await Cutter.open(port, next);
        undo.push(() => cutter.close());
        (links[index] ??= []).push(cutter);
        return cutter;
      };
      const url = new URL(database.jdbcUrl.replace("jdbc:", ""));
      const sql = await link(Number(url.port));
      const node = await Heliograph.upWith({
        ...settings,
        HELIOGRAPH_DATABASE_URL: database.jdbcUrl.replace(/\/\/[^/]+/, sql.url.replace("http:", "")),
        HELIOGRAPH_TOKEN_SECRET: "0123456789".repeat(4),
        HELIOGRAPH_GATEWAY_NODE_ID: `node${index + 1}`,
        ...(redis === undefined ? {} : { HELIOGRAPH_BUS: (await link(redis.port)).url.replace("http:", "redis:") }),
      });
      undo.push(() => node.remove());
      nodes[index] = node;
    };
    // The first one makes the tables.
    await start(0);
    await Promise.all([start(1), start(2)]);
    const port = await haproxy(nodes.map((node) => node.port), undo);
    return new Nodes(port, nodes, database, redis, links);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  token(workspace: string, member: string, role: Role, ttl?: string): Promise<string> {
    return this.node(0).token(workspace, member, role, ttl);
  }

  node(index: number): Heliograph {
    const node = this.nodes[index];
    if (node === undefined) throw new Error(`there is no node ${index}`);
    return node;
  }

  /** Nothing passes between a node and its database and bus any more; the connections stay open. */
  cutOff(index: number): void {
    this.#links[index]?.forEach((link) => link.hold());
  }

  reconnect(index: number): void {
    this.#links[index]?.forEach((link) => link.release());
  }

  /** Whether a node answers that its database and its bus are there. */
  async ready(index: number): Promise<boolean> {
    try {
      const answer = await fetch(`${this.node(index).url}/health/ready`);
      const { checks } = (await answer.json()) as { checks: { bus: string } };
      return answer.status === 200 && checks.bus === "up";
    } catch {
      return false;
    }
  }
}

/** HAProxy as docs/proxies has it, with a third node and quicker health checks. Returns its port. */
async function haproxy(ports: readonly number[], undo: (() => Promise<unknown>)[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "heliograph-haproxy-"));
  undo.push(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const third = (line: string): string => line.replaceAll("node2", "node3").replaceAll("8082", "8083");
  const configuration = (await readFile(CONFIGURATION, "utf8"))
    .replaceAll(/^.*(?:use-server|server) node2.*$/gm, (line) => `${line}\n${third(line)}`)
    .replaceAll(" check ", " check inter 500ms ")
    .replaceAll(/127\.0\.0\.1:808([0-3])/g, (_, index) => `127.0.0.1:${index === "0" ? port : ports[Number(index) - 1]}`);
  const file = join(folder, "haproxy.cfg");
  await writeFile(file, configuration);
  const child: ChildProcess = spawn("haproxy", ["-db", "-f", file], { stdio: "ignore" });
  const exit = once(child, "exit");
  undo.push(() => {
    child.kill();
    return exit;
  });
  const ended = exit.then(() => Promise.reject(new Error("haproxy ended before it took connections")));
  ended.catch(() => undefined);
  await Promise.race([ended, accepts(port)]);
  return port;
}
