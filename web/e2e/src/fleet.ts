import { io, type Socket } from "socket.io-client";
import { Api, type Approval, type Envelope } from "./api.js";
import { Cutter } from "./cutter.js";
import type { Heliograph } from "./heliograph.js";
import type { Entry, Sight } from "./history.js";
import { MarkerWatch, newMarker } from "./markers.js";

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
  readonly #server: Heliograph;
  readonly #logs = new Map<string, Entry[]>();

  private constructor(server: Heliograph, name: string, cutter: Cutter) {
    this.#server = server;
    this.name = name;
    this.cutter = cutter;
  }

  static async open(server: Heliograph, name: string, members: number, next: () => number): Promise<Workspace> {
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
async function addMember(server: Heliograph, owner: Api, handle: string): Promise<string> {
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

/** Writes commands of several kinds, each until it is answered with success, under one idempotency key. */
export async function write(workspace: Workspace, writer: string, next: () => number, stop: AbortSignal): Promise<void> {
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
    await pause(next() * 120); // the rate itself, not a wait for anything
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

export function lastOf(sights: readonly Sight[]): number {
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
