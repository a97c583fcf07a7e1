import { io, type ManagerOptions, type Socket, type SocketOptions } from "socket.io-client";
import type { Envelope } from "./api.js";

/** A stock socket.io-client that writes down what it received, in order, and knows nothing else of Heliograph. */
export class Recorder {
  readonly socket: Socket;
  readonly events: Envelope[] = [];
  readonly cursors: string[] = [];
  /** `socket.recovered` at each connect, in order. */
  readonly recovered: boolean[] = [];
  readonly resets: unknown[] = [];
  readonly errors: (Error & { data?: { code?: string } })[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(url: string, token: string | undefined, options: Partial<ManagerOptions & SocketOptions> = {}) {
    this.socket = io(url, {
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 250,
      ...(token === undefined ? {} : { auth: { token } }),
      ...options,
    });
    this.socket.on("connect", () => {
      this.recovered.push(this.socket.recovered);
      this.#changed();
    });
    this.socket.on("connect_error", (error) => {
      this.errors.push(error);
      this.#changed();
    });
    this.socket.onAny((name: string, ...args: unknown[]) => {
      const cursor = args.at(-1);
      if (name === "reset") this.resets.push(args[0]);
      else if (args.length === 2 && typeof cursor === "string") {
        const envelope = args[0] as Envelope;
        if (envelope.type !== name) throw new Error(`event ${name} carried an envelope of type ${envelope.type}`);
        this.events.push(envelope);
        this.cursors.push(cursor);
      }
      this.#changed();
    });
  }

  get offsets(): number[] {
    return this.events.map((event) => event.offset);
  }

  get types(): Set<string> {
    return new Set(this.events.map((event) => event.type));
  }

  connected(): Promise<void> {
    return this.until(() => this.socket.connected, "the client to connect");
  }

  /** Resolves as soon as `condition` holds; it is looked at whenever something arrives. */
  until(condition: () => boolean, what: string, timeoutMs = 30_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(
          new Error(
            `waited ${timeoutMs} ms for ${what}; has ${JSON.stringify(this.events.map((event) => `${event.offset} ${event.type}`).slice(-20))}`,
          ),
        );
      }, timeoutMs);
      const look = (): void => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  close(): void {
    this.socket.close();
  }

  #changed(): void {
    for (const look of [...this.#waiting]) look();
  }
}
