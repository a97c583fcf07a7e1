"use client";

import { isType, type AgentMessage } from "@heliograph/client";
import { useEffect, useState } from "react";
import { newerThan } from "./lists.js";
import { keys } from "./live-cache.js";
import { none, stateOf, useLiveQuery, type ListState } from "./live-query.js";
import { grown, replaced, withPiece, type Pieces } from "./message-pieces.js";
import { useLive } from "./provider.js";

export interface AgentMessagesState extends ListState {
  /** Oldest first, without gaps; 600 at most. */
  readonly messages: readonly AgentMessage[];
  /** Whether there are messages before these. */
  readonly hasMore: boolean;
  /**
   * Fetches up to 200 messages before these; rejects when that fails. Without effect when there are none, or they are on their way. Where
   * there are too many then, the newest are given up, and `newer` counts them.
   */
  readonly loadMore: () => Promise<void>;
  readonly isLoadingMore: boolean;
  /** Messages behind the last one that are not held; 0 while the list follows the agent. */
  readonly newer: number;
  /** Fetches the newest messages in the place of these, when `newer` is not 0. Never rejects: `error` says why it failed. */
  readonly loadNewest: () => Promise<void>;
}

export interface AgentMessagesOptions {
  /** Keeps the messages that are there: a full list takes no new ones. Otherwise the oldest make room, and can be loaded again. */
  readonly hold?: boolean;
}

/**
 * An agent's messages: the newest 200, those that it writes from then on, and 200 earlier ones with each `loadMore`. While one streams, its
 * text grows piece by piece.
 */
export function useAgentMessages(agentId: string, { hold = false }: AgentMessagesOptions = {}): AgentMessagesState {
  const { cache } = useLive();
  // Before the query, so that the agent is watched when the fetch begins.
  const pieces = usePieces(agentId);
  useEffect(() => (hold ? cache.holdMessages(agentId) : undefined), [cache, agentId, hold]);
  // Not cached after unmount: without the subscription it would become stale.
  const query = useLiveQuery(keys.messages(agentId), ({ signal }) => cache.fetchMessages(agentId, signal), 0);
  const { isLoadingMore, track } = useTracked(agentId);
  const list = query.data;
  return {
    messages: (list?.rows ?? none).map((message) => grown(message, pieces.get(message.id))),
    hasMore: list?.more !== undefined,
    loadMore: () => track(cache.fetchEarlierMessages(agentId)),
    isLoadingMore,
    newer: list === undefined ? 0 : newerThan(list),
    loadNewest: async () => {
      if (list !== undefined && newerThan(list) > 0) await query.refetch();
    },
    ...stateOf(query),
  };
}

/** Watches the agent. The pieces of its messages that are not in a durable text yet, by the message's id. */
function usePieces(agentId: string): ReadonlyMap<string, Pieces> {
  const { client } = useLive();
  const [pieces, setPieces] = useState<ReadonlyMap<string, Pieces>>(new Map());
  useEffect(() => {
    const unwatch = client.watchAgent(agentId);
    const unsubscribeDeltas = client.onDelta((delta) => {
      if (delta.agentId === agentId) setPieces((known) => new Map(known).set(delta.messageId, withPiece(known.get(delta.messageId), delta)));
    });
    // What is durable has the pieces that came before it. Heard by `onAny`, which does not ask for the messages of all agents.
    const unsubscribeMessages = client.onAny((event) => {
      if (!isType(event, "agent:message")) return;
      const { id, deltaRev, state } = event.data.message;
      setPieces((known) => {
        const pieces = known.get(id);
        if (pieces === undefined) return known;
        const next = new Map(known);
        if (state === "final") next.delete(id);
        else next.set(id, replaced(pieces, deltaRev));
        return next;
      });
    });
    return () => {
      unsubscribeDeltas();
      unsubscribeMessages();
      unwatch();
      setPieces(new Map());
    };
  }, [client, agentId]);
  return pieces;
}

/** Whether the newest fetch of earlier messages of an agent is on its way. */
function useTracked(agentId: string): { readonly isLoadingMore: boolean; readonly track: (fetching: Promise<void>) => Promise<void> } {
  const [running, setRunning] = useState<{ readonly agentId: string; readonly fetching: Promise<void> }>();
  const track = async (fetching: Promise<void>) => {
    setRunning({ agentId, fetching });
    await fetching.finally(() => setRunning((known) => (known?.fetching === fetching ? undefined : known)));
  };
  return { isLoadingMore: running?.agentId === agentId, track };
}
