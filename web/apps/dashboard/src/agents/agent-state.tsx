import type { AgentStatus } from "@heliograph/client";
import { IconAlertTriangle, IconHandStop, IconMoonStars, IconPlayerPlay, IconPlugConnectedX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import styles from "./agent-state.module.css";

const states = {
  working: { label: "Working", icon: IconPlayerPlay },
  waiting_approval: { label: "Waiting for approval", icon: IconHandStop },
  idle: { label: "Idle", icon: IconMoonStars },
  error: { label: "Error", icon: IconAlertTriangle },
  offline: { label: "Offline", icon: IconPlugConnectedX },
} as const;

/** The status of an agent. Icon, word and colour carry the same information. */
export function AgentState({ status }: { readonly status: AgentStatus }): ReactNode {
  const { label, icon: Icon } = states[status];
  return (
    <span className={styles.state} data-status={status}>
      <Icon size={14} stroke={2} aria-hidden />
      {label}
    </span>
  );
}
