"use client";

import type { PresentMember } from "@heliograph/client";
import { useEffect, useSyncExternalStore } from "react";
import { useLive } from "./provider.js";

export interface PresenceView {
  /** Who is online, this member included; empty while that is not known. */
  readonly members: readonly PresentMember[];
  /** More members are online than are listed. */
  readonly truncated: boolean;
  /** The members without this one. */
  readonly others: readonly PresentMember[];
  /** Of the others, those who look at an approval. */
  readonly lookingAt: (approvalId: string) => readonly PresentMember[];
}

/** Who is online in the workspace, and who looks at what. */
export function usePresence(): PresenceView {
  const { client } = useLive();
  const { members, truncated, me } = useSyncExternalStore(client.presence.subscribe, client.presence.getState, client.presence.getState);
  const others = members.filter(({ id }) => id !== me);
  return { members, truncated, others, lookingAt: (approvalId) => others.filter((member) => member.approvalId === approvalId) };
}

/** Shows the other members that this page shows the approval, while it is mounted and the page is visible. Null shows none. */
export function useLooking(approvalId: string | null): void {
  const { client } = useLive();
  useEffect(() => {
    client.setPresence(approvalId);
    return () => client.setPresence(null);
  }, [client, approvalId]);
}
