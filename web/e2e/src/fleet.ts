import { io, type Socket } from "socket.io-client";
import { Api, type Approval, type Envelope } from "./api.js";
import { Cutter } from "./cutter.js";
import type { Role } from "./heliograph.js";
import { type Entry, type Fault, faultsOf, type History, type Sight } from "./history.js";
import { MarkerWatch, newMarker } from "./markers.js";

/** Where the fleet goes to: one server, or what stands before several nodes. */
export interface Entrance {
  readonly url: string;
  readonly port: number;
  token(workspace: string, member: string, role: Role, ttl?: string): Promise<string>;
}

/** One workspace of the run: its credentials, its own way to the server, and what was answered to its writers. */
export class Workspace {
  readonly name: string;
  /** Stands in everything that is written here, and nowhere else. */
  readonly marker = newMarker();
  readonly watch = new MarkerWatch(this.marker);
  readonly cutter: Cutter;
  readonly tokens = new Map<string, string>();
  key = "";
  /** Commands that were answered with success. */
  readonly answered: string[] = [];
  /** Tries that had to be repeated. */
  repeats = 0;
  readonly #server: Entrance;
  readonly #logs = new Map<string, Entry[]>();

  private constructor(server: Entrance, name: string, cutter: Cutter) {
    this.#server = server;
    this.name = name;
    this.cutter = cutter;
  }

  static async open(server: Entrance, name: string, members: number, next: () => number): Promise<Workspace> {
    const workspace = new Workspace(server, name, await Cutter.open(server.port, next));
    workspace.cutter.watch = (chunk, connection) => workspace.watch.look(chunk, connection);
    const boss = `owner of ${workspace.marker}`;
    const token = await server.token(name, boss, "owner", "4h");
    workspace.tokens.set(boss, token);
    const owner = new Api(server.url, token);
    const key = { name: `writer of ${workspace.marker}`, scopes: ["approvals:create", "agents:write", "messages:write", "read"] };
    workspace.key = (await owner.ok<{ secret: string }>("POST", "/v1/api-keys", key)).secret;
    for (let index = 1; index < members; index++) {
      const member = `member ${index} of ${workspace.marker}`;
      workspace.tokens.set(member, await addMember(server, owner, member));
    }
    return workspace;
  }

  close(): Promise<void> {
    return this.cutter.close();
  }

  /** One more stock client, as one of the members. */
  join(place: number, transports: readonly string[]): Client {
    const [member, token] = pick([...this.tokens], place);
    return new Client(this, member, token, transports);
  }

  /** The log as each member reads it, oldest first. */
  async logs(): Promise<ReadonlyMap<string, Entry[]>> {
    for (const [member, token] of this.tokens) this.#logs.set(member, (await new Api(this.#server.url, token).log()).map(entryOf));
    return this.#logs;
  }

  lastVisible(member: string, head: number): number {
    return Math.min(head, lastOf(this.#logs.get(member) ?? []));
  }
}

/** Adds an operator and signs it in, as its browser would. Returns its token. */
async function addMember(server: Entrance, owner: Api, handle: string): Promise<string> {
  const member = await owner.ok<{ id: string }>("POST", "/v1/members", { handle, role: "operator" });
  const { url } = await owner.ok<{ url: string }>("POST", `/v1/members/${member.id}/sign-in-link`);
  const signIn = { code: url.slice(url.indexOf("code=") + "code=".length) };
  return (await new Api(server.url, "").ok<{ token: string }>("POST", "/v1/sign-in", signIn, { origin: server.url })).token;
}

/** A stock client, which writes down what it sees. */
export class Client {
  readonly socket: Socket;
  readonly workspace: Workspace;
  readonly member: string;
  readonly transports: readonly string[];
  readonly seen: Sight[] = [];
  readonly resets: unknown[] = [];
  /** What the server answered instead of letting it in; a stock client then stays away. */
  readonly refusals: string[] = [];
  connects = 0;
  recovered = 0;

  constructor(workspace: Workspace, member: string, token: string, transports: readonly string[]) {
    this.workspace = workspace;
    this.member = member;
    this.transports = transports;
    this.socket = io(workspace.cutter.url, {
      forceNew: true,
      auth: { token },
      transports: [...transports],
      reconnectionDelay: 100,
      reconnectionDelayMax: 1_000,
    });
    this.socket.on("connect", () => {
      this.connects += 1;
      if (this.socket.recovered) this.recovered += 1;
    });
    this.socket.on("connect_error", (error) => {
      if (!this.socket.active) this.refusals.push(error.message);
    });
    this.socket.onAny((name: string, ...args: unknown[]) => {
      if (name === "reset") this.resets.push(args[0]);
      else if (args.length === 2 && typeof args[1] === "string") {
        const { offset, id } = args[0] as Envelope;
        this.seen.push({ offset, id });
      }
    });
  }

  close(): Promise<void> {
    this.socket.close();
    return Promise.resolve();
  }

  get name(): string {
    return `${this.member} over ${this.transports.join("+")} (${this.recovered}/${this.connects - 1} recovered)`;
  }
}

const WORKSPACES = 4;
const MEMBERS = 3;
const TRANSPORTS = [["websocket"], ["polling", "websocket"], ["websocket"], ["polling"], ["polling", "websocket"]];

/** How large a fleet is and what it does. */
export interface FleetOptions {
  readonly clients: number;
  readonly writers: number;
  /** A writer's mean pause between two commands. */
  readonly pauseMs: number;
  /** Pause between two cuts of the clients' connections. */
  readonly cutEveryMs: () => number;
  readonly next: () => number;
  /** Gets what ends it. */
  readonly undo: (() => Promise<unknown>)[];
}

/** What a fleet has seen, held against the logs. */
export interface Outcome {
  readonly faults: readonly Fault[];
  /** Markers of other workspaces in what a workspace got. */
  readonly foreign: readonly unknown[];
  readonly figures: Readonly<Record<string, number | string>>;
  readonly cuts: number;
}

/** Stock clients of several workspaces and writers, while others break what is between them. */
export class Fleet {
  readonly workspaces: readonly Workspace[];
  readonly clients: readonly Client[];
  readonly #stop = new AbortController();
  readonly #working: Promise<void>[];
  readonly #began = performance.now();

  private constructor(workspaces: readonly Workspace[], clients: readonly Client[], options: FleetOptions) {
    this.workspaces = workspaces;
    this.clients = clients;
    const { next } = options;
    const stop = this.#stop.signal;
    const cut = (): void => pick(workspaces, Math.floor(next() * WORKSPACES)).cutter.cut();
    this.#working = [
      ...Array.from({ length: options.writers }, (_, index) => write(pick(workspaces, index), `writer ${index}`, next, stop, options.pauseMs)),
      repeatedly(stop, options.cutEveryMs, cut),
    ];
  }

  /** Returns when all clients are connected and the writers write. */
  static async up(server: Entrance, options: FleetOptions): Promise<Fleet> {
    const workspaces: Workspace[] = [];
    for (let index = 0; index < WORKSPACES; index++) {
      const workspace = await Workspace.open(server, `faulty-${index}`, MEMBERS, options.next);
      options.undo.push(() => workspace.close());
      workspaces.push(workspace);
    }
    const clients = Array.from({ length: options.clients }, (_, index) => {
      const place = Math.floor(index / WORKSPACES);
      return pick(workspaces, index).join(place, pick(TRANSPORTS, place));
    });
    options.undo.push(() => Promise.all(clients.map((client) => client.close())));
    await until(
      () => clients.every((client) => client.socket.connected),
      "all clients to be connected",
      () => clients.filter((client) => !client.socket.connected).map((client) => client.name),
    );
    return new Fleet(workspaces, clients, options);
  }

  /** Ends the writers and returns when every client has all that it may see. */
  async end(details: () => unknown): Promise<Outcome> {
    this.#stop.abort();
    await Promise.all(this.#working);
    const seconds = (performance.now() - this.#began) / 1_000;
    const heads = new Map<Workspace, number>();
    for (const workspace of this.workspaces) heads.set(workspace, lastOffset([...(await workspace.logs()).values()]));
    await until(
      () => this.clients.every((client) => lastOf(client.seen) >= client.workspace.lastVisible(client.member, heads.get(client.workspace) ?? 0)),
      "all clients to have caught up",
      () => ({ clients: this.clients.filter((client) => !client.socket.connected).map((client) => client.name), details: details() }),
    );
    const seen = new Map(this.clients.map((client) => [client, [...client.seen]]));
    const histories = new Map<string, History>();
    for (const workspace of this.workspaces) {
      const logs = await workspace.logs();
      const readers = this.clients.filter((client) => client.workspace === workspace);
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
    return { faults: faultsOf(histories), foreign: this.workspaces.flatMap((workspace) => workspace.watch.foreign), ...this.#figures(histories, seconds) };
  }

  #figures(histories: ReadonlyMap<string, History>, seconds: number): Pick<Outcome, "figures" | "cuts"> {
    const events = sum([...histories.values()], (history) => history.log.length);
    const cuts = sum(this.workspaces, (workspace) => workspace.cutter.cuts);
    const figures = {
      cuts,
      events,
      eventsPerSecond: (events / seconds).toFixed(1),
      answered: sum(this.workspaces, (workspace) => workspace.answered.length),
      repeats: sum(this.workspaces, (workspace) => workspace.repeats),
      deliveries: sum(this.clients, (client) => client.seen.length),
      reconnections: this.reconnections,
      recovered: `${this.recovered} (${((100 * this.recovered) / Math.max(1, this.reconnections)).toFixed(2)} %)`,
    };
    return { figures, cuts };
  }

  get reconnections(): number {
    return sum(this.clients, (client) => client.connects - 1);
  }

  get recovered(): number {
    return sum(this.clients, (client) => client.recovered);
  }
}

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

export async function until(condition: () => boolean | Promise<boolean>, what: string, details: () => unknown = () => ""): Promise<void> {
  const end = performance.now() + 90_000;
  while (!(await condition())) {
    await pause(20);
    if (performance.now() > end) throw new Error(`waited for ${what}: ${JSON.stringify(details())}`);
  }
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

/** Writes commands of several kinds, each until it is answered with success, under one idempotency key. */
async function write(workspace: Workspace, writer: string, next: () => number, stop: AbortSignal, pauseMs: number): Promise<void> {
  const agent = new Api(workspace.cutter.url, workspace.key);
  const member = new Api(workspace.cutter.url, pick([...workspace.tokens.values()], 0));
  const pending: Approval[] = [];
  const post = async <T>(api: Api, path: string, body: unknown, command: (answer: T) => string): Promise<T> => {
    const headers = { "idempotency-key": crypto.randomUUID() };
    for (;;) {
      const answer = await api.call<T>("POST", path, body, headers).catch(() => undefined);
      if (answer !== undefined && answer.status >= 200 && answer.status <= 299) {
        workspace.answered.push(command(answer.body));
        return answer.body;
      }
      if (answer !== undefined && answer.status < 500 && answer.status !== 429) {
        throw new Error(`POST ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      }
      workspace.repeats += 1;
      await pause(20 + next() * 50);
    }
  };
  for (let number = 0; !stop.aborted; number++) {
    const text = `${workspace.marker} ${writer} command ${number}`;
    const dice = next();
    const decided = dice < 0.1 ? pending.shift() : undefined;
    if (decided !== undefined) {
      const decision = { outcome: "approved", digest: decided.action.digest, reason: text };
      await post(member, `/v1/approvals/${decided.id}/decision`, decision, () => `resolved ${decided.id}`);
    } else if (dice < 0.2) {
      const request = { title: text, action: { name: "refund", args: { marker: workspace.marker, number } }, expiresIn: 86_400 };
      pending.push(await post<Approval>(agent, "/v1/approvals", request, () => text));
    } else {
      await post(agent, `/v1/agents/${writer.replace(" ", "-")}/messages`, { role: "agent", kind: "text", text }, () => text);
    }
    await pause(next() * 2 * pauseMs); // the rate itself, not a wait for anything
  }
}

function entryOf(event: Envelope): Entry {
  return { offset: event.offset, id: event.id, command: commandOf(event) };
}

function commandOf(event: Envelope): string | undefined {
  if (event.type === "agent:message") return (event.data["message"] as { text: string }).text;
  if (event.type === "approval:created") return (event.data["approval"] as { title: string }).title;
  return event.type === "approval:resolved" ? `resolved ${event.subject.id}` : undefined;
}

function lastOf(sights: readonly Sight[]): number {
  return sights.at(-1)?.offset ?? 0;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export function pick<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}
