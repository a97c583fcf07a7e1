import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from "node:http";
import type { AddressInfo, Socket as NetSocket } from "node:net";
import { extname, join, normalize } from "node:path";
import { Server, type Socket } from "socket.io";
import type { Agent, AgentMessage, Approval, EventData, Notification, PresentMember } from "../src/index.js";

type Body = Record<string, unknown>;

interface Logged {
  readonly type: string;
  readonly offset: number;
  readonly envelope: Body;
}

/**
 * A small server of the same contract, for tests: one workspace in memory, its log, REST and Socket.IO. It can refuse transports, hang,
 * drop everybody, and forget its log.
 */
export class FakeServer {
  readonly approvals = new Map<string, Approval>();
  readonly agents = new Map<string, Agent>();
  readonly messages: AgentMessage[] = [];
  readonly notifications: Notification[] = [];
  readonly log: Logged[] = [];
  /** Bodies of decisions as they came. */
  readonly decisions: Body[] = [];
  /** Requests so far, as `GET /v1/approvals`. */
  readonly requests: string[] = [];
  epoch = "k1";
  /** What it refuses. */
  blocked: ReadonlySet<"websocket" | "polling" | "rest"> = new Set();
  /** Tokens that it takes; any when undefined. */
  tokens: Set<string> | undefined;
  /** Life of the tokens it gives. */
  tokenTtlMs = 600_000;
  signedIn = true;
  /** The approvals that sockets said they show. */
  readonly looked: (string | null)[] = [];
  /** Sockets that have been open, in all. */
  opened = 0;

  readonly #http: HttpServer;
  readonly #connections = new Set<NetSocket>();
  readonly #io: Server;
  readonly #dist: string | undefined;
  #waiting = new Set<() => void>();
  #pause: Promise<void> | undefined;
  #heldEvents: (() => void)[] | undefined;

  private constructor(dist: string | undefined) {
    this.#dist = dist;
    this.#http = createServer((request, response) => void this.#serve(request, response));
    this.#http.on("connection", (connection) => {
      this.#connections.add(connection);
      connection.once("close", () => this.#connections.delete(connection));
    });
    this.#io = new Server(this.#http, { allowUpgrades: false, pingInterval: 20_000, serveClient: false });
    this.#io.engine.use((request: IncomingMessage & { _query?: Record<string, string> }, response: ServerResponse, next: () => void) => {
      const transport = new URL(request.url ?? "", "http://x").searchParams.get("transport");
      if (transport !== null && this.blocked.has(transport as "websocket")) {
        if (typeof response.writeHead === "function") {
          response.writeHead(403);
          response.end();
        } else request.socket.destroy();
        return;
      }
      next();
    });
    this.#io.use((socket, next) => {
      const token: unknown = socket.handshake.auth["token"];
      const refused = this.#refusal(typeof token === "string" ? token : undefined);
      next(refused === undefined ? undefined : Object.assign(new Error(refused), { data: { code: refused } }));
    });
    this.#io.on("connection", (socket) => this.#join(socket));
  }

  static async start(options: { readonly port?: number; readonly dist?: string } = {}): Promise<FakeServer> {
    const server = new FakeServer(options.dist);
    await new Promise<void>((resolve) => server.#http.listen(options.port ?? 0, "127.0.0.1", resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  get head(): number {
    return this.log.at(-1)?.offset ?? 0;
  }

  get sockets(): number {
    return this.#io.sockets.sockets.size;
  }

  async stop(): Promise<void> {
    for (const wake of this.#waiting) wake();
    this.#http.closeAllConnections();
    const closed = this.#io.close();
    await new Promise((resolve) => setImmediate(resolve));
    // A browser that is closing may not answer the close frame, for which a WebSocket would wait 30 seconds.
    for (const connection of this.#connections) connection.destroySoon();
    await closed;
  }

  /** Cuts every socket as a crash would. */
  dropAll(): void {
    for (const socket of this.#io.sockets.sockets.values()) socket.conn.close(true);
    this.#http.closeAllConnections();
  }

  /** Sockets ask for nothing more; a reset comes to each that connects with a cursor of the old epoch. */
  forgetLog(): void {
    this.epoch = `k${Number(this.epoch.slice(1)) + 1}`;
    this.log.length = 0;
  }

  /** Holds all REST answers until the returned function is called. */
  holdRest(): () => void {
    let release: () => void = () => undefined;
    this.#pause = new Promise((resolve) => (release = resolve));
    return () => {
      this.#pause = undefined;
      release();
    };
  }

  /** Sends no event to any socket until the returned function is called; then all that were held. */
  holdEvents(): () => void {
    this.#heldEvents = [];
    return () => {
      const held = this.#heldEvents ?? [];
      this.#heldEvents = undefined;
      held.forEach((send) => send());
    };
  }

  cursor(offset = this.head): string {
    return `${this.epoch}:${offset}:${createHash("sha256").update(String(offset)).digest("hex").slice(0, 4)}`;
  }

  // --- changes -----------------------------------------------------------------------------------------------------------

  emit<T extends keyof EventData>(type: T, subject: Body, data: EventData[T], actor: Body = { type: "system" }): void {
    this.#append(type, { actor, subject, data });
  }

  /** As `POST /v1/events`: an event of somebody's own type, without a subject. */
  publish(type: string, data: unknown, fields: { readonly topic?: string; readonly key?: string } = {}): void {
    this.#append(type, { actor: { type: "key", id: "key_1" }, ...fields, data });
  }

  #append(type: string, fields: Body): void {
    const offset = this.head + 1;
    const envelope = { id: `evt_${offset}`, type, offset, at: new Date().toISOString(), ...fields };
    this.log.push({ type, offset, envelope });
    const send = () => {
      for (const socket of this.#io.sockets.sockets.values()) this.#send(socket, type, envelope, offset);
    };
    if (this.#heldEvents === undefined) send();
    else this.#heldEvents.push(send);
    for (const wake of this.#waiting) wake();
  }

  /** Sends anything, as a misbehaving or newer server might. */
  emitRaw(type: string, ...args: unknown[]): void {
    this.#io.emit(type, ...args);
  }

  ask(fields: Partial<Approval> = {}): Approval {
    const number = this.approvals.size + 1;
    const approval: Approval = {
      id: `apr_${String(number).padStart(4, "0")}`,
      workspaceId: "ws_1",
      agentId: "agt_1",
      title: `Request ${number}`,
      risk: "medium",
      tags: [],
      action: { name: "refund", args: { orderId: number, amount: 42 }, digest: createHash("sha256").update(String(number)).digest("hex") },
      allow: { approve: true, edit: true, respond: true, reject: true },
      status: "pending",
      createdAt: new Date().toISOString(),
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      version: 1,
      ...fields,
    };
    this.approvals.set(approval.id, approval);
    this.emit("approval:created", { type: "approval", id: approval.id, version: 1 }, { approval, counts: this.#counts() });
    return approval;
  }

  resolve(id: string, outcome: "approved" | "rejected", by: Body = { type: "member", id: "mem_2", name: "Mara" }, extra: Body = {}): Approval {
    const before = this.#approval(id);
    const at = new Date().toISOString();
    const resolution = { outcome, by: by as never, at, digest: before.action.digest, argsEdited: false, ...extra };
    const after = { ...before, status: outcome, resolution, resolvedAt: at, version: before.version + 1 } as Approval;
    this.approvals.set(id, after);
    this.emit(
      "approval:resolved",
      { type: "approval", id, version: after.version },
      { id, version: after.version, status: outcome, resolution, agentId: after.agentId, counts: this.#counts() },
      by,
    );
    return after;
  }

  expire(id: string): void {
    const before = this.#approval(id);
    const expiredAt = new Date().toISOString();
    const after: Approval = { ...before, status: "expired", resolvedAt: expiredAt, version: before.version + 1 };
    this.approvals.set(id, after);
    const { version, expiresAt, agentId } = after;
    this.emit("approval:expired", { type: "approval", id, version }, { id, version, expiresAt, expiredAt, agentId, counts: this.#counts() });
  }

  report(fields: Partial<Agent> & { readonly id: string }): void {
    const before = this.agents.get(fields.id);
    const after: Agent = {
      name: fields.id,
      status: "idle",
      lease: { seconds: 60, expiresAt: new Date(Date.now() + 60_000).toISOString() },
      lastSeenAt: new Date().toISOString(),
      pendingApprovals: 0,
      ...before,
      ...fields,
      version: (before?.version ?? 0) + 1,
    };
    this.agents.set(after.id, after);
    const counts: Record<string, number> = {};
    for (const agent of this.agents.values()) counts[agent.status] = (counts[agent.status] ?? 0) + 1;
    const previous = before === undefined ? {} : { previousStatus: before.status };
    this.emit("agent:status", { type: "agent", id: after.id, version: after.version }, { agent: { ...after, ...previous }, counts });
  }

  say(agentId: string, text: string, fields: Partial<AgentMessage> = {}): AgentMessage {
    const seq = this.messages.filter((message) => message.agentId === agentId).length + 1;
    const message: AgentMessage = {
      id: `msg_${agentId}_${seq}`,
      agentId,
      seq,
      role: "agent",
      kind: "text",
      text,
      state: "final",
      createdAt: new Date().toISOString(),
      ...fields,
    };
    this.messages.push(message);
    this.emit("agent:message", { type: "message", id: message.id }, { message });
    return message;
  }

  notify(fields: Partial<Notification> = {}): Notification {
    const notification: Notification = {
      id: `ntf_${this.notifications.length + 1}`,
      kind: "approval.requested",
      severity: "info",
      title: "An agent asks",
      subject: { type: "approval", id: "apr_0001" },
      url: "/approvals/apr_0001",
      count: 1,
      createdAt: new Date().toISOString(),
      ...fields,
    };
    this.notifications.push(notification);
    this.emit("notification:new", { type: "notification", id: notification.id }, { notification, ...this.#inbox() });
    return notification;
  }

  /** Tells all sockets who is online. */
  tellPresence(members: readonly PresentMember[]): void {
    this.#io.emit("presence:update", { members });
  }

  // --- sockets -----------------------------------------------------------------------------------------------------------

  #join(socket: Socket): void {
    this.opened += 1;
    dataOf(socket).topics = "all";
    socket.on("topics:watch", (argument: { agents: unknown }, ack?: (answer: unknown) => void) => {
      dataOf(socket).topics = argument.agents;
      ack?.({ ok: true, ...(Array.isArray(argument.agents) ? { watching: argument.agents.length } : { watching: 0, all: true }) });
    });
    socket.on("presence:set", (argument: { approvalId: string | null }, ack?: (answer: unknown) => void) => {
      this.looked.push(argument.approvalId);
      ack?.({ ok: true });
    });
    socket.on("clock", (_: unknown, ack?: (answer: unknown) => void) => ack?.({ at: new Date().toISOString() }));
    socket.on("auth:renew", (argument: { token: string }, ack?: (answer: unknown) => void) => {
      const refused = this.#refusal(argument.token);
      ack?.(refused === undefined ? { ok: true, expiresAt: new Date(Date.now() + this.tokenTtlMs).toISOString() } : { error: { code: refused } });
    });
    const cursor: unknown = socket.handshake.auth["cursor"];
    if (typeof cursor !== "string") return;
    const [epoch, offset] = cursor.split(":");
    if (epoch !== this.epoch) {
      socket.emit("reset", { reason: "epoch_changed" }, this.cursor());
      return;
    }
    for (const event of this.log) if (event.offset > Number(offset)) this.#send(socket, event.type, event.envelope, event.offset);
  }

  #send(socket: Socket, type: string, envelope: Body, offset: number): void {
    const { topics } = dataOf(socket);
    if (type === "agent:message" && Array.isArray(topics)) {
      const { message } = envelope["data"] as { message: AgentMessage };
      if (!topics.includes(message.agentId)) return;
    }
    socket.emit(type, envelope, this.cursor(offset));
  }

  #refusal(token: string | undefined): string | undefined {
    if (token === undefined) return "token_missing";
    return this.tokens === undefined || this.tokens.has(token) ? undefined : "token_expired";
  }

  // --- HTTP --------------------------------------------------------------------------------------------------------------

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://x");
    if (url.pathname.startsWith("/socket.io/")) return;
    if (!url.pathname.startsWith("/v1/")) return this.#file(url.pathname, response);
    this.requests.push(`${request.method ?? "GET"} ${url.pathname}`);
    if (this.blocked.has("rest")) {
      request.socket.destroy();
      return;
    }
    const body = await bodyOf(request);
    const answer = await this.#answer(request, url, body);
    if (this.#pause !== undefined) await this.#pause;
    const headers: Record<string, string> = {
      "Content-Type": answer.status < 400 ? "application/json" : "application/problem+json",
      "Heliograph-Cursor": answer.asOf,
    };
    response.writeHead(answer.status, headers);
    response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
  }

  async #answer(request: IncomingMessage, url: URL, body: Body): Promise<{ status: number; body?: unknown; asOf: string }> {
    const ok = (answer: unknown, asOf = this.cursor()) => ({ status: 200, body: answer, asOf });
    const problem = (status: number, code: string, more: Body = {}) => ({
      status,
      body: { status, code, title: code, detail: `${code}, says the server`, ...more },
      asOf: this.cursor(),
    });
    const path = url.pathname.slice(3);
    const method = request.method ?? "GET";
    if (path === "/sign-in/preview") {
      if (body["code"] !== "open-sesame") return problem(401, "sign_in_code_invalid");
      const { member, workspace, expiresAt } = this.session();
      return ok({ member: { ...(member as Body), handle: "ada" }, workspace, expiresAt });
    }
    if (path === "/sign-in" || path === "/session/token") {
      if (path === "/sign-in" ? body["code"] !== "open-sesame" : !this.signedIn) return problem(401, path === "/sign-in" ? "sign_in_code_invalid" : "token_missing");
      this.signedIn = true;
      return ok(this.session());
    }
    if (path === "/session") {
      this.signedIn = false;
      return { status: 204, asOf: this.cursor() };
    }
    const refused = this.#refusal(request.headers.authorization?.slice("Bearer ".length));
    if (refused !== undefined) return problem(401, refused);

    if (path === "/overview") return ok({ asOf: this.cursor() });
    if (path === "/approvals") {
      const statuses = url.searchParams.get("status")?.split(",");
      const begin = Number(url.searchParams.get("cursor") ?? 0);
      const end = begin + Number(url.searchParams.get("limit") ?? 50);
      const rows = [...this.approvals.values()].filter(({ status }) => statuses?.includes(status) ?? true).sort(ordersOf[url.searchParams.get("sort") ?? "-createdAt"]);
      const nextCursor = end < rows.length ? { nextCursor: String(end) } : {};
      return ok({ data: rows.slice(begin, end), ...nextCursor, asOf: this.cursor(), counts: this.#counts(), statusCounts: this.#statusCounts() });
    }
    if (path === "/agents") {
      const counts: Record<string, number> = {};
      for (const agent of this.agents.values()) counts[agent.status] = (counts[agent.status] ?? 0) + 1;
      return ok({ data: [...this.agents.values()], asOf: this.cursor(), counts });
    }
    if (path === "/notifications") return ok({ data: this.notifications.toReversed(), asOf: this.cursor(), ...this.#inbox() });
    if (path === "/notifications/mark") return ok(this.#mark(body));
    if (path === "/events") return this.#events(url, problem);
    const [, kind, id, rest] = path.split("/");
    if (kind === "agents" && id !== undefined && rest === "messages") {
      return ok({ data: this.messages.filter((message) => message.agentId === id).toReversed(), asOf: this.cursor() });
    }
    if (kind === "approvals" && id !== undefined) {
      const approval = this.approvals.get(id);
      if (approval === undefined) return problem(404, "not_found");
      if (rest === "decision" && method === "POST") return this.#decide(approval, body, ok, problem);
      if (rest === "claim") return ok(approval);
      return ok(approval);
    }
    return problem(404, "not_found");
  }

  /** What the sign-in endpoints answer. */
  session(): Body {
    const now = Math.floor(Date.now() / 1000);
    const claims = { sub: "mem_1", ws: "ws_1", iat: now, exp: now + this.tokenTtlMs / 1000, jti: randomUUID() };
    const token = ["e30", Buffer.from(JSON.stringify(claims)).toString("base64url"), "sig"].join(".");
    this.tokens?.add(token);
    return {
      token,
      expiresAt: new Date(Date.now() + this.tokenTtlMs).toISOString(),
      member: { id: "mem_1", name: "Ada Fischer", role: "operator" },
      workspace: { id: "ws_1", slug: "acme", name: "Acme Trading" },
      session: { id: "ses_1" },
    };
  }

  #decide(
    approval: Approval,
    body: Body,
    ok: (answer: unknown) => { status: number; body?: unknown; asOf: string },
    problem: (status: number, code: string, more?: Body) => { status: number; body?: unknown; asOf: string },
  ) {
    this.decisions.push(body);
    if (approval.status === "expired") return problem(409, "approval_expired", { approval });
    if (approval.status !== "pending") return problem(409, "already_decided", { approval, resolution: approval.resolution });
    if (body["digest"] !== approval.action.digest) return problem(412, "digest_mismatch", { approval });
    const outcome = body["outcome"] === "approved" ? "approved" : "rejected";
    const extra = body["reason"] === undefined ? {} : { reason: body["reason"] };
    return ok(this.resolve(approval.id, outcome, { type: "member", id: "mem_1", name: "Ada Fischer" }, extra));
  }

  async #events(url: URL, problem: (status: number, code: string, more?: Body) => { status: number; body?: unknown; asOf: string }) {
    const [epoch, offset] = (url.searchParams.get("after") ?? "").split(":");
    if (epoch !== this.epoch) return problem(410, "cursor_gone", { cursor: this.cursor(), reason: "epoch_changed" });
    const after = Number(offset);
    if (this.head <= after && Number(url.searchParams.get("wait")) > 0) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
        setTimeout(wake, Number(url.searchParams.get("wait")) * 1000).unref();
      });
    }
    const limit = Number(url.searchParams.get("limit"));
    const page = this.log.filter((event) => event.offset > after).slice(0, limit);
    const nextCursor = page.length === 0 ? (url.searchParams.get("after") ?? "") : this.cursor(page.at(-1)?.offset);
    return { status: 200, body: { data: page.map((event) => event.envelope), nextCursor }, asOf: this.cursor() };
  }

  #mark(body: Body): Body {
    const ids = body["ids"] as readonly string[] | undefined;
    const change = body["change"] as "read" | "seen";
    const at = new Date().toISOString();
    this.notifications.forEach((row, index) => {
      if (ids !== undefined && !ids.includes(row.id)) return;
      const seen = { ...row, seenAt: row.seenAt ?? at };
      this.notifications[index] = change === "read" ? { ...seen, readAt: row.readAt ?? at } : seen;
    });
    const target = ids === undefined ? { all: true, ...(typeof body["before"] === "string" ? { before: body["before"] } : {}) } : { ids };
    this.emit("notification:read", { type: "notification", id: ids?.[0] ?? "all" }, { ...target, change, cause: "member", ...this.#inbox() });
    return this.#inbox();
  }

  #inbox(): { unseen: number; unread: number } {
    return {
      unseen: this.notifications.filter((row) => row.seenAt === undefined).length,
      unread: this.notifications.filter((row) => row.readAt === undefined).length,
    };
  }

  #statusCounts(): Record<Approval["status"], number> {
    const counts = { pending: 0, approved: 0, rejected: 0, expired: 0, cancelled: 0 };
    for (const { status } of this.approvals.values()) counts[status] += 1;
    return counts;
  }

  #counts(): { pending: number; critical: number } {
    const pending = [...this.approvals.values()].filter((approval) => approval.status === "pending");
    return { pending: pending.length, critical: pending.filter((approval) => approval.risk === "critical").length };
  }

  #approval(id: string): Approval {
    const approval = this.approvals.get(id);
    if (approval === undefined) throw new Error(`there is no ${id}`);
    return approval;
  }

  async #file(path: string, response: ServerResponse): Promise<void> {
    const types: Record<string, string> = { ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2" };
    const type = types[extname(path)];
    const file = join(this.#dist ?? ".", type === undefined ? "index.html" : normalize(path));
    const content = await readFile(file).catch(() => undefined);
    response.writeHead(content === undefined ? 404 : 200, { "Content-Type": type ?? "text/html" });
    response.end(content);
  }
}

/** The orders that the dashboard asks for first; rows of others stay as they were made. */
const ordersOf: Readonly<Record<string, ((a: Approval, b: Approval) => number) | undefined>> = {
  expiresAt: (a, b) => Date.parse(a.expiresAt) - Date.parse(b.expiresAt) || (a.id < b.id ? -1 : 1),
  "-createdAt": (a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt) || (a.id < b.id ? 1 : -1),
  "-resolvedAt": (a, b) => Date.parse(b.resolvedAt ?? "") - Date.parse(a.resolvedAt ?? "") || (a.id < b.id ? 1 : -1),
};

function dataOf(socket: Socket): { topics: unknown } {
  return socket.data as { topics: unknown };
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? {} : (JSON.parse(text) as Body);
}
