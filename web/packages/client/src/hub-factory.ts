import type { BrowserSignals } from "./browser-signals.js";
import type { OpenCarrier } from "./carrier.js";
import { Connection, type ConnectionListener } from "./connection.js";
import { noMemory, type CursorMemory } from "./cursor-memory.js";
import { pollingCarrier } from "./longpoll.js";
import type { Rules, Transport } from "./machine.js";
import { RestClient } from "./rest.js";
import { Session } from "./session.js";
import { socketCarrier } from "./socket.js";
import type { TabBus } from "./tab-bus.js";
import { TabHub } from "./tab-hub.js";
import { namesOf } from "./tab-messages.js";
import type { TabPlatform } from "./tab-platform.js";
import { systemTiming, type Timing } from "./timing.js";

/** Settings of a connection as plain data, which can be posted to a worker. Times in milliseconds. */
export interface ConnectSettings {
  /** Such as `https://example.com`; "" is the page's own. */
  readonly origin: string;
  /** Such as `/heliograph`, or "". */
  readonly prefix: string;
  readonly connectTimeout: number;
  readonly requestTimeout: number;
  readonly rules: Rules;
}

export interface HubSettings extends ConnectSettings {
  readonly scope: string;
}

interface Parts {
  readonly settings: ConnectSettings;
  readonly session: Session;
  readonly timing: Timing;
  readonly rest: RestClient;
  /** Whether one of the pages that use the connection is visible. */
  readonly visible: () => boolean;
  /** Whether the timers of this page or worker run when they are due. */
  readonly promptTimers: () => boolean;
  readonly open?: Readonly<Record<Transport, OpenCarrier>> | undefined;
}

/** Creates a connection, for a page or a hub. */
export function createConnection(parts: Parts, memory: CursorMemory, browserSignals: BrowserSignals, listener: ConnectionListener): Connection {
  const { settings, session, timing, rest, visible, promptTimers } = parts;
  const { origin, prefix, connectTimeout, rules } = settings;
  const socket = socketCarrier({ origin, path: `${prefix}/socket.io/`, timing });
  const open = parts.open ?? { websocket: socket, polling: socket, rest: pollingCarrier(rest, timing) };
  return new Connection({ session, open, head: () => rest.head(), memory, browserSignals, timing, rules, connectTimeout, visible, promptTimers }, listener);
}

interface HubParts {
  readonly settings: HubSettings;
  readonly bus: TabBus;
  readonly platform: TabPlatform;
  /** Of this page; a worker has none, and counts as visible because nothing throttles it. */
  readonly visible: () => boolean;
  /** Of this page; without it the tabs are asked for credentials. */
  readonly session?: Session;
  readonly timing?: Timing;
  readonly fetch?: typeof globalThis.fetch;
  readonly open?: Readonly<Record<Transport, OpenCarrier>> | undefined;
}

/** Creates a hub and its connection, in a page or in a worker. */
export function createHub(parts: HubParts): TabHub {
  const { settings, bus, platform, visible } = parts;
  const timing = parts.timing ?? systemTiming;
  const session = parts.session ?? new Session(TabHub.askTabs(bus, timing, () => hub.tabs()), timing);
  const rest = new RestClient({
    baseUrl: settings.origin + settings.prefix,
    session,
    timing,
    fetch: parts.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    timeout: settings.requestTimeout,
    onClock: (reading) => connection?.noteClock(reading),
  });
  let connection: Connection | undefined;
  const hub: TabHub = new TabHub({
    bus,
    locks: platform.locks,
    tabPrefix: namesOf(settings.scope).tabs,
    timing,
    rest,
    visible,
    connect: (browserSignals, listener) => {
      const watched = () => hub.watched;
      // What nobody looks at may come late.
      const promptTimers = () => visible() || !watched();
      connection = createConnection({ settings, session, timing, rest, visible: watched, promptTimers, open: parts.open }, noMemory, browserSignals, listener);
      return connection;
    },
  });
  return hub;
}
