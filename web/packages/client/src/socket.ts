import { io, type Socket } from "socket.io-client";
import type { AgentTopics, Carrier, CarrierEnd, CarrierListener, CarrierOptions, OpenCarrier } from "./carrier.js";
import { isObject } from "./validation.js";
import type { Timing } from "./timing.js";

/** Where and how to connect. */
export interface SocketOptions {
  /** Such as `https://example.com`; "" is the page's own. */
  readonly origin: string;
  /** Such as `/socket.io/`, behind a prefix `/heliograph/socket.io/`. */
  readonly path: string;
  readonly timing: Timing;
}

/**
 * Opens Socket.IO connections on exactly one transport each. The library's own reconnection, upgrade and recovery are off: the machine
 * decides what to try next, and each socket presents the newest cursor.
 */
export function socketCarrier(options: SocketOptions): OpenCarrier {
  return (opening, listener) => new SocketCarrier(options, opening, listener);
}

class SocketCarrier implements Carrier {
  readonly #socket: Socket;
  readonly #listener: CarrierListener;
  #topics: AgentTopics;
  #closed = false;
  #delay: number | undefined;
  readonly #disarm: () => void;

  constructor(options: SocketOptions, opening: CarrierOptions, listener: CarrierListener) {
    this.#listener = listener;
    this.#topics = opening.topics;
    this.#socket = io(options.origin, {
      path: options.path,
      transports: [opening.transport],
      upgrade: false,
      forceNew: true,
      reconnection: false,
      autoConnect: false,
      timeout: opening.timeout,
      auth: (present) => {
        opening.credentials().then(present, (error: unknown) => this.#end({ reason: error instanceof Error ? error.message : String(error) }));
      },
    });
    this.#disarm = options.timing.after(opening.timeout, () => this.#end({ reason: `no connection within ${opening.timeout / 1000} s` }));
    this.#listen();
    this.#socket.connect();
  }

  close(): void {
    this.#closed = true;
    this.#disarm();
    this.#socket.disconnect();
  }

  watch(agents: AgentTopics): void {
    this.#topics = agents;
    if (this.#socket.connected) this.#socket.emit("topics:watch", { agents });
  }

  look(approvalId: string | null): void {
    if (this.#socket.connected) this.#socket.emit("presence:set", { approvalId });
  }

  async check(timeout: number): Promise<number | undefined> {
    const answer: unknown = await this.#socket.timeout(timeout).emitWithAck("clock", {});
    const at = isObject(answer) ? Date.parse(String(answer["at"])) : Number.NaN;
    return Number.isNaN(at) ? undefined : at;
  }

  async renew(token: string): Promise<boolean> {
    const answer: unknown = await this.#socket.timeout(10_000).emitWithAck("auth:renew", { token });
    return isObject(answer) && answer["ok"] === true;
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on("connect", () => {
      this.#disarm();
      this.watch(this.#topics);
      this.#listener.opened();
    });
    socket.on("connect_error", (error: Error & { data?: unknown }) => this.#end(endOf(error.message, error.data)));
    socket.on("disconnect", (reason) => this.#end({ reason, ...(this.#delay === undefined ? {} : { delay: this.#delay }) }));
    socket.io.on("ping", () => this.#onActivity());
    socket.onAny((type: string, ...args: readonly unknown[]) => {
      this.#onActivity();
      this.#receive(type, args);
    });
  }

  #receive(type: string, args: readonly unknown[]): void {
    if (this.#closed) return;
    const last = args.at(-1);
    switch (type) {
      case "reset":
        if (typeof last === "string") this.#listener.reset(isObject(args[0]) ? String(args[0]["reason"]) : "unknown", last);
        else if (isObject(last) && typeof last["cursor"] === "string") this.#listener.reset(String(last["reason"]), last["cursor"]);
        return;
      case "presence:update":
        this.#listener.presence(last);
        return;
      case "auth:expiring":
        this.#listener.expiring(isObject(args[0]) && typeof args[0]["expiresAt"] === "string" ? args[0]["expiresAt"] : undefined);
        return;
      case "drain":
        this.#delay = isObject(last) && typeof last["delayMs"] === "number" ? last["delayMs"] : undefined;
        return;
      default:
        if (args.length > 1 && typeof last === "string") this.#listener.events([args[0]], last);
        else if (type === "agent:message") this.#listener.delta(last);
    }
  }

  #onActivity(): void {
    if (!this.#closed) this.#listener.activity();
  }

  #end(end: CarrierEnd): void {
    if (this.#closed) return;
    this.close();
    this.#listener.closed(end);
  }
}

function endOf(message: string, data: unknown): CarrierEnd {
  if (!isObject(data)) return { reason: message };
  const delay = data["retryAfterMs"];
  return {
    reason: message,
    ...(typeof data["code"] === "string" ? { code: data["code"] } : {}),
    ...(typeof delay === "number" ? { delay } : {}),
  };
}
