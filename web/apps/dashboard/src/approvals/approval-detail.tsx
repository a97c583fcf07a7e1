import { Button, Skeleton } from "@mantine/core";
import { ApiProblem, type Approval } from "@heliograph/client";
import { useApproval, useAskedBy, useDecision } from "@heliograph/react";
import { IconUserCheck, IconFingerprint } from "@tabler/icons-react";
import { Suspense, useRef, type ReactNode } from "react";
import { Link } from "wouter";
import { useAgentName } from "../agents/use-agent-name.js";
import { Looking } from "../presence/looking.js";
import { useSession } from "../session/session-context.js";
import { AgentText, HiddenTextWarning } from "../shared/agent-text.js";
import { Boundary } from "../shared/boundary.js";
import { Empty } from "../shared/empty.js";
import { useTexts } from "../shared/language.js";
import { lazyPart } from "../shared/lazy-part.js";
import { RiskTag } from "../shared/risk.js";
import { Ago, useServerNow } from "../shared/time.js";
import { Countdown } from "./countdown.js";
import { DecisionPanel } from "./decision-panel.js";
import { DetailLoading } from "./detail-loading.js";
import { JsonView } from "./json-view.js";
import { PreviewView } from "./preview.js";
import { requestTexts } from "./request-texts.js";
import { ResolutionCard } from "./resolution.js";
import { useClaim } from "./use-claim.js";
import { useExactArgs } from "./use-exact-args.js";
import { useReading } from "./use-reading.js";
import styles from "./approval-detail.module.css";

const markdown = lazyPart(() => import("../shared/markdown.js").then(({ Markdown }) => Markdown));

/** What follows a decision, see DecisionPanel. */
interface Moves {
  readonly onDecided: () => void;
  readonly onNext: (() => void) | undefined;
}

/** One request with all its arguments, and the decision. */
export function ApprovalDetail({ id, ...moves }: { readonly id: string } & Moves): ReactNode {
  const texts = useTexts(requestTexts);
  const { approval, error, isLoading, refetch } = useApproval(id);
  if (approval === undefined) {
    if (isLoading) return <DetailLoading />;
    const missing = error instanceof ApiProblem && error.status === 404;
    return (
      <Empty heading="h1" title={missing ? texts.notFound : texts.notLoaded}>
        <p>{error?.message}</p>
        {!missing && (
          <Button mt="sm" size="compact-md" variant="light" onClick={refetch}>
            {texts.reload}
          </Button>
        )}
      </Empty>
    );
  }
  return <Loaded approval={approval} {...moves} />;
}

function Loaded({ approval, ...moves }: { readonly approval: Approval } & Moves): ReactNode {
  const texts = useTexts(requestTexts);
  const { state } = useDecision(approval.id);
  const agentName = useAgentName(approval.agentId);
  const askedBy = useAskedBy(approval.id);
  useClaim(approval);
  const args = useExactArgs(approval);
  const panel = useRef<HTMLElement>(null);
  const argsEnd = useRef<HTMLDivElement>(null);
  const previewEnd = useRef<HTMLDivElement>(null);
  const { preview } = approval.action;
  const argsReading = useReading(args !== undefined, argsEnd, panel);
  const previewReading = useReading(preview !== undefined && args !== undefined, previewEnd, panel);
  const unread = !argsReading.seen
    ? ({ part: "args", linesBelow: argsReading.linesBelow } as const)
    : preview !== undefined && !previewReading.seen
      ? ({ part: "changes", linesBelow: previewReading.linesBelow } as const)
      : undefined;
  const pending = approval.status === "pending";
  return (
    <article className={styles.detail} data-testid="approval-detail" data-approval-id={approval.id} data-status={approval.status}>
      <header className={styles.head}>
        <div className={styles.tags}>
          <RiskTag risk={approval.risk} />
          {approval.tags.map((tag) => (
            <span key={tag} className={styles.tag}>
              <AgentText text={tag} kind="name" />
            </span>
          ))}
          <span className={styles.spacer} />
          {pending && <Countdown approval={approval} />}
        </div>
        <h1>
          <AgentText text={approval.title} kind="line" />
        </h1>
        <p className={styles.by}>
          {texts.asked(
            <Link href={`/agents/${encodeURIComponent(approval.agentId)}`}>
              <AgentText text={agentName} kind="name" />
            </Link>,
            <Ago at={approval.createdAt} />,
          )}
          {askedBy !== undefined && <> · {texts.byKey(<AgentText text={askedBy.name} kind="name" />)}</>}
        </p>
        <OthersClaim approval={approval} />
        <Looking approvalId={approval.id} />
        <HiddenTextWarning
          texts={[
            [approval.title, "line"],
            [approval.description, "prose"],
            [approval.reasoning, "prose"],
            [approval.action.name, "name"],
            [agentName, "name"],
            ...approval.tags.map((tag) => [tag, "name"] as const),
            ...stringsIn(approval.action.args).map((text) => [text, "value"] as const),
            // As the preview shows it: the lines of a text or diff begin with spaces.
            ...stringsIn(preview).map((text) => [text, preview?.kind === "table" ? "value" : "prose"] as const),
          ]}
        />
      </header>

      {!pending && <ResolutionCard approval={approval} overtaken={state?.state === "overtaken"} />}

      {approval.description !== undefined && (
        <section className={styles.prose}>
          <Boundary name={texts.parts.description} fallback={<Prose text={approval.description} />}>
            <Suspense fallback={<Prose text={approval.description} />}>
              <markdown.Part text={approval.description} />
            </Suspense>
          </Boundary>
        </section>
      )}

      <section className={styles.card} aria-label={texts.action}>
        <div className={styles.cardHead}>
          <h2>
            <code>
              <AgentText text={approval.action.name} kind="name" />
            </code>
          </h2>
          <span className={styles.digest} tabIndex={0} aria-describedby="digest-text">
            <IconFingerprint size={14} stroke={1.8} aria-hidden /> {approval.action.digest.replace(/^sha-?256[:-]/i, "").slice(0, 10)}
            <span id="digest-text" role="tooltip" className={styles.tip}>
              {texts.digest(approval.action.digest)}
            </span>
          </span>
        </div>
        {args === undefined ? (
          <Skeleton height={80} />
        ) : (
          <Boundary name={texts.parts.argsTable} fallback={<Plain text={args} />}>
            <JsonView text={args} />
          </Boundary>
        )}
        <div ref={argsEnd} />
      </section>

      {preview !== undefined && (
        <section className={styles.card} aria-label={texts.preview}>
          <div className={styles.cardHead}>
            <h2>{texts.changes}</h2>
          </div>
          <Boundary name={texts.parts.preview} fallback={<Plain text={JSON.stringify(preview, null, 2)} />}>
            <PreviewView preview={preview} />
          </Boundary>
          <div ref={previewEnd} />
        </section>
      )}

      {(approval.reasoning !== undefined || approval.confidence !== undefined) && (
        <section className={styles.card} aria-label={texts.reasoning}>
          <div className={styles.cardHead}>
            <h2>{texts.reasoning}</h2>
            {approval.confidence !== undefined && <Confidence value={approval.confidence} />}
          </div>
          {approval.reasoning !== undefined && <p className={styles.reasoning}><AgentText text={approval.reasoning} kind="prose" /></p>}
        </section>
      )}

      <DecisionPanel ref={panel} approval={approval} args={args} unread={unread} {...moves} />
    </article>
  );
}

function Prose({ text }: { readonly text: string }): ReactNode {
  return (
    <p>
      <AgentText text={text} kind="prose" />
    </p>
  );
}

/** What could not be shown in its own way. */
function Plain({ text }: { readonly text: string }): ReactNode {
  return (
    <pre className={styles.plain}>
      <AgentText text={text} kind="prose" />
    </pre>
  );
}

/** All keys and texts in a value. Its depth is bounded by the server. */
function stringsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [...(Array.isArray(value) ? [] : [key]), ...stringsIn(item)]);
}

function Confidence({ value }: { readonly value: number }): ReactNode {
  const texts = useTexts(requestTexts);
  const percent = Math.round(value * 100);
  return (
    <span className={styles.confidence}>
      <meter min={0} max={100} value={percent} aria-label={texts.confidence} />
      {texts.sure(percent)}
    </span>
  );
}

/** Another member has the request open. A hint, not a lock. */
function OthersClaim({ approval }: { readonly approval: Approval }): ReactNode {
  const texts = useTexts(requestTexts);
  const { identity } = useSession();
  const now = useServerNow(approval.claim === undefined ? null : 5_000);
  const { claim } = approval;
  if (claim === undefined || claim.by.id === identity.member.id || Date.parse(claim.until) < now || approval.status !== "pending") return null;
  return (
    <p className={styles.claim} data-testid="claim">
      <IconUserCheck size={16} stroke={1.8} aria-hidden /> <span>{texts.claimedBy(<AgentText text={claim.by.name ?? texts.somebody} kind="name" />)}</span>
    </p>
  );
}
