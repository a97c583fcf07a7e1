import type { Approval } from "@heliograph/client";
import { useDecision } from "@heliograph/react";
import { memo, type ReactNode } from "react";
import { Link } from "wouter";
import { useAgentName } from "../agents/use-agent-name.js";
import { AgentText } from "../shared/agent-text.js";
import { RiskTag } from "../shared/risk.js";
import { Ago } from "../shared/time.js";
import { Countdown } from "./countdown.js";
import { statusText } from "./resolution.js";
import styles from "./approval-row.module.css";

interface ApprovalRowProps {
  readonly approval: Approval;
  readonly open: boolean;
  /** Whether Tab stops here. */
  readonly tabbable?: boolean;
}

/** One request in the queue. */
export const ApprovalRow = memo(function ApprovalRow({ approval, open, tabbable = true }: ApprovalRowProps): ReactNode {
  const { state } = useDecision(approval.id);
  const agentName = useAgentName(approval.agentId);
  const pending = approval.status === "pending";
  return (
    <li>
      <Link
        href={`/approvals/${approval.id}`}
        className={styles.row}
        data-testid="approval-row"
        data-approval-id={approval.id}
        data-status={approval.status}
        data-open={open}
        tabIndex={tabbable ? 0 : -1}
        aria-current={open ? "true" : undefined}
      >
        <RiskTag risk={approval.risk} compact />
        <span className={styles.text}>
          <span className={styles.title}>
            <AgentText text={approval.title} kind="line" />
          </span>
          <span className={styles.line}>
            <span className={styles.agent}>
              <AgentText text={agentName} kind="name" />
            </span>
            <code className={styles.action}>
              <AgentText text={approval.action.name} kind="name" />
            </code>
          </span>
        </span>
        <span className={styles.side}>
          {state?.state === "sending" ? <span>Sending…</span> : pending ? <Countdown approval={approval} /> : <span data-done>{statusText(approval)}</span>}
          {pending && (
            <span className={styles.age}>
              <Ago at={approval.createdAt} />
            </span>
          )}
        </span>
      </Link>
    </li>
  );
});
