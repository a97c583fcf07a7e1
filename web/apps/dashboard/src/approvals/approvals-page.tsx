import { useApprovals } from "@heliograph/react";
import { IconArrowLeft, IconInbox } from "@tabler/icons-react";
import { Suspense, useEffect, useRef, type ReactNode } from "react";
import { Link, useLocation, useParams } from "wouter";
import { Boundary } from "../shared/boundary.js";
import { Empty } from "../shared/empty.js";
import { isTyping, overlayOpen, useShortcuts } from "../shared/keyboard.js";
import { useTexts } from "../shared/language.js";
import { lazyPart } from "../shared/lazy-part.js";
import { whenIdle } from "../shared/when-idle.js";
import { ApprovalQueue } from "./approval-queue.js";
import { DetailLoading } from "./detail-loading.js";
import { approvalsTexts } from "./texts.js";
import { useQueue } from "./use-queue.js";
import { useView } from "./use-view.js";
import styles from "./approvals-page.module.css";

const approvalDetail = lazyPart(() => import("./approval-detail.js").then(({ ApprovalDetail }) => ApprovalDetail));

/** The queue and the open request side by side; on a narrow screen one of them. */
export function ApprovalsPage(): ReactNode {
  const texts = useTexts(approvalsTexts);
  const { id: openId } = useParams<{ id?: string }>();
  const [, navigate] = useLocation();
  const controls = useView(openId);
  const queue = useQueue(controls.view);
  // The list that the page's head holds as well: it is always there, so that the tabs' counts do not go while another list is loaded.
  const { counts, statusCounts } = useApprovals({ status: "pending", sort: "expiresAt" });
  const { settled, wanted } = queue;
  const pane = useRef<HTMLElement>(null);
  const detail = useRef<HTMLElement>(null);
  const focusFollows = useRef(false);

  /** Opens a request and takes the focus to it. */
  const go = (id: string) => {
    focusFollows.current = true;
    navigate(controls.pathTo(id), { replace: openId !== undefined });
  };
  const move = (step: 1 | -1) => {
    const at = settled.rows.findIndex((row) => row.id === openId);
    const next = settled.rows[at < 0 ? (step === 1 ? 0 : settled.rows.length - 1) : at + step];
    if (next !== undefined) go(next.id);
  };
  useShortcuts({ j: () => move(1), k: () => move(-1) });
  useEffect(() => whenIdle(approvalDetail.preload), []);

  useEffect(() => {
    if (detail.current !== null) detail.current.scrollTop = 0;
    if (!focusFollows.current || openId === undefined) return;
    focusFollows.current = false;
    focusRow(pane.current, openId);
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
  const others = wanted.filter((row) => row.id !== openId && row.status === "pending");
  const openNext = () => {
    const ids = following.current.of === openId ? following.current.ids : [];
    const waiting = new Set(others.map((row) => row.id));
    const next = ids.find((id) => waiting.has(id)) ?? others[0]?.id;
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
    focusRow(pane.current, openId ?? settled.rows[0]?.id ?? "");
  };

  return (
    <div className={styles.page} data-open={openId !== undefined}>
      <section ref={pane} className={styles.queue} aria-label={texts.tabs[controls.view.tab].list}>
        <Boundary name={texts.parts.queue}>
          <ApprovalQueue
            queue={queue}
            controls={controls}
            counts={counts}
            statusCounts={statusCounts}
            openId={openId}
            onStep={move}
            onShowNew={showNew}
          />
        </Boundary>
      </section>
      <section ref={detail} className={styles.detail} aria-label={texts.request} tabIndex={-1} data-approval-id={openId}>
        {openId === undefined ? (
          <Empty icon={<IconInbox size={28} stroke={1.5} />} title={wanted.length === 0 ? texts.noneOpen : texts.noneChosen}>
            {wanted.length === 0 ? texts.noneOpenText : texts.noneChosenText}
          </Empty>
        ) : (
          <>
            <Link href={controls.pathTo()} className={styles.back}>
              <IconArrowLeft size={18} aria-hidden /> {texts.allRequests}
            </Link>
            <Boundary key={openId} name={texts.parts.request}>
              <Suspense fallback={<DetailLoading />}>
                <approvalDetail.Part id={openId} onDecided={afterDecision} onNext={others.length > 0 ? openNext : undefined} />
              </Suspense>
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
