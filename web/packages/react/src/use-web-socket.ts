"use client";

import type { ConnectionSnapshot, HeliographClient } from "@heliograph/client";
import { useSyncExternalStore } from "react";
import { useLive } from "./provider.js";

export interface WebSocketControls {
  readonly connection: ConnectionSnapshot;
  readonly client: HeliographClient;
  /** Tries at once instead of waiting. */
  readonly retryNow: () => void;
}

/** The connection's state and what can be done about it. */
export function useWebSocket(): WebSocketControls {
  const { client } = useLive();
  const connection = useSyncExternalStore(client.subscribe, client.getState, client.getState);
  return { connection, client, retryNow: () => client.retryNow() };
}
