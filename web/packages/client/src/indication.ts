import { UNSTABLE } from "./machine.js";
import type { ConnectionSnapshot } from "./snapshot.js";

/**
 * What a connection is shown as; stable, for code and for texts in other languages. `unstable`: WebSocket is open and may close again soon.
 * `polling` and `rest`: changes arrive without WebSocket.
 */
export type IndicationKind = "live" | "unstable" | "polling" | "rest" | "catching_up" | "connecting" | "reconnecting" | "offline" | "unauthorized";

/** The texts of a language for {@link indicate}. */
export interface IndicationTexts {
  readonly labels: Readonly<Record<Exclude<IndicationKind, "catching_up">, string>> & {
    /** `events`: how many missed events have been applied so far. */
    readonly catching_up: (events: number) => string;
  };
  /** Why, in a sentence. `reason` is the snapshot's, in English; null when it has none. */
  readonly hints: Readonly<Record<IndicationKind, (reason: string | null) => string>>;
}

/** How a connection is shown to a person. The label carries the information; tone and icon repeat it. */
export interface Indication {
  readonly kind: IndicationKind;
  readonly label: string;
  readonly tone: "good" | "slow" | "busy" | "bad";
  /** Why, in a sentence; for a tooltip. */
  readonly hint: string;
  /** Which banner to show above the page: stale data, or no decisions. */
  readonly banner: "stale" | "offline" | "sign_in" | null;
  /** Whether decisions may be sent; they are never queued. */
  readonly canWrite: boolean;
}

/** A drop shorter than this is not shown, unless several followed one another. */
export const GRACE = 2_000;
/** A drop longer than this gets a banner with the data's age. */
export const STALE = 15_000;
/** A replay of fewer events than this is not shown. */
const BATCH_SHOWN = 10;

/** The texts in English. */
export const indicationTexts: IndicationTexts = {
  labels: {
    live: "Live",
    unstable: "Live (slow)",
    polling: "Live (slow)",
    rest: "Live (slow)",
    catching_up: (events) => `Catching up (${events})`,
    connecting: "Connecting…",
    reconnecting: "Reconnecting…",
    offline: "Offline",
    unauthorized: "Sign in again",
  },
  hints: {
    live: () => "Changes arrive over WebSocket.",
    unstable: (reason) => `WebSocket is open again, and may not stay open (${reason ?? "it closed before"}).`,
    polling: (reason) => `Changes arrive over HTTP long-polling: ${noWebSocket(reason)}`,
    rest: (reason) => `Changes are fetched over plain HTTP: ${noWebSocket(reason)}`,
    catching_up: () => "Missed events are being applied.",
    connecting: (reason) => reason ?? "Opening the connection.",
    reconnecting: (reason) => reason ?? "The connection was lost.",
    offline: (reason) => reason ?? "There is no network.",
    unauthorized: (reason) => reason ?? "The session has ended.",
  },
};

function noWebSocket(reason: string | null): string {
  return `WebSocket is not available here${reason === null ? "" : ` (${reason})`}.`;
}

/** Pure. `now` is this machine's clock, in epoch milliseconds. */
export function indicate(snapshot: ConnectionSnapshot, now: number, texts: IndicationTexts = indicationTexts): Indication {
  const kind = kindOf(snapshot, now);
  const label = kind === "catching_up" ? texts.labels.catching_up(snapshot.behind) : texts.labels[kind];
  const hint = texts.hints[kind](snapshot.reason);
  switch (kind) {
    case "live":
      return { kind, label, hint, tone: "good", banner: null, canWrite: true };
    case "unstable":
    case "polling":
    case "rest":
      return { kind, label, hint, tone: "slow", banner: null, canWrite: true };
    case "catching_up":
      return { kind, label, hint, tone: "busy", banner: null, canWrite: true };
    case "connecting":
    case "reconnecting":
      return { kind, label, hint, tone: "busy", banner: age(snapshot, now) >= STALE ? "stale" : null, canWrite: true };
    case "offline":
      return { kind, label, hint, tone: "bad", banner: "offline", canWrite: false };
    case "unauthorized":
      return { kind, label, hint, tone: "bad", banner: "sign_in", canWrite: false };
  }
}

function kindOf(snapshot: ConnectionSnapshot, now: number): IndicationKind {
  switch (snapshot.status) {
    case "catching_up":
      if (snapshot.behind >= BATCH_SHOWN) return "catching_up";
      return snapshot.transport === "websocket" && !unstable(snapshot) ? "live" : slowKind(snapshot);
    case "degraded":
    case "rest":
      return slowKind(snapshot);
    case "idle":
      return "connecting";
    case "reconnecting":
      return age(snapshot, now) < GRACE && !unstable(snapshot) ? "live" : "reconnecting";
    case "live":
    case "connecting":
    case "offline":
    case "unauthorized":
      return snapshot.status;
  }
}

function slowKind({ transport }: ConnectionSnapshot): IndicationKind {
  if (transport === "websocket") return "unstable";
  return transport === "rest" ? "rest" : "polling";
}

/** When the indication can change by time alone; null when only a new snapshot changes it. */
export function nextChangeAt(snapshot: ConnectionSnapshot, now: number): number | null {
  if (snapshot.downSince === null || (snapshot.status !== "reconnecting" && snapshot.status !== "connecting")) return null;
  const down = now - snapshot.downSince;
  if (down < GRACE) return snapshot.downSince + GRACE;
  return down < STALE ? snapshot.downSince + STALE : null;
}

function unstable(snapshot: ConnectionSnapshot): boolean {
  return snapshot.shortLived >= UNSTABLE;
}

function age(snapshot: ConnectionSnapshot, now: number): number {
  return snapshot.downSince === null ? 0 : now - snapshot.downSince;
}
