import type { Approval } from "@heliograph/client";
import { useDecision } from "@heliograph/react";
import { memo, type ReactNode } from "react";
import { Link } from "wouter";
import { useAgentName } from "../agents/use-agent-name.js";
import { useSession } from "../session/session-context.js";
import { AgentText } from "../shared/agent-text.js";
import { useTexts } from "../shared/language.js";
import { RiskTag } from "../shared/risk.js";
import { Ago } from "../shared/time.js";
import { markedText } from "../shared/unicode.js";
import { Countdown } from "./countdown.js";
import { statusText } from "./status-text.js";
import { approvalsTexts } from "./texts.js";
import { isSelectable } from "./use-selection.js";
import styles from "./approval-row.module.css";

/** From the top of one row to the top of the next, as in the style sheet. Pixels. */
export const PITCH = 90;

interface ApprovalRowProps {
  readonly approval: Approval;
  readonly href: string;
  readonly open: boolean;
  /** Whether Tab stops here. */
  readonly tabbable?: boolean;
  /** Shown as what is not of the list any more. */
  readonly faded?: boolean;
  /** Its place in a list of which not all rows are in the page, from 0; without it the row is where it stands. */
  readonly index?: number;
  /** Rows of that list; -1 when their number is not known. */
  readonly setSize?: number;
  /** Whether it is chosen; without it no row can be. */
  readonly selected?: boolean | undefined;
  readonly onSelect?: (approval: Approval) => void;
}

/** One request of a list. */
export const ApprovalRow = memo(function ApprovalRow({ approval, href, open, tabbable = true, faded = false, index, setSize, selected, onSelect }: ApprovalRowProps): ReactNode {
  const texts = useTexts(approvalsTexts);
  const { state } = useDecision(approval.id);
  const agentName = useAgentName(approval.agentId);
  const placed = index === undefined ? {} : { className: styles.placed, style: { top: index * PITCH }, "aria-posinset": index + 1, "aria-setsize": setSize };
  return (
    <li {...placed}>
      {selected !== undefined && (
        <input
          type="checkbox"
          className={styles.choose}
          checked={selected}
          disabled={!isSelectable(approval)}
          tabIndex={tabbable ? 0 : -1}
          aria-label={approval.risk === "critical" ? texts.decidedAlone(markedText(approval.title, "line")) : texts.choose(markedText(approval.title, "line"))}
          onChange={() => onSelect?.(approval)}
        />
      )}
      <Link
        href={href}
        className={styles.row}
        data-testid="approval-row"
        data-approval-id={approval.id}
        data-status={approval.status}
        data-open={open}
        data-faded={faded}
        data-choosing={selected !== undefined}
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
        <span className={styles.side}>{state?.state === "sending" ? <span>{texts.sending}</span> : <Side approval={approval} />}</span>
      </Link>
    </li>
  );
});

/** Until when it can be decided, and since when it waits; or how it ended, and when. */
function Side({ approval }: { readonly approval: Approval }): ReactNode {
  const texts = useTexts(approvalsTexts);
  const { identity } = useSession();
  const pending = approval.status === "pending";
  const since = pending ? approval.createdAt : (approval.resolvedAt ?? approval.resolution?.at);
  return (
    <>
      {pending ? <Countdown approval={approval} /> : <span className={styles.outcome}>{statusText(approval, texts, identity.member.id)}</span>}
      {since !== undefined && (
        <span className={styles.age}>
          <Ago at={since} />
        </span>
      )}
    </>
  );
}
