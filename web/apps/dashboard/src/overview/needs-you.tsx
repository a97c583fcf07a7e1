import { Skeleton } from "@mantine/core";
import type { Approval } from "@heliograph/client";
import { useApprovals, type ApprovalsState } from "@heliograph/react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { ApprovalRow } from "../approvals/approval-row.js";
import { isClaimedBy } from "../approvals/view.js";
import { useSession } from "../session/session-context.js";
import { useTexts } from "../shared/language.js";
import { useServerNow } from "../shared/time.js";
import { NotLoaded, Panel } from "./panel.js";
import { overviewTexts } from "./texts.js";
import styles from "./overview.module.css";

/** Rows of each list at most. */
const MAX_ROWS = 5;
/** What expires within this time needs somebody now. Milliseconds. */
const SOON = 300_000;

const hrefs = { critical: "/approvals?risk=critical", expiring: "/approvals", mine: "/approvals?tab=mine" } as const;

/** The pending requests that are critical, expire soon, or are claimed by the member: the first of each, in the server's order. */
export function NeedsYou({ pending }: { readonly pending: ApprovalsState }): ReactNode {
  const texts = useTexts(overviewTexts);
  return (
    <Panel title={texts.needsYou.title} part={texts.parts.needsYou} wide>
      <Lists pending={pending} />
    </Panel>
  );
}

function Lists({ pending }: { readonly pending: ApprovalsState }): ReactNode {
  const texts = useTexts(overviewTexts);
  const { identity } = useSession();
  const now = useServerNow(5_000);
  const critical = useApprovals({ status: "pending", risk: "critical", sort: "expiresAt" });
  const failed = [pending, critical].find(({ error, approvals }) => error !== null && approvals.length === 0);
  if (failed?.error != null) return <NotLoaded part={texts.parts.needsYou} error={failed.error} onRetry={failed.refetch} />;
  if (pending.isLoading || critical.isLoading) return <Skeleton height={84} radius="lg" role="status" aria-label={texts.loading} />;
  const open = pending.approvals.filter(({ status }) => status === "pending");
  const lists = {
    expiring: open.filter(({ expiresAt }) => Date.parse(expiresAt) - now < SOON),
    critical: critical.approvals.filter(({ status }) => status === "pending"),
    mine: open.filter((row) => isClaimedBy(row, identity.member.id, now)),
  };
  const shown = (["expiring", "critical", "mine"] as const).filter((name) => lists[name].length > 0);
  return (
    <>
      {shown.length === 0 && <p className={styles.quiet}>{texts.needsYou.none}</p>}
      <div className={styles.lists}>
        {shown.map((name) => (
          <Rows key={name} name={name} rows={lists[name]} />
        ))}
      </div>
      {pending.hasMore && <p className={styles.quiet}>{texts.needsYou.partial(pending.approvals.length)}</p>}
    </>
  );
}

function Rows({ name, rows }: { readonly name: keyof typeof hrefs; readonly rows: readonly Approval[] }): ReactNode {
  const texts = useTexts(overviewTexts).needsYou;
  return (
    <div data-list={name}>
      <h3>{texts.lists[name]}</h3>
      <ul className={styles.rows}>
        {rows.slice(0, MAX_ROWS).map((row) => (
          <ApprovalRow key={row.id} approval={row} href={`/approvals/${encodeURIComponent(row.id)}`} open={false} />
        ))}
      </ul>
      {rows.length > MAX_ROWS && (
        <Link href={hrefs[name]} className={styles.all}>
          {texts.all[name]}
        </Link>
      )}
    </div>
  );
}
