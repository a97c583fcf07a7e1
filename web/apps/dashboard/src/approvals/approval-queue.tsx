import type { Approval, ApprovalCounts, ApprovalStatusCounts } from "@heliograph/client";
import { IconArrowUp } from "@tabler/icons-react";
import { Suspense, useEffect, type ReactNode } from "react";
import { mayDecide } from "../session/session.js";
import { useSession } from "../session/session-context.js";
import { Boundary } from "../shared/boundary.js";
import { useShortcuts } from "../shared/keyboard.js";
import { useTexts } from "../shared/language.js";
import { lazyPart } from "../shared/lazy-part.js";
import { whenIdle } from "../shared/when-idle.js";
import { FilterBar } from "./filter-bar.js";
import { QueueRows } from "./queue-rows.js";
import { QueueTools } from "./queue-tools.js";
import { Tabs } from "./tabs.js";
import { approvalsTexts, type ApprovalsTexts } from "./texts.js";
import type { Queue } from "./use-queue.js";
import { useSelection } from "./use-selection.js";
import type { ViewControls } from "./use-view.js";
import styles from "./approval-queue.module.css";

const bulkBar = lazyPart(() => import("./bulk-bar.js").then(({ BulkBar }) => BulkBar));

interface ApprovalQueueProps {
  readonly queue: Queue;
  readonly controls: ViewControls;
  /** Of the workspace; undefined while they are not here. */
  readonly counts: ApprovalCounts | undefined;
  readonly statusCounts: ApprovalStatusCounts | undefined;
  readonly openId: string | undefined;
  /** Opens the next or previous row. */
  readonly onStep: (step: 1 | -1) => void;
  readonly onShowNew: () => void;
}

/** A list of requests, and what chooses it: tabs, filters, search and order. */
export function ApprovalQueue({ queue, controls, counts, statusCounts, openId, onStep, onShowNew }: ApprovalQueueProps): ReactNode {
  const texts = useTexts(approvalsTexts);
  const { settled } = queue;
  const { identity } = useSession();
  const { tab } = controls.view;
  const selectable = mayDecide(identity) && (tab === "pending" || tab === "mine");
  const selection = useSelection(queue.key, settled.rows);
  const toggle = () => {
    const id = document.activeElement?.getAttribute("data-approval-id") ?? openId;
    const row = settled.rows.find((candidate) => candidate.id === id);
    if (row !== undefined) selection.toggle(row);
    else selection.start();
  };
  useShortcuts(selectable ? { x: toggle } : {});
  useEffect(() => whenIdle(bulkBar.preload), []);
  return (
    <>
      <div className={styles.head}>
        <div className={styles.title}>
          {openId === undefined ? <h1>{texts.title}</h1> : <h2>{texts.title}</h2>}
          <span>{counts === undefined ? "" : summary(counts, texts)}</span>
        </div>
        <Tabs controls={controls} counts={statusCounts} />
        <QueueTools controls={controls} {...(selectable && !selection.on ? { onSelect: selection.start } : {})} />
        <FilterBar controls={controls} queue={queue} />
      </div>
      {selectable && selection.on && (
        <Boundary name={texts.parts.bulk}>
          {/* Rows that moved when it comes would be chosen by mistake: its place is held. */}
          <Suspense fallback={<div className={styles.barPlace} />}>
            <bulkBar.Part selection={selection} />
          </Suspense>
        </Boundary>
      )}
      <div className={styles.body} {...settled.hold}>
        {settled.waiting.length > 0 && (
          <button type="button" className={styles.pill} onClick={onShowNew} data-testid="new-pill">
            <IconArrowUp size={15} stroke={2} aria-hidden /> {newText(settled.waiting, texts)}
          </button>
        )}
        <QueueRows key={queue.key} queue={queue} controls={controls} statusCounts={statusCounts} openId={openId} onStep={onStep} {...(selectable && selection.on ? { selection } : {})} />
      </div>
    </>
  );
}

function summary({ pending, critical }: ApprovalCounts, texts: ApprovalsTexts): string {
  if (pending === 0) return texts.nonePending;
  return critical > 0 ? `${texts.pending(pending)}, ${texts.critical(critical)}` : texts.pending(pending);
}

/** Such as `3 new · 2 critical`. */
export function newText(rows: readonly Approval[], texts: Pick<ApprovalsTexts, "new" | "critical">): string {
  const critical = rows.filter((row) => row.risk === "critical").length;
  return critical > 0 ? `${texts.new(rows.length)} · ${texts.critical(critical)}` : texts.new(rows.length);
}
