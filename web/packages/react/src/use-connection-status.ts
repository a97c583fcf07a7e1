"use client";

import { indicate, nextChangeAt, type ConnectionSnapshot, type Indication, type IndicationTexts } from "@heliograph/client";
import { useEffect, useState } from "react";
import { useWebSocket } from "./use-web-socket.js";

export interface ConnectionStatusView extends Indication {
  readonly connection: ConnectionSnapshot;
}

/** How to show the connection now, in English or in the words of `texts`. Re-renders when time alone changes it. */
export function useConnectionStatus(texts?: IndicationTexts): ConnectionStatusView {
  const { connection } = useWebSocket();
  const [now, setNow] = useState(() => Date.now());
  const shownAt = Math.max(now, connection.downSince ?? 0);
  useEffect(() => {
    // From what is shown: a connection may be found to have been down for a while already.
    const at = nextChangeAt(connection, shownAt);
    if (at === null) return undefined;
    const timer = setTimeout(() => setNow(Date.now()), Math.max(0, at - Date.now()) + 1);
    return () => clearTimeout(timer);
  }, [connection, shownAt]);
  return { ...indicate(connection, shownAt, texts), connection };
}

/** The time, renewed every `period` milliseconds while mounted; null keeps it still. */
export function useNow(period: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (period === null) return undefined;
    const timer = setInterval(() => setNow(Date.now()), period);
    return () => clearInterval(timer);
  }, [period]);
  return now;
}
