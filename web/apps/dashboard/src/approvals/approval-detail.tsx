import { Button } from "@mantine/core";
import { ApiProblem, type Approval } from "@heliograph/client";
import { useApproval, useAskedBy, useDecision } from "@heliograph/react";
import { IconUserCheck } from "@tabler/icons-react";
import { Suspense, useEffect, useRef, useState, type ReactNode } from "react";
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
import { ActionSection } from "./action-section.js";
import { ContextSections } from "./context-sections.js";
import { whenIdle } from "../shared/when-idle.js";
import { Countdown } from "./countdown.js";
import { DecisionPanel } from "./decision-panel.js";
import { DetailLoading } from "./detail-loading.js";
import { ExtendSection } from "./extend-section.js";
import { PreviewSection } from "./preview-section.js";
import { requestTexts } from "./request-texts.js";
import { useClaim } from "./use-claim.js";
import { useExactArgs } from "./use-exact-args.js";
import { useReading } from "./use-reading.js";
import styles from "./approval-detail.module.css";

const resolutionCard = lazyPart(() => import("./resolution.js").then(({ ResolutionCard }) => ResolutionCard));
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
  const [previewShown, setPreviewShown] = useState(false);
  const [argsFolded, setArgsFolded] = useState(false);
  // The arguments stand below the preview: both have their place when all of it is here.
  const shown = args !== undefined && (preview === undefined || previewShown);
  const previewReading = useReading(preview !== undefined && shown, previewEnd, panel);
  const argsReading = useReading(shown && !argsFolded, argsEnd, panel);
  const unread =
    preview !== undefined && !previewReading.seen
      ? ({ part: "changes", linesBelow: previewReading.linesBelow } as const)
      : !argsReading.seen
        ? ({ part: argsFolded ? "folded" : "args", linesBelow: argsReading.linesBelow } as const)
        : undefined;
  const pending = approval.status === "pending";
  useEffect(() => whenIdle(resolutionCard.preload), []);
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
          {pending && <ExtendSection approval={approval} />}
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

      {!pending && (
        <Boundary name={texts.parts.resolution}>
          <Suspense fallback={null}>
            <resolutionCard.Part approval={approval} overtaken={state?.state === "overtaken"} />
          </Suspense>
        </Boundary>
      )}

      {approval.description !== undefined && (
        <section className={styles.prose}>
          <Boundary name={texts.parts.description} fallback={<Prose text={approval.description} />}>
            <Suspense fallback={<Prose text={approval.description} />}>
              <markdown.Part text={approval.description} />
            </Suspense>
          </Boundary>
        </section>
      )}

      {preview !== undefined && <PreviewSection preview={preview} end={previewEnd} onShown={setPreviewShown} />}
      <ActionSection approval={approval} args={args} end={argsEnd} onFolded={setArgsFolded} />

      {(approval.reasoning !== undefined || approval.confidence !== undefined) && (
        <section className={styles.card} aria-label={texts.reasoning}>
          <div className={styles.cardHead}>
            <h2>{texts.reasoning}</h2>
            {approval.confidence !== undefined && <Confidence value={approval.confidence} />}
          </div>
          {approval.reasoning !== undefined && <p className={styles.reasoning}><AgentText text={approval.reasoning} kind="prose" /></p>}
        </section>
      )}

      <ContextSections approval={approval} />

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
