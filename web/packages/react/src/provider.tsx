"use client";

import type { HeliographClient } from "@heliograph/client";
import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useMemo, type ReactNode } from "react";
import { LiveCache } from "./live-cache.js";

interface Live {
  readonly client: HeliographClient;
  readonly cache: LiveCache;
}

const LiveContext = createContext<Live | null>(null);

/**
 * Gives the hooks below it a client, holds the connection open while it is mounted, and joins the client's events to the lists in the
 * nearest QueryClient.
 */
export function WebSocketProvider({ client, children }: { readonly client: HeliographClient; readonly children?: ReactNode }): ReactNode {
  const queries = useQueryClient();
  const live = useMemo(() => ({ client, cache: new LiveCache(client, queries) }), [client, queries]);
  useEffect(() => {
    const detach = live.cache.attach();
    const disconnect = live.client.connect();
    return () => {
      disconnect();
      detach();
    };
  }, [live]);
  return <LiveContext.Provider value={live}>{children}</LiveContext.Provider>;
}

/** For the hooks of this package. */
export function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === null) throw new Error("Heliograph's hooks work below a <WebSocketProvider client={…}>");
  return live;
}
