"use client";

import type { Approval, Decision } from "@heliograph/client";
import { useSyncExternalStore } from "react";
import type { DecisionState } from "./live-cache.js";
import { useLive } from "./provider.js";

export interface DecisionControls {
  /** The state of the latest decision made here; undefined when there is none, or when it is stored. */
  readonly state: DecisionState | undefined;
  /** Sends a decision on exactly what `approval` shows; resolves to the stored approval, or to undefined when `state` says why not. */
  readonly decide: (approval: Approval, decision: Omit<Decision, "digest">) => Promise<Approval | undefined>;
  /** Forgets a decision that failed or was overtaken. */
  readonly dismiss: () => void;
}

/** Decides on one approval. */
export function useDecision(approvalId: string): DecisionControls {
  const { cache } = useLive();
  const read = () => cache.decisions.getState().get(approvalId);
  const state = useSyncExternalStore(cache.decisions.subscribe, read, read);
  return {
    state,
    decide: (approval, decision) => cache.decide(approval, { ...decision, digest: approval.action.digest }),
    dismiss: () => cache.dismiss(approvalId),
  };
}
