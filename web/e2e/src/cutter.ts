import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** What stands between some clients and the server on TCP's level: cuts connections in the middle of whatever they carry. */
export class Cutter {
  readonly #server: Server;
  readonly #target: number;
  readonly #next: () => number;
  readonly #open = new Map<number, { client: Socket; server: Socket }>();
  readonly #doomed = new Set<number>();
  #connections = 0;
  #held = false;
  /** Gets all that the server sends, before anything is cut from it. */
  watch: (chunk: Buffer, connection: number) => void = () => undefined;
  /** Connections that were cut while something passed or while they were silent. */
  cuts = 0;
  /** Bytes that passed from the server to the clients. */
  bytes = 0;

  private constructor(target: number, next: () => number) {
    this.#target = target;
    this.#next = next;
    this.#server = createServer((client) => this.#accept(client));
  }

  /** In front of `target` of this machine. */
  static async open(target: number, next: () => number): Promise<Cutter> {
    const cutter = new Cutter(target, next);
    cutter.#server.listen(0, "127.0.0.1");
    await once(cutter.#server, "listening");
    return cutter;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the cutter has no port");
    return `http://127.0.0.1:${address.port}`;
  }

  get open(): number {
    return this.#open.size;
  }

  /** Cuts one connection, picked at random: at once, or behind a random part of what it carries next from the server. */
  cut(): void {
    const ids = [...this.#open.keys()];
    const id = ids[Math.floor(this.#next() * ids.length)];
    if (id === undefined) return;
    if (this.#next() < 0.5) this.#doomed.add(id);
    else this.#sever(id);
  }

  /** Lets nothing pass any more; connections stay open, and new ones are made. Nothing of what they carry is lost. */
  hold(): void {
    this.#held = true;
    for (const { client, server } of this.#open.values()) {
      client.pause();
      server.pause();
    }
  }

  /** Lets everything pass again. */
  release(): void {
    this.#held = false;
    for (const { client, server } of this.#open.values()) {
      client.resume();
      server.resume();
    }
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const { client, server } of this.#open.values()) {
      client.destroy();
      server.destroy();
    }
    await closed;
  }

  #accept(client: Socket): void {
    const id = this.#connections++;
    const server = connect(this.#target, "127.0.0.1");
    this.#open.set(id, { client, server });
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on("error", () => socket.destroy());
    }
    client.once("close", () => {
      this.#open.delete(id);
      this.#doomed.delete(id);
      server.destroy();
    });
    // What the server said last is still to arrive.
    server.once("close", () => client.destroySoon());
    client.on("data", (chunk: Buffer) => {
      if (!server.write(chunk)) {
        client.pause();
        server.once("drain", () => this.#resume(client));
      }
    });
    // A half-closed connection is none for what is carried here.
    client.on("end", () => server.end());
    server.on("data", (chunk: Buffer) => {
      this.watch(chunk, id);
      this.bytes += chunk.length;
      if (this.#doomed.has(id)) {
        client.write(chunk.subarray(0, Math.floor(this.#next() * chunk.length)), () => this.#sever(id));
        server.pause();
      } else if (!client.write(chunk)) {
        server.pause();
        client.once("drain", () => this.#resume(server));
      }
    });
    if (this.#held) {
      client.pause();
      server.pause();
    }
  }

  #resume(socket: Socket): void {
    if (!this.#held) socket.resume();
  }

  /** With a reset or an orderly end, as networks do either. */
  #sever(id: number): void {
    const pair = this.#open.get(id);
    if (pair === undefined) return;
    this.cuts += 1;
    this.#open.delete(id);
    this.#doomed.delete(id);
    for (const socket of [pair.client, pair.server]) {
      if (this.#next() < 0.5) socket.resetAndDestroy();
      else socket.destroy();
    }
  }
}
