import { defaultRules, initialState, next, table, type ConnectionState, type Link, type Signal, type SignalType, type Status } from "../src/machine.js";

const first: Link = { id: 1, transport: "websocket" };
const over = (transport: Link["transport"]): Link => ({ id: 1, transport });
const probe: Link = { id: 2, transport: "websocket" };
const base: ConnectionState = { ...initialState, lastId: 2 };
const down = { downSince: 1_000, reason: "it broke" };

/** The states that the table of SPEC.md walks through: every status, with and without an attempt under way. */
export const states: readonly (readonly [name: string, state: ConnectionState])[] = [
  ["idle", base],
  ["connecting, trying", { ...base, ...down, status: "connecting", dial: { id: 1, transport: "websocket" } }],
  ["connecting, trying the last transport", { ...base, ...down, status: "connecting", dial: { id: 1, transport: "rest" } }],
  ["connecting, waiting", { ...base, ...down, status: "connecting", attempt: 1, wakeAt: 5_000 }],
  ["live", { ...base, status: "live", carrier: first }],
  ["catching_up over WebSocket", { ...base, status: "catching_up", carrier: first, behind: 3 }],
  ["catching_up over long-polling", { ...base, status: "catching_up", carrier: over("polling"), behind: 3, wakeAt: 9_000, reason: "blocked" }],
  ["degraded, waiting", { ...base, status: "degraded", carrier: over("polling"), wakeAt: 9_000, reason: "blocked" }],
  ["degraded, probing", { ...base, status: "degraded", carrier: over("polling"), dial: probe, reason: "blocked" }],
  ["degraded after short-lived WebSockets, probing", { ...base, status: "degraded", carrier: over("polling"), dial: probe, shortLived: 3, reason: "closed soon" }],
  ["degraded, WebSocket on trial", { ...base, status: "degraded", carrier: first, shortLived: 2, openedAt: 1_000, wakeAt: 9_000, reason: "closed soon" }],
  ["rest, waiting", { ...base, status: "rest", carrier: over("rest"), wakeAt: 9_000, reason: "blocked" }],
  ["rest, probing WebSocket", { ...base, status: "rest", carrier: over("rest"), dial: probe, reason: "blocked" }],
  ["rest, probing long-polling", { ...base, status: "rest", carrier: over("rest"), dial: { id: 2, transport: "polling" }, reason: "blocked" }],
  ["reconnecting, trying", { ...base, ...down, status: "reconnecting", dial: probe }],
  ["reconnecting, waiting", { ...base, ...down, status: "reconnecting", attempt: 1, wakeAt: 5_000 }],
  ["reconnecting, waiting after short-lived ones", { ...base, ...down, status: "reconnecting", shortLived: 3, wakeAt: 5_000 }],
  ["reconnecting, WebSocket silent", { ...base, ...down, status: "reconnecting", carrier: first }],
  ["reconnecting, long-polling silent", { ...base, ...down, status: "reconnecting", carrier: over("polling"), wakeAt: 9_000 }],
  ["offline, trying", { ...base, ...down, status: "offline", dial: probe, networkDown: true }],
  ["offline, waiting", { ...base, ...down, status: "offline", attempt: 4, wakeAt: 9_000, networkDown: true }],
  ["unauthorized", { ...base, status: "unauthorized", reason: "signed out" }],
];

export const signalTypes = Object.keys(table.idle) as readonly SignalType[];

/** The signal of a type as the state would get it: about its own attempt or its own carrier. */
export function signalFor(state: ConnectionState, type: SignalType): Signal {
  const dialled = state.dial?.id ?? 99;
  const carried = state.carrier?.id ?? 99;
  switch (type) {
    case "opened":
      return { type, id: dialled };
    case "failed":
      return { type, id: dialled, reason: "refused" };
    case "dropped":
      return { type, id: carried, reason: "transport close" };
    case "silent":
      return { type, id: carried, since: 2_000 };
    case "heard":
      return { type, id: carried };
    case "behind":
      return { type, id: carried, count: 7 };
    case "caught_up":
      return { type, id: carried };
    case "unauthorized":
      return { type, reason: "token_expired" };
    case "start":
    case "stop":
    case "due":
    case "retry_now":
    case "network_down":
    case "network_up":
    case "signed_in":
      return { type };
  }
}

/** What a cell of the table says: the next status and what it asks for; `·` when nothing changes. */
export function cell(state: ConnectionState, type: SignalType): string {
  const after = next(state, signalFor(state, type), { now: 3_000, random: 0.5, rules: defaultRules });
  if (after === state) return "·";
  const asks = [
    after.dial !== null && after.dial.id !== state.dial?.id ? `try ${after.dial.transport}` : undefined,
    after.wakeAt !== null && after.wakeAt !== state.wakeAt ? "wait" : undefined,
    state.carrier !== null && after.carrier === null ? "let go" : undefined,
    state.dial !== null && after.dial === null && after.carrier?.id !== state.dial.id && type !== "failed" ? "hang up" : undefined,
    after.carrier !== null && after.carrier.id !== state.carrier?.id ? `carry over ${after.carrier.transport}` : undefined,
  ].filter((ask) => ask !== undefined);
  return [after.status, ...asks].join("; ");
}

/** The table as Markdown, one row per state. */
export function renderTable(): string {
  const head = ["state", ...signalTypes];
  const rows = states.map(([name, state]) => [name, ...signalTypes.map((type) => cell(state, type))]);
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

export const statuses = Object.keys(table) as readonly Status[];
