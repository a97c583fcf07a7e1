import { indicationTexts, type ConnectionSnapshot, type IndicationTexts } from "@heliograph/client";

/** All words of `ConnectionStatus`. Spans of time are in milliseconds. */
export interface ConnectionStatusTexts extends IndicationTexts {
  /** What a screen reader says when the label changes. */
  readonly spoken: (label: string) => string;
  /** Names the popover. */
  readonly details: string;
  /** Names of the rows in the popover. */
  readonly rows: Readonly<Record<"transport" | "roundTrip" | "lastEvent" | "thisTab" | "failedAttempts" | "nextAttempt", string>>;
  readonly transports: Readonly<Record<ConnectionSnapshot["transport"], string>>;
  /** What this tab does, of so many that share the connection. */
  readonly roles: Readonly<Record<ConnectionSnapshot["role"], (tabs: number) => string>>;
  readonly roundTrip: (milliseconds: number) => string;
  readonly notMeasured: string;
  readonly noEvent: string;
  readonly underWay: string;
  readonly ago: (span: number) => string;
  readonly within: (span: number) => string;
  readonly signIn: string;
  readonly retryNow: string;
  readonly copy: string;
  readonly copied: string;
  /** Above the text to copy, where the browser does not let the page do it. */
  readonly copyByHand: string;
}

/** The texts in English. */
export const connectionStatusTexts: ConnectionStatusTexts = {
  ...indicationTexts,
  spoken: (label) => `Connection: ${label}`,
  details: "Connection details",
  rows: {
    transport: "Transport",
    roundTrip: "Round trip",
    lastEvent: "Last event",
    thisTab: "This tab",
    failedAttempts: "Failed attempts",
    nextAttempt: "Next attempt",
  },
  transports: { websocket: "WebSocket", polling: "HTTP long-polling", rest: "HTTP requests", none: "none" },
  roles: {
    leader: (tabs) => (tabs === 1 ? "holds the connection" : `holds the connection of ${tabs} tabs`),
    follower: (tabs) => (tabs === 1 ? "uses the shared worker's connection" : `shares the connection, one of ${tabs} tabs`),
    solo: () => "has its own connection",
  },
  roundTrip: (milliseconds) => `${milliseconds} ms`,
  notMeasured: "not measured",
  noEvent: "none yet",
  underWay: "under way",
  ago: (span) => `${ageText(span)} ago`,
  within: (span) => `in ${ageText(span)}`,
  signIn: "Sign in",
  retryNow: "Retry now",
  copy: "Copy diagnostics",
  copied: "Copied",
  copyByHand: "The browser does not let this page copy. Copy the selected text:",
};

/** A span of time in words: `3 s`, `4 min`, `2 h`. `span` is in milliseconds. */
export function ageText(span: number): string {
  const seconds = Math.max(0, Math.round(span / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}
