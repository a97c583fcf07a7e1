import { Button, Skeleton, Tooltip } from "@mantine/core";
import { ApiProblem, type Approval } from "@heliograph/client";
import { useApproval, useAskedBy, useDecision } from "@heliograph/react";
import { IconEye, IconFingerprint } from "@tabler/icons-react";
import { lazy, Suspense, type ReactNode } from "react";
import { Link } from "wouter";
import { useAgentName } from "../agents/use-agent-name.js";
import { useSession } from "../session/session-context.js";
import { Empty } from "../shared/empty.js";
import { RiskTag } from "../shared/risk.js";
import { Ago, useServerNow } from "../shared/time.js";
import { Countdown } from "./countdown.js";
import { DecisionPanel } from "./decision-panel.js";
import { JsonView } from "./json-view.js";
import { PreviewView } from "./preview.js";
import { ResolutionCard } from "./resolution.js";
import { useClaim } from "./use-claim.js";
import styles from "./approval-detail.module.css";

const Markdown = lazy(() => import("../shared/markdown.js").then(({ Markdown: component }) => ({ default: component })));

/** One request with all its arguments, and the decision. */
export function ApprovalDetail({ id, nextId }: { readonly id: string; readonly nextId: string | undefined }): ReactNode {
  const { approval, error, isLoading, refetch } = useApproval(id);
  if (approval === undefined) {
    if (isLoading) return <Loading />;
    const missing = error instanceof ApiProblem && error.status === 404;
    return (
      <Empty title={missing ? "Request not found" : "The request could not be loaded"}>
        <p>{error?.message}</p>
        {!missing && (
          <Button mt="sm" size="compact-md" variant="light" onClick={refetch}>
            Reload
          </Button>
        )}
      </Empty>
    );
  }
  return <Loaded approval={approval} nextId={nextId} />;
}

function Loaded({ approval, nextId }: { readonly approval: Approval; readonly nextId: string | undefined }): ReactNode {
  const { state } = useDecision(approval.id);
  const agentName = useAgentName(approval.agentId);
  const askedBy = useAskedBy(approval.id);
  useClaim(approval);
  const pending = approval.status === "pending";
  return (
    <article className={styles.detail} data-testid="approval-detail" data-approval-id={approval.id} data-status={approval.status}>
      <header className={styles.head}>
        <div className={styles.tags}>
          <RiskTag risk={approval.risk} />
          {approval.tags.map((tag) => (
            <span key={tag} className={styles.tag}>
              {tag}
            </span>
          ))}
          <span className={styles.spacer} />
          {pending && <Countdown approval={approval} />}
        </div>
        <h1>{approval.title}</h1>
        <p className={styles.by}>
          <Link href={`/agents/${encodeURIComponent(approval.agentId)}`}>{agentName}</Link> asked <Ago at={approval.createdAt} />
          {askedBy !== undefined && ` · by key ${askedBy.name}`}
        </p>
        <OthersClaim approval={approval} />
      </header>

      {!pending && <ResolutionCard approval={approval} overtaken={state?.state === "overtaken"} />}

      {approval.description !== undefined && (
        <section className={styles.prose}>
          <Suspense fallback={<p>{approval.description}</p>}>
            <Markdown text={approval.description} />
          </Suspense>
        </section>
      )}

      <section className={styles.card} aria-label="Action">
        <div className={styles.cardHead}>
          <h2>
            <code>{approval.action.name}</code>
          </h2>
          <Tooltip label={`The decision applies to exactly these arguments: SHA-256 ${approval.action.digest}`} multiline w={320}>
            <span className={styles.digest} tabIndex={0}>
              <IconFingerprint size={14} stroke={1.8} aria-hidden /> {approval.action.digest.replace(/^sha-?256[:-]/i, "").slice(0, 10)}
            </span>
          </Tooltip>
        </div>
        {approval.action.truncated === true ? <Skeleton height={80} /> : <JsonView value={approval.action.args ?? {}} />}
      </section>

      {approval.action.preview !== undefined && (
        <section className={styles.card} aria-label="Preview">
          <div className={styles.cardHead}>
            <h2>Changes</h2>
          </div>
          <PreviewView preview={approval.action.preview} />
        </section>
      )}

      {(approval.reasoning !== undefined || approval.confidence !== undefined) && (
        <section className={styles.card} aria-label="Reasoning">
          <div className={styles.cardHead}>
            <h2>Reasoning</h2>
            {approval.confidence !== undefined && <Confidence value={approval.confidence} />}
          </div>
          {approval.reasoning !== undefined && <p className={styles.reasoning}>{approval.reasoning}</p>}
        </section>
      )}

      <DecisionPanel approval={approval} nextId={nextId} />
    </article>
  );
}

function Confidence({ value }: { readonly value: number }): ReactNode {
  const percent = Math.round(value * 100);
  return (
    <span className={styles.confidence}>
      <meter min={0} max={100} value={percent} aria-label="The agent's confidence" />
      {percent} % sure
    </span>
  );
}

/** Another member has the request open. A hint, not a lock. */
function OthersClaim({ approval }: { readonly approval: Approval }): ReactNode {
  const { identity } = useSession();
  const now = useServerNow(approval.claim === undefined ? null : 5_000);
  const { claim } = approval;
  if (claim === undefined || claim.by.id === identity.member.id || Date.parse(claim.until) < now || approval.status !== "pending") return null;
  return (
    <p className={styles.claim} data-testid="claim">
      <IconEye size={16} stroke={1.8} aria-hidden /> {claim.by.name ?? "Somebody"} is looking at this too
    </p>
  );
}

function Loading(): ReactNode {
  return (
    <div className={styles.detail} role="status" aria-label="Loading the request">
      <Skeleton height={24} width={120} radius="xl" />
      <Skeleton height={32} width="70%" />
      <Skeleton height={160} radius="lg" />
    </div>
  );
}
