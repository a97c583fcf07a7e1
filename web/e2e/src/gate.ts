import { createReadStream } from "node:fs";
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { extname, join } from "node:path";

const TYPES: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

/** What a network may keep from passing. */
export type Traffic = "websocket" | "polling" | "rest";

/**
 * What stands between a browser and the server: a reverse proxy that can block kinds of traffic as corporate networks do, counts
 * what passes, and serves somebody's own pages, with their `/token`, on the server's origin.
 */
export class Gate {
  readonly #server: Server;
  readonly #target: number;
  readonly #pages: ReadonlyMap<string, string>;
  readonly #connections = new Set<Socket>();
  readonly #webSockets = new Set<Socket>();
  #blocked: ReadonlySet<Traffic> = new Set();
  /** Answers `/token`; undefined is answered with 401. */
  token: () => string | undefined = () => undefined;
  /** The server is found under this path only, such as `/behind`, which it does not know of itself. */
  prefix = "";
  /** A WebSocket is cut this long after it opened, in milliseconds. */
  webSocketLife = Number.POSITIVE_INFINITY;
  tokensAsked = 0;
  webSocketsOpened = 0;
  webSocketsOpen = 0;

  private constructor(target: number, pages: ReadonlyMap<string, string>) {
    this.#target = target;
    this.#pages = pages;
    this.#server = createServer((incoming, outgoing) => this.#onRequest(incoming, outgoing));
    this.#server.on("upgrade", (incoming: IncomingMessage, socket: Socket, head: Buffer) => this.#onUpgrade(incoming, socket, head));
    this.#server.on("connection", (socket: Socket) => {
      this.#connections.add(socket);
      socket.once("close", () => this.#connections.delete(socket));
    });
  }

  /** In front of a server that listens on `target` of this machine; `pages` are folders by the path that they are served under. */
  static async open(target: number, pages: Readonly<Record<string, string>>): Promise<Gate> {
    const gate = new Gate(target, new Map(Object.entries(pages)));
    gate.#server.listen(0, "127.0.0.1");
    await once(gate.#server, "listening");
    return gate;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the gate has no port");
    return `http://127.0.0.1:${address.port}`;
  }

  /** From now on this does not pass; what is open of it is cut. */
  block(...traffic: Traffic[]): void {
    this.#blocked = new Set(traffic);
    if (traffic.length > 0) for (const connection of this.#connections) connection.destroy();
  }

  cutWebSockets(): void {
    for (const socket of this.#webSockets) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const connection of this.#connections) connection.destroy();
    await closed;
  }

  #onRequest(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { pathname } = new URL(incoming.url ?? "/", this.url);
    const page = [...this.#pages].find(([path]) => pathname.startsWith(path));
    if (pathname === "/token") this.#onToken(outgoing);
    else if (page !== undefined) this.#onPage(join(page[1], pathname.slice(page[0].length) || "index.html"), outgoing);
    else if (!pathname.startsWith(`${this.prefix}/`)) outgoing.writeHead(404).end();
    else if (this.#blocked.has(pathname.startsWith(`${this.prefix}/socket.io/`) ? "polling" : "rest")) outgoing.writeHead(403).end("blocked");
    else this.#forward(incoming, outgoing);
  }

  #onToken(outgoing: ServerResponse): void {
    this.tokensAsked += 1;
    const token = this.token();
    if (token === undefined) outgoing.writeHead(401).end();
    else outgoing.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ token }));
  }

  #onPage(path: string, outgoing: ServerResponse): void {
    const file = createReadStream(path);
    file.once("error", () => outgoing.writeHead(404).end());
    file.once("open", () => file.pipe(outgoing.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" })));
  }

  #forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, headers } = incoming;
    const forwarded = request({ host: "127.0.0.1", port: this.#target, method, path: this.#pathOf(incoming), headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      answer.once("error", () => outgoing.destroy());
    });
    forwarded.once("error", () => outgoing.destroy());
    outgoing.once("close", () => forwarded.destroy());
    incoming.pipe(forwarded);
  }

  #pathOf(incoming: IncomingMessage): string {
    return (incoming.url ?? "/").slice(this.prefix.length);
  }

  #onUpgrade(incoming: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    if (this.#blocked.has("websocket") || incoming.url?.startsWith(`${this.prefix}/`) !== true) {
      socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
      return;
    }
    const forwarded = connect(this.#target, "127.0.0.1", () => {
      this.webSocketsOpened += 1;
      this.webSocketsOpen += 1;
      this.#webSockets.add(socket);
      socket.once("close", () => {
        this.webSocketsOpen -= 1;
        this.#webSockets.delete(socket);
      });
      if (Number.isFinite(this.webSocketLife)) setTimeout(() => socket.destroy(), this.webSocketLife).unref();
      const lines = incoming.rawHeaders.flatMap((name, index, all) => (index % 2 === 0 ? [`${name}: ${all[index + 1] ?? ""}`] : []));
      forwarded.write(`GET ${this.#pathOf(incoming)} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      forwarded.write(head);
      socket.pipe(forwarded).pipe(socket);
    });
    forwarded.on("error", () => socket.destroy());
    forwarded.once("close", () => socket.destroy());
    socket.once("close", () => forwarded.destroy());
  }
}
