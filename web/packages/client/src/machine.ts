import { around, fullJitter, type Waits } from "./backoff.js";

/**
 * The connection as a table of states × signals (SPEC.md shows it, and a test walks each cell). Pure: no timers, no sockets. A state says
 * what it wants (`dial`: an attempt under way; `carrier`: the link that carries events; `wakeAt`: when to be told `due`), and the
 * caller makes it so.
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
export type Rung = "websocket" | "polling" | "rest";

/** One attempt, or one open link; `id` tells a late report of an earlier one apart. */
export interface Link {
  readonly id: number;
  readonly rung: Rung;
}

export interface ConnectionState {
  readonly status: Status;
  /** The attempt under way, if any; beside a carrier it is a probe for a better one. */
  readonly dial: Link | null;
  /** What carries events now, if anything. */
  readonly carrier: Link | null;
  /** Rounds through all rungs (or probes) that failed since the last carrier. */
  readonly attempt: number;
  /** When the next attempt or probe is due. */
  readonly wakeAt: number | null;
  /** Since when nothing carries events. */
  readonly downSince: number | null;
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
  | { readonly type: "behind"; readonly id: number; readonly count: number }
  | { readonly type: "caught_up"; readonly id: number }
  | { readonly type: "due" }
  | { readonly type: "nudge" }
  | { readonly type: "network_down" }
  | { readonly type: "network_up" }
  | { readonly type: "unauthorized"; readonly reason: string }
  | { readonly type: "signed_in" };

export type SignalType = Signal["type"];

/** Settings of the machine; all in milliseconds. */
export interface Rules {
  /** Between rounds that failed on each rung. */
  readonly retry: Waits;
  /** Between probes for a better rung: from `base`, doubling to `cap`, each ± a quarter. */
  readonly probe: Waits;
  /** Without any carrier for this long is offline. */
  readonly offlineAfter: number;
}

export const defaultRules: Rules = {
  retry: { base: 500, cap: 15_000 },
  probe: { base: 15_000, cap: 60_000 },
  offlineAfter: 30_000,
};

/** What a transition may look at beside state and signal. */
export interface Surroundings {
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
  reason: null,
  behind: 0,
  networkDown: false,
  lastId: 0,
};

type Transition<T extends SignalType> = (
  state: ConnectionState,
  signal: Extract<Signal, { type: T }>,
  around: Surroundings,
) => ConnectionState;

/** Returns the same object when nothing changes. */
export function next(state: ConnectionState, signal: Signal, surroundings: Surroundings): ConnectionState {
  const transition = table[state.status][signal.type] as Transition<SignalType>;
  return transition(state, signal, surroundings);
}

// --- transitions -------------------------------------------------------------------------------------------------------

const ignore = (state: ConnectionState) => state;

const begin = (state: ConnectionState, _: unknown, { now }: Surroundings) =>
  dial({ ...initialState, lastId: state.lastId, networkDown: state.networkDown, status: "connecting", downSince: now }, "websocket");

const end = (state: ConnectionState) => ({ ...initialState, lastId: state.lastId, networkDown: state.networkDown });

const lockOut = (state: ConnectionState, { reason }: { reason: string }) => ({ ...end(state), status: "unauthorized" as const, reason });

/** The attempt succeeded: it carries from now on; what carried before is let go by the caller. */
const adopt = (state: ConnectionState, { id }: { id: number }, { now, random, rules }: Surroundings): ConnectionState => {
  const link = state.dial;
  if (link?.id !== id) return state;
  const best = link.rung === "websocket";
  return {
    ...state,
    status: statusOver(link.rung),
    dial: null,
    carrier: link,
    attempt: 0,
    wakeAt: best ? null : now + probeWait(0, random, rules),
    downSince: null,
    reason: best ? null : state.reason,
    behind: 0,
  };
};

/** With nothing to carry events: one rung down, or wait for the next round. */
const descend = (state: ConnectionState, { id, reason }: { id: number; reason: string }, around: Surroundings): ConnectionState => {
  if (state.dial?.id !== id) return state;
  const lower = below(state.dial.rung);
  if (lower !== undefined) return dial({ ...state, reason }, lower);
  const { now, random, rules } = around;
  return grounded(
    { ...state, dial: null, reason, attempt: state.attempt + 1, wakeAt: now + fullJitter(state.attempt, random, rules.retry) },
    around,
  );
};

/** A probe failed while something lesser carries: try what still lies above that, or probe again later. */
const keepRung = (state: ConnectionState, { id, reason }: { id: number; reason: string }, { now, random, rules }: Surroundings) => {
  if (state.dial?.id !== id || state.carrier === null) return state;
  const lower = below(state.dial.rung);
  if (lower !== undefined && lower !== state.carrier.rung) return dial({ ...state, reason }, lower);
  const attempt = state.attempt + 1;
  return { ...state, dial: null, reason, attempt, wakeAt: now + probeWait(attempt, random, rules) };
};

/** The link that carried is gone. The first attempt on its rung comes soon, or when the server said. */
const lose = (state: ConnectionState, signal: Extract<Signal, { type: "dropped" }>, around: Surroundings): ConnectionState => {
  if (state.carrier?.id !== signal.id) return state;
  const { now, random, rules } = around;
  const lost = { ...state, carrier: null, behind: 0, attempt: 0, downSince: now, reason: signal.reason };
  if (state.dial !== null) return grounded({ ...lost, wakeAt: null }, around);
  return grounded({ ...lost, wakeAt: now + (signal.delay ?? fullJitter(0, random, rules.retry)) }, around);
};

const fallBehind = (state: ConnectionState, { id, count }: { id: number; count: number }): ConnectionState =>
  state.carrier?.id !== id || (state.status === "catching_up" && state.behind === count)
    ? state
    : { ...state, status: "catching_up", behind: count };

const catchUp = (state: ConnectionState, { id }: { id: number }): ConnectionState =>
  state.carrier?.id === id && state.status === "catching_up" ? { ...state, status: statusOver(state.carrier.rung), behind: 0 } : state;

/** Time for another round from the top; one under way goes on. */
const retry = (state: ConnectionState): ConnectionState => (state.dial === null ? dial(state, "websocket") : state);

/** Time to look for a better rung. */
const probe = (state: ConnectionState): ConnectionState =>
  state.dial === null && state.carrier !== null && state.carrier.rung !== "websocket" ? dial(state, "websocket") : state;

const noteDown = (state: ConnectionState): ConnectionState => (state.networkDown ? state : { ...state, networkDown: true });

const groundedDown = (state: ConnectionState, _: unknown, around: Surroundings) => grounded(noteDown(state), around);

const noteUp = (state: ConnectionState): ConnectionState => (state.networkDown ? { ...state, networkDown: false } : state);

const retryUp = (state: ConnectionState, _: unknown, around: Surroundings) => grounded(retry(noteUp(state)), around);

const probeUp = (state: ConnectionState): ConnectionState => probe(noteUp(state));

// --- the table ---------------------------------------------------------------------------------------------------------

type Row = { readonly [T in SignalType]: Transition<T> };

/** No carrier: looking for one. */
const searching: Row = {
  start: ignore,
  stop: end,
  opened: adopt,
  failed: descend,
  dropped: ignore,
  behind: ignore,
  caught_up: ignore,
  due: retry,
  nudge: retry,
  network_down: groundedDown,
  network_up: retryUp,
  unauthorized: lockOut,
  signed_in: ignore,
};

/** A carrier: events flow. */
const carried: Row = {
  ...searching,
  opened: adopt,
  failed: keepRung,
  dropped: lose,
  behind: fallBehind,
  caught_up: catchUp,
  due: probe,
  nudge: probe,
  network_down: noteDown,
  network_up: probeUp,
};

/** Nothing is wanted. */
const resting: Row = {
  start: begin,
  stop: ignore,
  opened: ignore,
  failed: ignore,
  dropped: ignore,
  behind: ignore,
  caught_up: ignore,
  due: ignore,
  nudge: ignore,
  network_down: noteDown,
  network_up: noteUp,
  unauthorized: lockOut,
  signed_in: ignore,
};

export const table: Readonly<Record<Status, Row>> = {
  idle: resting,
  connecting: searching,
  live: { ...carried, opened: ignore, failed: ignore, due: ignore, nudge: ignore, network_up: noteUp },
  catching_up: carried,
  degraded: carried,
  rest: carried,
  reconnecting: searching,
  offline: searching,
  unauthorized: { ...resting, start: ignore, stop: end, unauthorized: ignore, signed_in: begin },
};

// --- small things ------------------------------------------------------------------------------------------------------

function dial(state: ConnectionState, rung: Rung): ConnectionState {
  const id = state.lastId + 1;
  return { ...state, lastId: id, dial: { id, rung }, wakeAt: null };
}

/** The status of a state without a carrier. */
function grounded(state: ConnectionState, { now, rules }: Surroundings): ConnectionState {
  const offline = state.networkDown || (state.downSince !== null && now - state.downSince >= rules.offlineAfter);
  const status = offline ? "offline" : state.status === "connecting" ? "connecting" : "reconnecting";
  return status === state.status ? state : { ...state, status };
}

function statusOver(rung: Rung): Status {
  switch (rung) {
    case "websocket":
      return "live";
    case "polling":
      return "degraded";
    case "rest":
      return "rest";
  }
}

function below(rung: Rung): Rung | undefined {
  switch (rung) {
    case "websocket":
      return "polling";
    case "polling":
      return "rest";
    case "rest":
      return undefined;
  }
}

function probeWait(attempt: number, random: number, rules: Rules): number {
  return around(Math.min(rules.probe.cap, rules.probe.base * 2 ** Math.min(attempt, 20)), random);
}
