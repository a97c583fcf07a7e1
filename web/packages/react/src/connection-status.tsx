"use client";

import type { ConnectionSnapshot } from "@heliograph/client";
import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { connectionStatusTexts, type ConnectionStatusTexts } from "./connection-status-texts.js";
import { copyText } from "./copy-text.js";
import { useConnectionStatus, useNow } from "./use-connection-status.js";
import { useWebSocket } from "./use-web-socket.js";

export interface ConnectionStatusProps {
  /** Called for "Sign in again". */
  readonly onSignIn?: () => void;
  readonly className?: string | undefined;
  /** English without it. */
  readonly texts?: ConnectionStatusTexts;
}

/**
 * Shows the connection status as a label with an icon, and details in a popover. Themed by the CSS variables of connection-status.css;
 * announces changes to screen readers.
 */
export function ConnectionStatus({ onSignIn, className, texts = connectionStatusTexts }: ConnectionStatusProps): ReactNode {
  const { label, tone, hint, connection } = useConnectionStatus(texts);
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return undefined;
    const close = (event: Event) => {
      if (event instanceof KeyboardEvent) {
        if (event.key !== "Escape") return;
        button.current?.focus();
      } else if (event.target instanceof Node && root.current?.contains(event.target) === true) return;
      setOpen(false);
    };
    document.addEventListener("keydown", close);
    document.addEventListener("pointerdown", close);
    return () => {
      document.removeEventListener("keydown", close);
      document.removeEventListener("pointerdown", close);
    };
  }, [open]);

  return (
    <div ref={root} className={["heliograph-status", className].filter(Boolean).join(" ")} data-tone={tone}>
      <button
        ref={button}
        type="button"
        className="heliograph-status-button"
        data-testid="connection-status"
        data-status={connection.status}
        title={hint}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-haspopup="dialog"
        onClick={() => setOpen(!open)}
      >
        <StatusIcon tone={tone} />
        <span className="heliograph-status-label">{label}</span>
      </button>
      <span className="heliograph-status-spoken" role="status" aria-live="polite">
        {texts.spoken(label)}
      </span>
      {open && <Details id={id} label={label} hint={hint} texts={texts} onSignIn={onSignIn} />}
    </div>
  );
}

interface DetailsProps {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly texts: ConnectionStatusTexts;
  readonly onSignIn: (() => void) | undefined;
}

function Details({ id, label, hint, texts, onSignIn }: DetailsProps): ReactNode {
  const { connection, client, retryNow } = useWebSocket();
  const now = useNow(1000);
  const [diagnostics, setDiagnostics] = useState<{ readonly text: string; readonly copied: boolean }>();
  useEffect(() => void client.measure(), [client]);
  const copy = () => {
    const text = JSON.stringify({ ...connection, at: new Date().toISOString(), page: location.pathname, browser: navigator.userAgent }, null, 2);
    void copyText(text).then((copied) => setDiagnostics({ text, copied }));
  };
  return (
    <div id={id} role="dialog" aria-label={texts.details} className="heliograph-status-details">
      <p className="heliograph-status-hint">
        <strong>{label}</strong>
        {hint}
      </p>
      <dl>
        {rowsOf(connection, now, texts).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="heliograph-status-actions">
        {connection.status === "unauthorized" && onSignIn !== undefined ? (
          <button type="button" onClick={onSignIn}>
            {texts.signIn}
          </button>
        ) : (
          <button type="button" onClick={retryNow} disabled={connection.nextRetryAt === null}>
            {texts.retryNow}
          </button>
        )}
        <button type="button" onClick={copy}>
          {diagnostics?.copied === true ? texts.copied : texts.copy}
        </button>
      </div>
      {diagnostics?.copied === false && (
        <label className="heliograph-status-diagnostics">
          {texts.copyByHand}
          <textarea readOnly value={diagnostics.text} ref={(field) => field?.select()} />
        </label>
      )}
    </div>
  );
}

function rowsOf(connection: ConnectionSnapshot, now: number, { rows: names, transports, roles, notMeasured, noEvent, underWay, roundTrip, ago, within }: ConnectionStatusTexts): [string, string][] {
  const rows: [string, string][] = [
    [names.transport, transports[connection.transport]],
    [names.roundTrip, connection.roundTripMs === null ? notMeasured : roundTrip(connection.roundTripMs)],
    [names.lastEvent, connection.lastEventAt === null ? noEvent : ago(now - connection.lastEventAt)],
    [names.thisTab, roles[connection.role](connection.tabs)],
  ];
  if (connection.attempt > 0) rows.push([names.failedAttempts, String(connection.attempt)]);
  if (connection.nextRetryAt !== null) rows.push([names.nextAttempt, within(Math.max(0, connection.nextRetryAt - now))]);
  else if (connection.trying) rows.push([names.nextAttempt, underWay]);
  return rows;
}

/** The shape differs with the tone, so that colour is not the only difference. */
function StatusIcon({ tone }: { tone: "good" | "slow" | "busy" | "bad" }): ReactNode {
  const paths = { good: "M3.5 8.5l3 3 6-7", slow: "M8 4v4l3 2", busy: "M8 2.5a5.5 5.5 0 1 1-5.5 5.5", bad: "M4.5 4.5l7 7m0-7l-7 7" };
  return (
    <svg className="heliograph-status-icon" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      {tone === "slow" && <circle cx="8" cy="8" r="6" />}
      <path d={paths[tone]} />
    </svg>
  );
}
