import { Button, Skeleton } from "@mantine/core";
import type { Agent, AgentCounts, AgentStatus } from "@heliograph/client";
import { useAgents } from "@heliograph/react";
import { IconFilterOff, IconRobot } from "@tabler/icons-react";
import { memo, useMemo, type ReactNode } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { AgentText } from "../shared/agent-text.js";
import { Empty } from "../shared/empty.js";
import { useTexts } from "../shared/language.js";
import { Views } from "../views/views.js";
import { LastSeen } from "./last-seen.js";
import { AgentState } from "./agent-state.js";
import { AgentsFilters } from "./agents-filters.js";
import { agentsSearchOf, agentStates, agentsViewOf, allAgents, isNamed, type AgentsView } from "./agents-view.js";
import { agentsTexts } from "./texts.js";
import styles from "./agents-page.module.css";

/** The agents and their status: all, or those that the address chooses. */
export function AgentsPage(): ReactNode {
  const texts = useTexts(agentsTexts);
  const { agents, counts, isLoading, error, refetch } = useAgents();
  const search = useSearch();
  const [, navigate] = useLocation();
  const view = useMemo(() => agentsViewOf(search), [search]);
  const change = (next: AgentsView) => navigate(`/agents${agentsSearchOf(next)}`);
  const shown = agents.filter((agent) => isNamed(agent, view.name) && (view.states.length === 0 || view.states.includes(agent.status)));
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>{texts.title}</h1>
        {counts !== undefined && <span>{countsText(counts, texts.counts)}</span>}
        <Views screen="agents" search={agentsSearchOf(view)} hrefOf={(query) => `/agents${agentsSearchOf(agentsViewOf(query))}`} />
      </header>
      {agents.length > 0 && (
        <AgentsFilters
          agents={agents}
          shown={shown.length}
          view={view}
          change={change}
          find={(name) => navigate(`/agents${agentsSearchOf({ ...view, name })}`, { replace: true })}
        />
      )}
      {shown.length > 0 && (
        <ul className={styles.grid}>
          {shown.map((agent) => (
            <AgentCard key={agent.id} agent={agent} />
          ))}
        </ul>
      )}
      {agents.length > 0 && shown.length === 0 && (
        <Empty icon={<IconFilterOff size={28} stroke={1.6} />} title={texts.noneMatch}>
          <Button mt="sm" size="compact-md" variant="light" onClick={() => change(allAgents)}>
            {texts.clearFilters}
          </Button>
        </Empty>
      )}
      {agents.length === 0 && isLoading && (
        <div className={styles.grid} role="status" aria-label={texts.loading}>
          {[0, 1, 2].map((card) => (
            <Skeleton key={card} height={150} radius="lg" />
          ))}
        </div>
      )}
      {agents.length === 0 && !isLoading && error === null && (
        <Empty icon={<IconRobot size={28} stroke={1.5} />} title={texts.none}>
          {texts.noneText}
        </Empty>
      )}
      {error !== null && agents.length === 0 && (
        <Empty title={texts.notLoaded}>
          <p>{error.message}</p>
          <Button mt="sm" size="compact-md" variant="light" onClick={refetch}>
            {texts.reload}
          </Button>
        </Empty>
      )}
    </div>
  );
}

const AgentCard = memo(function AgentCard({ agent }: { readonly agent: Agent }): ReactNode {
  const texts = useTexts(agentsTexts);
  return (
    <li>
      <Link href={`/agents/${encodeURIComponent(agent.id)}`} className={styles.card} data-testid="agent-row" data-agent-id={agent.id} data-status={agent.status}>
        <span className={styles.top}>
          <span className={styles.name}>
            <AgentText text={agent.name} kind="name" />
          </span>
          <AgentState status={agent.status} />
        </span>
        <span className={styles.task}>
          <AgentText text={agent.error ?? agent.currentTask ?? agent.statusText ?? texts.nothingReported} kind="line" />
        </span>
        <span className={styles.foot}>
          {agent.kind !== undefined && (
            <span>
              <AgentText text={agent.kind} kind="name" />
            </span>
          )}
          <LastSeen agent={agent} />
          {agent.pendingApprovals > 0 && <span className={styles.pending}>{texts.pending(agent.pendingApprovals)}</span>}
        </span>
      </Link>
    </li>
  );
});

/** Such as `3 working, 1 waiting`. */
export function countsText(counts: AgentCounts, texts: Readonly<Record<AgentStatus, (count: number) => string>>): string {
  return agentStates.flatMap((status) => ((counts[status] ?? 0) > 0 ? [texts[status](counts[status] ?? 0)] : [])).join(", ");
}
