import { Skeleton } from "@mantine/core";
import type { Agent, AgentCounts, AgentStatus } from "@heliograph/client";
import type { ListState } from "@heliograph/react";
import type { ReactNode } from "react";
import { AgentState } from "../agents/agent-state.js";
import { useFormats } from "../shared/formats.js";
import { useTexts } from "../shared/language.js";
import { NotLoaded, Panel } from "./panel.js";
import { overviewTexts } from "./texts.js";
import styles from "./overview.module.css";

type AgentList = ListState & { readonly agents: readonly Agent[]; readonly counts: AgentCounts | undefined };

const order: readonly AgentStatus[] = ["working", "waiting_approval", "idle", "error", "offline"];

/** How many agents are in each state. */
export function AgentsPanel({ list }: { readonly list: AgentList }): ReactNode {
  const texts = useTexts(overviewTexts);
  return (
    <Panel title={texts.agents.title} part={texts.parts.agents} more={{ href: "/agents", text: texts.agents.open }}>
      <States list={list} />
    </Panel>
  );
}

function States({ list: { agents, counts, error, refetch } }: { readonly list: AgentList }): ReactNode {
  const texts = useTexts(overviewTexts);
  const { number } = useFormats();
  if (counts === undefined) {
    if (error !== null) return <NotLoaded part={texts.parts.agents} error={error} onRetry={refetch} />;
    return <Skeleton height={60} radius="md" role="status" aria-label={texts.loading} />;
  }
  if (agents.length === 0) return <p className={styles.quiet}>{texts.agents.none}</p>;
  return (
    <ul className={styles.states}>
      {order.map((status) => (
        <li key={status} data-status={status}>
          <AgentState status={status} />
          <span>{number(counts[status] ?? 0)}</span>
        </li>
      ))}
    </ul>
  );
}
