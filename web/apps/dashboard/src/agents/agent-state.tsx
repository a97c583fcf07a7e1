import type { AgentStatus } from "@heliograph/client";
import { IconAlertTriangle, IconHandStop, IconMoonStars, IconPlayerPlay, IconPlugConnectedX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTexts } from "../shared/language.js";
import { agentsTexts } from "./texts.js";
import styles from "./agent-state.module.css";

const icons = { working: IconPlayerPlay, waiting_approval: IconHandStop, idle: IconMoonStars, error: IconAlertTriangle, offline: IconPlugConnectedX } as const;

/** The status of an agent. Icon, word and colour carry the same information. */
export function AgentState({ status }: { readonly status: AgentStatus }): ReactNode {
  const { states } = useTexts(agentsTexts);
  const Icon = icons[status];
  return (
    <span className={styles.state} data-status={status}>
      <Icon size={14} stroke={2} aria-hidden />
      {states[status]}
    </span>
  );
}
