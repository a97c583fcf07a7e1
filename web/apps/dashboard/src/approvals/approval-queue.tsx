import { Button, SegmentedControl, Skeleton, TextInput } from "@mantine/core";
import type { Approval, ApprovalSort } from "@heliograph/client";
import type { ApprovalsState } from "@heliograph/react";
import { IconArrowUp, IconCheck, IconSearch } from "@tabler/icons-react";
import { useRef, useState, type ReactNode } from "react";
import { Empty } from "../shared/empty.js";
import { useShortcuts } from "../shared/keyboard.js";
import { ApprovalRow } from "./approval-row.js";
import type { SettledRows } from "./use-settled-rows.js";
import styles from "./approval-queue.module.css";

interface ApprovalQueueProps {
  readonly list: ApprovalsState;
  readonly settled: SettledRows<Approval>;
  readonly openId: string | undefined;
  readonly sort: ApprovalSort;
  readonly onSort: (sort: ApprovalSort) => void;
  readonly search: string;
  readonly onSearch: (text: string) => void;
  /** Opens the next or previous row. */
  readonly onStep: (step: 1 | -1) => void;
  readonly onShowNew: () => void;
}

/** The list of pending requests. */
export function ApprovalQueue({ list, settled, openId, sort, onSort, search, onSearch, onStep, onShowNew }: ApprovalQueueProps): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  useShortcuts({ "/": () => field.current?.focus() });
  // The list is one stop of Tab: the open row, else the first.
  const stop = settled.rows.find((row) => row.id === openId) ?? settled.rows[0];
  return (
    <>
      <div className={styles.head}>
        <div className={styles.title}>
          <h1>Approvals</h1>
          <span>{summary(list)}</span>
        </div>
        <TextInput
          ref={field}
          size="sm"
          placeholder="Search"
          aria-label="Search the requests"
          leftSection={<IconSearch size={16} stroke={1.8} aria-hidden />}
          value={search}
          onChange={(event) => onSearch(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            onSearch("");
            event.currentTarget.blur();
          }}
        />
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label="Order"
          value={sort}
          onChange={(value) => onSort(value)}
          data={[
            { value: "expiresAt", label: "Most urgent" },
            { value: "-risk", label: "Highest risk" },
            { value: "-createdAt", label: "Newest" },
          ]}
        />
      </div>
      <div className={styles.body} {...settled.hold}>
        {settled.waiting.length > 0 && (
          <button type="button" className={styles.pill} onClick={onShowNew} data-testid="new-pill">
            <IconArrowUp size={15} stroke={2} aria-hidden /> {newText(settled.waiting)}
          </button>
        )}
        <div className={styles.scroll}>
          <ul
            className={styles.list}
            data-testid="approval-queue"
            onKeyDown={(event) => {
              const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : undefined;
              if (step === undefined || event.repeat || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
              event.preventDefault();
              onStep(step);
            }}
          >
            {settled.rows.map((approval) => (
              <ApprovalRow key={approval.id} approval={approval} open={approval.id === openId} tabbable={approval === stop} />
            ))}
          </ul>
          {settled.rows.length === 0 && <Nothing list={list} search={search} />}
          {list.hasMore && <More list={list} search={search} onShown={settled.showNew} />}
        </div>
      </div>
    </>
  );
}

/** Says how many of the requests are here, and fetches more. */
function More({ list, search, onShown }: { readonly list: ApprovalsState; readonly search: string; readonly onShown: () => void }): ReactNode {
  const [state, setState] = useState<"idle" | "loading" | "failed">("idle");
  const load = () => {
    setState("loading");
    list.loadMore().then(
      () => {
        setState("idle");
        onShown();
      },
      () => setState("failed"),
    );
  };
  const shown = `${list.approvals.length} of ${list.counts?.pending ?? "more"} requests`;
  return (
    <div className={styles.more} data-testid="more">
      <p role="status">{state === "failed" ? "More requests could not be loaded." : search === "" ? `${shown} are shown.` : `Only the first ${shown} were searched.`}</p>
      <Button size="compact-md" variant="light" loading={state === "loading"} onClick={load}>
        Show more
      </Button>
    </div>
  );
}

function Nothing({ list, search }: { readonly list: ApprovalsState; readonly search: string }): ReactNode {
  if (list.error !== null) {
    return (
      <Empty title="The requests could not be loaded">
        <p>{list.error.message}</p>
        <Button mt="sm" size="compact-md" variant="light" onClick={list.refetch}>
          Reload
        </Button>
      </Empty>
    );
  }
  if (list.isLoading) return <Loading />;
  if (search !== "") return <Empty title="No matching requests">Press Escape in the search field to clear the search.</Empty>;
  return (
    <Empty icon={<IconCheck size={28} stroke={1.6} />} title="No pending requests">
      New requests appear here automatically.
    </Empty>
  );
}

function Loading(): ReactNode {
  return (
    <div className={styles.loading} role="status" aria-label="Loading the requests">
      {[0, 1, 2, 3].map((row) => (
        <Skeleton key={row} height={78} radius="lg" />
      ))}
    </div>
  );
}

function summary({ counts, isLoading }: ApprovalsState): string {
  if (isLoading || counts === undefined) return "";
  if (counts.pending === 0) return "none pending";
  return `${counts.pending} pending${counts.critical > 0 ? `, ${counts.critical} critical` : ""}`;
}

/** Such as `3 new · 2 critical`. */
export function newText(rows: readonly Approval[]): string {
  const critical = rows.filter((row) => row.risk === "critical").length;
  return `${rows.length} new${critical > 0 ? ` · ${critical} critical` : ""}`;
}
