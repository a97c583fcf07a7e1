import { Skeleton } from "@mantine/core";
import type { AuditEntry } from "@heliograph/client";
import { useApprovals } from "@heliograph/react";
import { useEffect, type ReactNode } from "react";
import { Link } from "wouter";
import { entryText, subjectHref } from "../activity/entry-text.js";
import { activityTexts } from "../activity/texts.js";
import { useActivity } from "../activity/use-activity.js";
import { ApprovalRow } from "../approvals/approval-row.js";
import { mayAdminister } from "../session/session.js";
import { useSession } from "../session/session-context.js";
import { AgentText } from "../shared/agent-text.js";
import { useTexts } from "../shared/language.js";
import { Ago } from "../shared/time.js";
import { NotLoaded, Panel } from "./panel.js";
import { overviewTexts } from "./texts.js";
import styles from "./overview.module.css";

const MAX_ENTRIES = 8;
const MAX_DECISIONS = 5;

const everything = {};
const decisions = { status: ["approved", "rejected", "cancelled"], sort: "-resolvedAt" } as const;

/** What has just happened, newest first and live: the audit trail for those who may read it, the decided requests for others. */
export function ActivityPanel(): ReactNode {
  const texts = useTexts(overviewTexts);
  const { identity } = useSession();
  return mayAdminister(identity) ? (
    <Panel title={texts.activity.title} part={texts.parts.activity} more={{ href: "/activity", text: texts.activity.open }} wide>
      <Entries />
    </Panel>
  ) : (
    <Panel title={texts.activity.decisions} part={texts.parts.activity} more={{ href: "/approvals?tab=decided", text: texts.activity.openDecided }} wide>
      <Decisions />
    </Panel>
  );
}

function Entries(): ReactNode {
  const texts = useTexts(overviewTexts);
  const { entries, isLoading, error, refetch, newCount, showNew } = useActivity(everything);
  useEffect(() => {
    if (newCount > 0) showNew();
  });
  if (error !== null) return <NotLoaded part={texts.parts.activity} error={error} onRetry={refetch} />;
  if (isLoading) return <Skeleton height={120} radius="md" role="status" aria-label={texts.loading} />;
  if (entries.length === 0) return <p className={styles.quiet}>{texts.activity.none}</p>;
  return (
    <ul className={styles.entries} data-testid="latest-activity">
      {entries.slice(0, MAX_ENTRIES).map((entry) => (
        <Entry key={entry.id} entry={entry} />
      ))}
    </ul>
  );
}

function Entry({ entry }: { readonly entry: AuditEntry }): ReactNode {
  const texts = useTexts(activityTexts);
  const { actor, at } = entry;
  const { sentence } = entryText(entry, texts);
  const href = subjectHref(entry);
  const what = <AgentText text={sentence} kind="line" />;
  return (
    <li>
      <span className={styles.actor}>{actor.type === "system" ? texts.system : <AgentText text={actor.name ?? actor.id ?? actor.type} kind="name" />}</span>
      {href === undefined ? <span>{what}</span> : <Link href={href}>{what}</Link>}
      <span className={styles.quiet}>
        <Ago at={at} />
      </span>
    </li>
  );
}

function Decisions(): ReactNode {
  const texts = useTexts(overviewTexts);
  const { approvals, isLoading, error, refetch } = useApprovals(decisions);
  if (error !== null && approvals.length === 0) return <NotLoaded part={texts.parts.activity} error={error} onRetry={refetch} />;
  if (isLoading) return <Skeleton height={120} radius="md" role="status" aria-label={texts.loading} />;
  if (approvals.length === 0) return <p className={styles.quiet}>{texts.activity.noDecisions}</p>;
  return (
    <ul className={styles.rows} data-testid="latest-decisions">
      {approvals.slice(0, MAX_DECISIONS).map((row) => (
        <ApprovalRow key={row.id} approval={row} href={`/approvals/${encodeURIComponent(row.id)}`} open={false} />
      ))}
    </ul>
  );
}
