import { fullJitter, jitterAround, type Backoff } from "./backoff.js";

/**
 * The connection as a table of states × signals (SPEC.md shows it, and a test walks each cell). Pure: no timers, no sockets. A state
 * names what it needs (`dial`: the attempt in progress; `carrier`: the link that carries events; `wakeAt`: when to signal `due`), and the
 * caller provides it.
 */
export type Status =
  | "idle"
  | "connecting"
  | "live"
  | "catching_up"
  | "degraded"
  | "rest"
  | "reconnecting"
  | "offline"
  | "unauthorized";

/** What can carry events, best first. */
export type Transport = "websocket" | "polling" | "rest";

/** One attempt, or one open link; `id` distinguishes late reports of earlier links. */
export interface Link {
  readonly id: number;
  readonly transport: Transport;
}

export interface ConnectionState {
  readonly status: Status;
  /** The attempt under way, if any; beside a carrier it is a probe for a better one. */
  readonly dial: Link | null;
  /** What carries events now, if anything. */
  readonly carrier: Link | null;
  /** Rounds through all transports (or probes) that failed since the last carrier. */
  readonly attempt: number;
  /** When the next attempt or probe is due, or a WebSocket that may close soon counts as open for good. */
  readonly wakeAt: number | null;
  /** Since when nothing carries events, or the carrier is silent. */
  readonly downSince: number | null;
  /** When the carrier opened. */
  readonly openedAt: number | null;
  /** Carriers of the best usable transport that closed soon after they opened, in a row; see `usable`. */
  readonly shortLived: number;
  /** Why it is not better than it is; null when live. */
  readonly reason: string | null;
  /** Events applied so far in this catch-up. */
  readonly behind: number;
  /** What the browser says about its network. A hint: it may be wrong about a server on this machine. */
  readonly networkDown: boolean;
  readonly lastId: number;
}

export type Signal =
  | { readonly type: "start" }
  | { readonly type: "stop" }
  | { readonly type: "opened"; readonly id: number }
  | { readonly type: "failed"; readonly id: number; readonly reason: string }
  | { readonly type: "dropped"; readonly id: number; readonly reason: string; readonly delay?: number }
  /** The carrier did not answer; nothing came since `since`. */
  | { readonly type: "silent"; readonly id: number; readonly since: number }
  | { readonly type: "heard"; readonly id: number }
  | { readonly type: "behind"; readonly id: number; readonly count: number }
  | { readonly type: "caught_up"; readonly id: number }
  | { readonly type: "due" }
  | { readonly type: "retry_now" }
  | { readonly type: "network_down" }
  | { readonly type: "network_up" }
  | { readonly type: "unauthorized"; readonly reason: string }
  | { readonly type: "signed_in" };

export type SignalType = Signal["type"];

/** Settings of the machine; all in milliseconds. */
export interface Rules {
  /** Between rounds that failed on each transport. */
  readonly retry: Backoff;
  /** Between probes for a better transport: from `base`, doubling to `cap`, each ± a quarter. */
  readonly probe: Backoff;
  /** Without any carrier for this long is offline. */
  readonly offlineAfter: number;
  /** A carrier that was open for less than this is short-lived: the wait before the next attempt grows. */
  readonly stableAfter: number;
  /** After short-lived ones, a WebSocket is live when it was open for this long. */
  readonly provenAfter: number;
}

export const defaultRules: Rules = {
  retry: { base: 500, cap: 15_000 },
  probe: { base: 15_000, cap: 60_000 },
  offlineAfter: 30_000,
  stableAfter: 30_000,
  provenAfter: 5_000,
};

/** After so many short-lived carriers in a row, the next lower transport is used. */
const MAX_SHORT_LIVED = 3;
/** From so many on, a WebSocket has to stay open before it counts as live, and drops are shown at once. */
export const UNSTABLE = 2;

/** What a transition may look at beside state and signal. */
export interface TransitionContext {
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
  readonly rules: Rules;
}

export const initialState: ConnectionState = {
  status: "idle",
  dial: null,
  carrier: null,
  attempt: 0,
  wakeAt: null,
  downSince: null,
  openedAt: null,
  shortLived: 0,
  reason: null,
  behind: 0,
  networkDown: false,
  lastId: 0,
};

type Transition<T extends SignalType> = (
  state: ConnectionState,
  signal: Extract<Signal, { type: T }>,
  context: TransitionContext,
) => ConnectionState;

/** Returns the same object when nothing changes. */
export function next(state: ConnectionState, signal: Signal, context: TransitionContext): ConnectionState {
  const row = state.status === "reconnecting" && state.carrier !== null ? silentCarrier : table[state.status];
  return (row[signal.type] as Transition<SignalType>)(state, signal, context);
}

// --- transitions -------------------------------------------------------------------------------------------------------

const ignore = (state: ConnectionState) => state;

const begin = (state: ConnectionState, _: unknown, { now }: TransitionContext) =>
  dial({ ...initialState, lastId: state.lastId, networkDown: state.networkDown, status: "connecting", downSince: now }, "websocket");

const end = (state: ConnectionState) => ({ ...initialState, lastId: state.lastId, networkDown: state.networkDown });

const toUnauthorized = (state: ConnectionState, { reason }: { reason: string }) => ({ ...end(state), status: "unauthorized" as const, reason });

/** The attempt succeeded: it carries events from now on; the caller closes the previous carrier. */
const attemptOpened = (state: ConnectionState, { id }: { id: number }, { now, random, rules }: TransitionContext): ConnectionState => {
  const link = state.dial;
  if (link?.id !== id) return state;
  const best = link.transport === "websocket";
  const proven = best && state.shortLived < UNSTABLE;
  // Probes that opened and closed soon count as failed ones.
  const attempt = usable(state) === "websocket" ? 0 : state.attempt + (best ? 1 : 0);
  const wakeAt = proven ? null : now + (best ? rules.provenAfter : probeDelay(attempt, random, rules));
  return carrying({ ...state, dial: null, carrier: link, attempt, wakeAt, openedAt: now, reason: proven ? null : state.reason });
};

/** Without a carrier: try the next lower transport, or wait for the next round. */
const fallBack = (state: ConnectionState, { id, reason }: { id: number; reason: string }, context: TransitionContext): ConnectionState => {
  if (state.dial?.id !== id) return state;
  const lower = nextLower(state.dial.transport);
  if (lower !== undefined) return dial({ ...state, reason }, lower);
  const { now, random, rules } = context;
  return disconnected(
    { ...state, dial: null, reason, attempt: state.attempt + 1, wakeAt: now + fullJitter(state.attempt, random, rules.retry) },
    context,
  );
};

/** A probe failed while a lower transport carries events: try the transport between, or probe again later. */
const probeFailed = (state: ConnectionState, { id, reason }: { id: number; reason: string }, { now, random, rules }: TransitionContext) => {
  if (state.dial?.id !== id || state.carrier === null) return state;
  const lower = nextLower(state.dial.transport);
  if (lower !== undefined && lower !== state.carrier.transport) return dial({ ...state, reason }, lower);
  const attempt = state.attempt + 1;
  return { ...state, dial: null, reason, attempt, wakeAt: now + probeDelay(attempt, random, rules) };
};

/** The carrier is gone. The next attempt starts after a short random delay, or after the delay that the server gave. */
const carrierLost = (state: ConnectionState, signal: Extract<Signal, { type: "dropped" }>, context: TransitionContext): ConnectionState => {
  if (state.carrier?.id !== signal.id) return state;
  const { now, random, rules } = context;
  const { transport } = state.carrier;
  const stable = signal.delay !== undefined || now - (state.openedAt ?? now) >= rules.stableAfter;
  const shortLived = stable ? afterStable(state, transport) : afterShortLived(state, transport);
  const lost: ConnectionState = {
    ...state,
    carrier: null,
    openedAt: null,
    behind: 0,
    shortLived,
    attempt: usable({ shortLived }) === "websocket" ? 0 : state.attempt,
    downSince: state.downSince ?? now,
    reason: shortLived < UNSTABLE ? signal.reason : `${NAMES[transport]} closed soon after it opened: ${signal.reason}`,
  };
  if (state.dial !== null) return disconnected({ ...lost, wakeAt: null }, context);
  const again = Math.max(0, (shortLived % MAX_SHORT_LIVED) - 1);
  return disconnected({ ...lost, wakeAt: now + (signal.delay ?? fullJitter(again, random, rules.retry)) }, context);
};

/** The carrier may come back to life; it is dropped later if not. */
const carrierSilent = (state: ConnectionState, { id, since }: { id: number; since: number }): ConnectionState =>
  state.carrier?.id === id ? { ...state, status: "reconnecting", downSince: since, behind: 0 } : state;

const carrierHeard = (state: ConnectionState, { id }: { id: number }): ConnectionState => (state.carrier?.id === id ? carrying(state) : state);

const replayProgressed = (state: ConnectionState, { id, count }: { id: number; count: number }): ConnectionState =>
  state.carrier?.id !== id || (state.status === "catching_up" && state.behind === count)
    ? state
    : { ...state, status: "catching_up", behind: count };

const replayEnded = (state: ConnectionState, { id }: { id: number }): ConnectionState =>
  state.carrier?.id === id && state.status === "catching_up" ? carrying(state) : state;

/** Time for another round from the top; one under way goes on. */
const retry = (state: ConnectionState): ConnectionState => (state.dial === null ? dial(state, usable(state)) : state);

/** Time to look for a better transport. */
const probe = (state: ConnectionState): ConnectionState =>
  state.dial === null && state.carrier !== null && state.carrier.transport !== "websocket" ? dial(state, "websocket") : state;

/** Time for a probe; or a WebSocket has stayed open. */
const probeOrTrust = (state: ConnectionState): ConnectionState => {
  if (state.carrier?.transport !== "websocket") return probe(state);
  if (state.wakeAt === null) return state;
  return { ...state, wakeAt: null, ...(state.status === "degraded" ? { status: "live", reason: null } : {}) };
};

const markNetworkDown = (state: ConnectionState): ConnectionState => (state.networkDown ? state : { ...state, networkDown: true });

const networkLost = (state: ConnectionState, _: unknown, context: TransitionContext) => disconnected(markNetworkDown(state), context);

const markNetworkUp = (state: ConnectionState): ConnectionState => (state.networkDown ? { ...state, networkDown: false } : state);

const retryOnNetworkUp = (state: ConnectionState, _: unknown, context: TransitionContext) => disconnected(retry(markNetworkUp(state)), context);

const probeOnNetworkUp = (state: ConnectionState): ConnectionState => probe(markNetworkUp(state));

// --- the table ---------------------------------------------------------------------------------------------------------

type Row = { readonly [T in SignalType]: Transition<T> };

/** No carrier: looking for one. */
const withoutCarrier: Row = {
  start: ignore,
  stop: end,
  opened: attemptOpened,
  failed: fallBack,
  dropped: ignore,
  silent: ignore,
  heard: ignore,
  behind: ignore,
  caught_up: ignore,
  due: retry,
  retry_now: retry,
  network_down: networkLost,
  network_up: retryOnNetworkUp,
  unauthorized: toUnauthorized,
  signed_in: ignore,
};

/** A carrier: events flow. */
const withCarrier: Row = {
  ...withoutCarrier,
  opened: attemptOpened,
  failed: probeFailed,
  dropped: carrierLost,
  silent: carrierSilent,
  behind: replayProgressed,
  caught_up: replayEnded,
  due: probeOrTrust,
  retry_now: probe,
  network_down: markNetworkDown,
  network_up: probeOnNetworkUp,
};

/** A carrier that does not answer: the status is `reconnecting` until something arrives, or until it is dropped. */
const silentCarrier: Row = { ...withCarrier, silent: ignore, heard: carrierHeard, behind: ignore, caught_up: ignore };

/** Nothing is wanted. */
const inactive: Row = {
  start: begin,
  stop: ignore,
  opened: ignore,
  failed: ignore,
  dropped: ignore,
  silent: ignore,
  heard: ignore,
  behind: ignore,
  caught_up: ignore,
  due: ignore,
  retry_now: ignore,
  network_down: markNetworkDown,
  network_up: markNetworkUp,
  unauthorized: toUnauthorized,
  signed_in: ignore,
};

export const table: Readonly<Record<Status, Row>> = {
  idle: inactive,
  connecting: withoutCarrier,
  live: { ...withCarrier, opened: ignore, failed: ignore, due: ignore, retry_now: ignore, network_up: markNetworkUp },
  catching_up: withCarrier,
  degraded: withCarrier,
  rest: withCarrier,
  reconnecting: withoutCarrier,
  offline: withoutCarrier,
  unauthorized: { ...inactive, start: ignore, stop: end, unauthorized: ignore, signed_in: begin },
};

const LADDER: readonly Transport[] = ["websocket", "polling", "rest"];
const NAMES: Readonly<Record<Transport, string>> = { websocket: "WebSocket", polling: "HTTP long-polling", rest: "an HTTP request" };

// --- small things ------------------------------------------------------------------------------------------------------

function dial(state: ConnectionState, transport: Transport): ConnectionState {
  const id = state.lastId + 1;
  return { ...state, lastId: id, dial: { id, transport }, wakeAt: null };
}

/** The status of a state without a carrier. */
function disconnected(state: ConnectionState, { now, rules }: TransitionContext): ConnectionState {
  const offline = state.networkDown || (state.downSince !== null && now - state.downSince >= rules.offlineAfter);
  const status = offline ? "offline" : state.status === "connecting" ? "connecting" : "reconnecting";
  return status === state.status ? state : { ...state, status };
}

/** The state while its carrier carries events. */
function carrying(state: ConnectionState): ConnectionState {
  return { ...state, status: statusOf(state), downSince: null, behind: 0 };
}

function statusOf({ carrier, status, wakeAt }: ConnectionState): Status {
  switch (carrier?.transport) {
    case undefined:
      return status;
    case "websocket":
      return wakeAt === null ? "live" : "degraded";
    case "polling":
      return "degraded";
    case "rest":
      return "rest";
  }
}

/** The best transport that stays open: where rounds begin. Each that was short-lived three times in a row is left out. */
function usable({ shortLived }: Pick<ConnectionState, "shortLived">): Transport {
  return LADDER[Math.floor(shortLived / MAX_SHORT_LIVED)] ?? "rest";
}

/** One more when it was the best usable one. Probes of a better one change nothing, and neither do those below a blocked one. */
function afterShortLived({ shortLived }: ConnectionState, transport: Transport): number {
  return transport === usable({ shortLived }) && shortLived < MAX_SHORT_LIVED * LADDER.length - 1 ? shortLived + 1 : shortLived;
}

/** From this transport on, counting begins anew. */
function afterStable({ shortLived }: ConnectionState, transport: Transport): number {
  return Math.min(shortLived, MAX_SHORT_LIVED * LADDER.indexOf(transport));
}

function nextLower(transport: Transport): Transport | undefined {
  switch (transport) {
    case "websocket":
      return "polling";
    case "polling":
      return "rest";
    case "rest":
      return undefined;
  }
}

function probeDelay(attempt: number, random: number, rules: Rules): number {
  return jitterAround(Math.min(rules.probe.cap, rules.probe.base * 2 ** Math.min(attempt, 20)), random);
}
