import type { ApprovalSort } from "@heliograph/client";
import { useApprovals } from "@heliograph/react";
import { IconArrowLeft, IconInbox } from "@tabler/icons-react";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { Link, useLocation, useParams } from "wouter";
import { useAgentNames } from "../agents/use-agent-name.js";
import { Boundary } from "../shared/boundary.js";
import { Empty } from "../shared/empty.js";
import { isTyping, overlayOpen, useShortcuts } from "../shared/keyboard.js";
import { useServerNow } from "../shared/time.js";
import { ApprovalDetail } from "./approval-detail.js";
import { ApprovalQueue } from "./approval-queue.js";
import { searched } from "./search.js";
import { useSettledRows } from "./use-settled-rows.js";
import styles from "./approvals-page.module.css";

/** A new request that expires within this time is not held back. Milliseconds. */
const AT_ONCE = 60_000;

/** The queue and the open request side by side; on a narrow screen one of them. */
export function ApprovalsPage(): ReactNode {
  const { id: openId } = useParams<{ id?: string }>();
  const [, navigate] = useLocation();
  const [sort, setSort] = useState<ApprovalSort>("expiresAt");
  const pending = useApprovals({ status: "pending", sort });
  const [search, setSearch] = useState("");
  const agentName = useAgentNames();
  const wanted = searched(pending.approvals, search, agentName);
  const now = useServerNow(5_000);
  const settled = useSettledRows(wanted, pending.lookup, (row) => Date.parse(row.expiresAt) - now < AT_ONCE);
  const queue = useRef<HTMLElement>(null);
  const detail = useRef<HTMLElement>(null);
  const focusFollows = useRef(false);

  /** Opens a request and takes the focus to it. */
  const go = (id: string) => {
    focusFollows.current = true;
    navigate(`/approvals/${id}`, { replace: openId !== undefined });
  };
  const move = (step: 1 | -1) => {
    const at = settled.rows.findIndex((row) => row.id === openId);
    const next = settled.rows[at < 0 ? (step === 1 ? 0 : settled.rows.length - 1) : at + step];
    if (next !== undefined) go(next.id);
  };
  useShortcuts({ j: () => move(1), k: () => move(-1) });

  useEffect(() => {
    if (detail.current !== null) detail.current.scrollTop = 0;
    if (!focusFollows.current || openId === undefined) return;
    focusFollows.current = false;
    focusRow(queue.current, openId);
    // The queue is not shown beside the request on a narrow screen.
    if (document.activeElement?.getAttribute("data-approval-id") !== openId) detail.current?.focus({ preventScroll: true });
  }, [openId]);

  /** What follows the open request, best first, from when it was last in the list: a decision takes it out. */
  const following = useRef<{ readonly of: string | undefined; readonly ids: readonly string[] }>({ of: undefined, ids: [] });
  useEffect(() => {
    const ids = settled.rows.map((row) => row.id);
    const at = ids.indexOf(openId ?? "");
    if (at >= 0) following.current = { of: openId, ids: [...ids.slice(at + 1), ...ids.slice(0, at).reverse()] };
  });
  const others = wanted.filter((row) => row.id !== openId);
  const openNext = () => {
    const ids = following.current.of === openId ? following.current.ids : [];
    const next = ids.find((id) => others.some((row) => row.id === id)) ?? others[0]?.id;
    if (next === undefined) return;
    if (!settled.rows.some((row) => row.id === next)) settled.showNew();
    go(next);
  };
  const afterDecision = () => {
    if (!isTyping(document.activeElement) && !overlayOpen()) openNext();
  };
  const showNew = () => {
    settled.showNew();
    // The button goes, and the focus with it.
    focusRow(queue.current, openId ?? settled.rows[0]?.id ?? "");
  };

  return (
    <div className={styles.page} data-open={openId !== undefined}>
      <section ref={queue} className={styles.queue} aria-label="Pending requests">
        <Boundary name="The queue">
          <ApprovalQueue
            list={pending}
            settled={settled}
            openId={openId}
            sort={sort}
            onSort={setSort}
            search={search}
            onSearch={setSearch}
            onStep={move}
            onShowNew={showNew}
          />
        </Boundary>
      </section>
      <section ref={detail} className={styles.detail} aria-label="Request" tabIndex={-1} data-approval-id={openId}>
        {openId === undefined ? (
          <Empty icon={<IconInbox size={28} stroke={1.5} />} title={wanted.length === 0 ? "No pending requests" : "Choose a request"}>
            {wanted.length === 0 ? "New requests appear here automatically." : "Read the action, then approve or reject it."}
          </Empty>
        ) : (
          <>
            <Link href="/approvals" className={styles.back}>
              <IconArrowLeft size={18} aria-hidden /> All requests
            </Link>
            <Boundary key={openId} name="The request">
              <ApprovalDetail id={openId} onDecided={afterDecision} onNext={others.length > 0 ? openNext : undefined} />
            </Boundary>
          </>
        )}
      </section>
    </div>
  );
}

function focusRow(queue: HTMLElement | null, id: string): void {
  const row = queue?.querySelector<HTMLElement>(`a[data-approval-id="${CSS.escape(id)}"]`);
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}
