import { Skeleton } from "@mantine/core";
import type { ApprovalsState } from "@heliograph/react";
import type { ReactNode } from "react";
import { useFormats } from "../shared/formats.js";
import { useTexts } from "../shared/language.js";
import { Ago } from "../shared/time.js";
import { NotLoaded, Panel } from "./panel.js";
import { overviewTexts } from "./texts.js";
import styles from "./overview.module.css";

/** How many requests are pending, and since when the oldest waits. */
export function PendingPanel({ pending }: { readonly pending: ApprovalsState }): ReactNode {
  const texts = useTexts(overviewTexts);
  return (
    <Panel title={texts.pending.title} part={texts.parts.pending} more={{ href: "/approvals", text: texts.pending.open }}>
      <Numbers pending={pending} />
    </Panel>
  );
}

function Numbers({ pending }: { readonly pending: ApprovalsState }): ReactNode {
  const { pending: texts, parts, loading } = useTexts(overviewTexts);
  const { number } = useFormats();
  const { approvals, counts, error, hasMore } = pending;
  if (counts === undefined) {
    if (error !== null) return <NotLoaded part={parts.pending} error={error} onRetry={pending.refetch} />;
    return <Skeleton height={60} radius="md" role="status" aria-label={loading} />;
  }
  if (counts.pending === 0) return <p className={styles.quiet}>{texts.none}</p>;
  const oldest = approvals.filter(({ status }) => status === "pending").reduce<string | undefined>((first, { createdAt }) => (first === undefined || Date.parse(createdAt) < Date.parse(first) ? createdAt : first), undefined);
  return (
    <>
      <p className={styles.number} data-testid="pending-count">
        {number(counts.pending)}
        {counts.critical > 0 && <span className={styles.critical}>{texts.critical(counts.critical)}</span>}
      </p>
      {oldest !== undefined && <p className={styles.quiet}>{hasMore ? texts.oldestOf(<Ago at={oldest} />, approvals.length) : texts.oldest(<Ago at={oldest} />)}</p>}
    </>
  );
}
