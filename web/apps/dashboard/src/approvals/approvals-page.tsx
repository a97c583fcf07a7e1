import { useApprovals } from "@heliograph/react";
import { IconArrowLeft, IconInbox } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { Link, useLocation, useParams } from "wouter";
import { useAgentNames } from "../agents/use-agent-name.js";
import { Boundary } from "../shared/boundary.js";
import { Empty } from "../shared/empty.js";
import { useShortcuts } from "../shared/keyboard.js";
import { ApprovalDetail } from "./approval-detail.js";
import { ApprovalQueue } from "./approval-queue.js";
import { orderQueue, searched, type QueueOrder } from "./order.js";
import { useSettledRows } from "./use-settled-rows.js";
import styles from "./approvals-page.module.css";

/** The queue and the open request side by side; on a narrow screen one of them. */
export function ApprovalsPage(): ReactNode {
  const { id: openId } = useParams<{ id?: string }>();
  const [, navigate] = useLocation();
  const pending = useApprovals({ status: "pending" });
  const [order, setOrder] = useState<QueueOrder>("deadline");
  const [search, setSearch] = useState("");
  const agentName = useAgentNames();
  const wanted = orderQueue(searched(pending.approvals, search, agentName), order);
  const settled = useSettledRows(wanted, pending.lookup);

  const move = (step: 1 | -1) => {
    const at = settled.rows.findIndex((row) => row.id === openId);
    const next = settled.rows[at < 0 ? (step === 1 ? 0 : settled.rows.length - 1) : at + step];
    if (next !== undefined) navigate(`/approvals/${next.id}`, { replace: openId !== undefined });
  };
  useShortcuts({ j: () => move(1), k: () => move(-1) });
  const following = nextAfter(wanted, openId);

  return (
    <div className={styles.page} data-open={openId !== undefined}>
      <section className={styles.queue} aria-label="Pending requests">
        <Boundary name="The queue">
        <ApprovalQueue
          list={pending}
          settled={settled}
          openId={openId}
          order={order}
          onOrder={setOrder}
          search={search}
          onSearch={setSearch}
        />
        </Boundary>
      </section>
      <section className={styles.detail} aria-label="Request">
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
              <ApprovalDetail id={openId} nextId={following} />
            </Boundary>
          </>
        )}
      </section>
    </div>
  );
}

/** The request to open after the current one is decided. */
function nextAfter(rows: readonly { readonly id: string }[], openId: string | undefined): string | undefined {
  const at = rows.findIndex((row) => row.id === openId);
  return rows.filter((row) => row.id !== openId)[Math.max(0, at)]?.id ?? rows.find((row) => row.id !== openId)?.id;
}
