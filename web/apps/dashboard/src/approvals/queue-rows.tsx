import type { ApprovalStatusCounts } from "@heliograph/client";
import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { ApprovalRow, PITCH } from "./approval-row.js";
import { NoRows, QueueEnd, useLoadMore } from "./queue-end.js";
import type { Queue } from "./use-queue.js";
import type { Selection } from "./use-selection.js";
import type { ViewControls } from "./use-view.js";
import { mountedRows, useWindow } from "./use-window.js";
import styles from "./approval-queue.module.css";

interface QueueRowsProps {
  readonly queue: Queue;
  readonly controls: ViewControls;
  readonly statusCounts: ApprovalStatusCounts | undefined;
  readonly openId: string | undefined;
  readonly onStep: (step: 1 | -1) => void;
  /** While rows can be chosen. */
  readonly selection?: Selection;
}

/** The rows of a list. Only those near to what is visible are in the page, and those that have the focus or are where Tab stops. */
export function QueueRows({ queue, controls, statusCounts, openId, onStep, selection }: QueueRowsProps): ReactNode {
  const { list, settled } = queue;
  const { rows } = settled;
  const scroller = useRef<HTMLDivElement>(null);
  const [focusedId, setFocusedId] = useState<string>();
  const window = useWindow(scroller, rows.length, PITCH);
  const more = useLoadMore(list, settled.extend, controls.view.tab !== "mine" && window.first > 0 && window.end >= rows.length);
  // The list is one stop of Tab: the open row, else the first.
  const stop = Math.max(0, rows.findIndex((row) => row.id === openId));
  const focused = focusedId === undefined ? -1 : rows.findIndex((row) => row.id === focusedId);
  const isPendingList = controls.view.tab === "pending" || controls.view.tab === "mine";
  return (
    <div ref={scroller} className={styles.scroll}>
      <ul
        className={styles.list}
        data-testid="approval-queue"
        style={{ height: rows.length * PITCH }}
        onKeyDown={(event) => stepOf(event, onStep)}
        onFocus={(event) => setFocusedId(event.target.getAttribute("data-approval-id") ?? undefined)}
        onBlur={() => setFocusedId(undefined)}
      >
        {mountedRows(window, rows.length === 0 ? [] : [stop, focused]).map((index) => {
          const approval = rows[index];
          if (approval === undefined) return null;
          return (
            <ApprovalRow
              key={approval.id}
              approval={approval}
              href={controls.pathTo(approval.id)}
              open={approval.id === openId}
              tabbable={index === stop}
              faded={isPendingList && approval.status !== "pending"}
              index={index}
              setSize={list.hasMore ? -1 : rows.length}
              {...(selection === undefined ? {} : { selected: selection.has(approval.id), onSelect: selection.toggle })}
            />
          );
        })}
      </ul>
      {rows.length === 0 && <NoRows list={list} controls={controls} />}
      {list.hasMore && <QueueEnd more={more} list={list} view={controls.view} statusCounts={statusCounts} />}
    </div>
  );
}

function stepOf(event: KeyboardEvent, onStep: (step: 1 | -1) => void): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : undefined;
  if (step === undefined || event.repeat || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  onStep(step);
}
