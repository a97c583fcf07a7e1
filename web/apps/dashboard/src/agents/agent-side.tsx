import type { Agent } from "@heliograph/client";
import { useApprovals, type ApprovalsState } from "@heliograph/react";
import { IconChevronDown } from "@tabler/icons-react";
import { useId, useState, type ReactNode } from "react";
import { Link } from "wouter";
import { ApprovalRow } from "../approvals/approval-row.js";
import { Countdown } from "../approvals/countdown.js";
import { useTexts } from "../shared/language.js";
import { AgentDecisions } from "./agent-decisions.js";
import { AgentFacts } from "./agent-facts.js";
import { agentsTexts } from "./texts.js";
import styles from "./agent-side.module.css";

interface AgentSideProps {
  readonly id: string;
  /** Undefined while it is not known. */
  readonly agent: Agent | undefined;
}

/** Beside the log: the requests of an agent that wait, the first to expire first, what became of the others, and its facts. On a narrow screen one line opens them. */
export function AgentSide({ id, agent }: AgentSideProps): ReactNode {
  const texts = useTexts(agentsTexts);
  const waiting = useApprovals({ status: "pending", agentId: id, sort: "expiresAt" });
  const [open, setOpen] = useState(false);
  const panel = useId();
  const factsTitle = useId();
  const [next] = waiting.approvals;
  return (
    <div className={styles.side}>
      <button type="button" className={styles.summary} aria-expanded={open} aria-controls={panel} onClick={() => setOpen(!open)} data-testid="agent-summary">
        <span>{texts.requestsWait(waiting.approvals.length, waiting.hasMore)}</span>
        {next !== undefined && <Countdown approval={next} />}
        <IconChevronDown size={16} stroke={2} aria-hidden className={styles.chevron} />
      </button>
      <div id={panel} className={styles.panel} data-open={open}>
        <Requests agentId={id} waiting={waiting} />
        <AgentDecisions agentId={id} />
        {agent !== undefined && (
          <section aria-labelledby={factsTitle}>
            <h2 id={factsTitle}>{texts.facts.title}</h2>
            <AgentFacts agent={agent} />
          </section>
        )}
      </div>
    </div>
  );
}

function Requests({ agentId, waiting }: { readonly agentId: string; readonly waiting: ApprovalsState }): ReactNode {
  const texts = useTexts(agentsTexts);
  const title = useId();
  const { approvals, error, isLoading, refetch } = waiting;
  return (
    <section aria-labelledby={title}>
      <h2 id={title}>{texts.requests}</h2>
      {approvals.length > 0 && (
        <ul className={styles.waiting} aria-labelledby={title}>
          {approvals.map((approval) => (
            <ApprovalRow key={approval.id} approval={approval} href={`/approvals/${approval.id}`} open={false} />
          ))}
        </ul>
      )}
      {approvals.length === 0 && !isLoading && error === null && <p className={styles.none}>{texts.requestsWait(0, false)}</p>}
      {error !== null && (
        <p className={styles.none}>
          {texts.requestsNotLoaded}{" "}
          <button type="button" className={styles.reload} onClick={refetch}>
            {texts.reload}
          </button>
        </p>
      )}
      <Link href={`/approvals?tab=all&agentId=${encodeURIComponent(agentId)}`} className={styles.all}>
        {texts.allRequests}
      </Link>
    </section>
  );
}
