import type { AgentMessage } from "@heliograph/client";
import { useAgentMessages, type AgentMessagesState } from "@heliograph/react";
import { useEffect, useEffectEvent, useMemo, useState } from "react";
import { useLocation, useSearch } from "wouter";
import { isInView, isNarrowed, logSearchOf, logViewOf, type LogView } from "./log-view.js";
import { useFollow, type Follow } from "./use-follow.js";

/** With fewer messages that match, earlier ones are looked through. */
const ENOUGH = 20;
/** So many are looked through before the reader has to ask: with another page the newest could be given up. */
const LOOKED_THROUGH = 400;

export interface Transcript {
  readonly log: AgentMessagesState;
  /** The messages that the view wants. */
  readonly shown: readonly AgentMessage[];
  readonly view: LogView;
  /** Shows another view; Back returns. */
  readonly change: (view: LogView) => void;
  readonly follow: Follow;
  /** New messages since the reader left the end; 0 there. */
  readonly unseen: number;
  readonly loadEarlier: () => void;
  /** Whether the last page of earlier messages could not be loaded. */
  readonly failed: boolean;
  /** Shows the newest message. */
  readonly toLatest: () => void;
}

/** The log of an agent as its page shows it. */
export function useTranscript(agentId: string): Transcript {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const view = useMemo(() => logViewOf(search), [search]);
  const follow = useFollow();
  const log = useAgentMessages(agentId, { hold: !follow.following });
  const shown = log.messages.filter((message) => isInView(message, view));
  const { loadEarlier, failed } = useEarlier(log);
  useLookThrough(log, isNarrowed(view) && shown.length < ENOUGH && !failed, loadEarlier);
  return {
    log,
    shown,
    view,
    change: (next) => navigate(path + logSearchOf(next)),
    follow,
    unseen: useUnseen(log, shown, follow.following),
    loadEarlier,
    failed,
    toLatest: () => {
      follow.toEnd();
      void log.loadNewest();
    },
  };
}

function useEarlier(log: AgentMessagesState): Pick<Transcript, "loadEarlier" | "failed"> {
  const [failed, setFailed] = useState(false);
  const loadEarlier = () => {
    if (!log.hasMore || log.isLoadingMore) return;
    setFailed(false);
    log.loadMore().catch(() => setFailed(true));
  };
  return { loadEarlier, failed };
}

/** Loads earlier messages while too few match. */
function useLookThrough({ hasMore, isLoadingMore, messages }: AgentMessagesState, tooFew: boolean, loadEarlier: () => void): void {
  const load = useEffectEvent(loadEarlier);
  const wanted = tooFew && hasMore && !isLoadingMore && messages.length <= LOOKED_THROUGH;
  useEffect(() => {
    if (wanted) load();
  }, [wanted, messages.length]);
}

function useUnseen({ messages, newer }: AgentMessagesState, shown: readonly AgentMessage[], following: boolean): number {
  const last = messages.at(-1)?.seq ?? 0;
  const [seen, setSeen] = useState(last);
  if (following && seen !== last) setSeen(last);
  return following ? 0 : shown.filter(({ seq }) => seq > seen).length + newer;
}
