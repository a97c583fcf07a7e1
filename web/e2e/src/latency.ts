import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** What stands between a browser and the server on TCP's level: a network that takes its time each way. */
export class Latency {
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(target: number, delayMs: number) {
    this.#server = createServer((client) => {
      const server = connect(target, "127.0.0.1");
      // TCP's own handshake takes one round trip.
      const acceptedAt = Date.now() + 2 * delayMs;
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const) {
        this.#open.add(from);
        from.setNoDelay(true);
        from.on("error", () => from.destroy());
        from.on("data", (chunk: Buffer) => {
          const arrivesAt = Math.max(Date.now(), acceptedAt) + delayMs;
          setTimeout(() => to.write(chunk), arrivesAt - Date.now());
        });
        from.once("close", () => {
          this.#open.delete(from);
          setTimeout(() => to.destroySoon(), delayMs + 50);
        });
      }
    });
  }

  /** In front of `target` of this machine. */
  static async open(target: number, delayMs: number): Promise<Latency> {
    const latency = new Latency(target, delayMs);
    latency.#server.listen(0, "127.0.0.1");
    await once(latency.#server, "listening");
    return latency;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the server has no port");
    return `http://127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
    await closed;
  }
}
