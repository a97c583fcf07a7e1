import { Skeleton } from "@mantine/core";
import type { DecisionBucket } from "@heliograph/client";
import { useDecisionStatistics } from "@heliograph/react";
import { useId, useMemo, type ReactNode } from "react";
import { useFormats } from "../shared/formats.js";
import { useTexts } from "../shared/language.js";
import { agentsTexts } from "./texts.js";
import styles from "./agent-side.module.css";

/** Units of the drawing; it is stretched to the width of its place. */
const HEIGHT = 24;
const PITCH = 10;

/** What became of an agent's requests in the last 24 hours. */
export function AgentDecisions({ agentId }: { readonly agentId: string }): ReactNode {
  const { decisions: texts, reload } = useTexts(agentsTexts);
  const title = useId();
  const { statistics, error, refetch } = useDecisionStatistics(useMemo(() => ({ agentId }), [agentId]));
  return (
    <section aria-labelledby={title}>
      <h2 id={title}>{texts.title}</h2>
      {statistics !== undefined ? (
        <Figures totals={statistics.totals} buckets={statistics.buckets} />
      ) : error === null ? (
        <Skeleton height={70} />
      ) : (
        <p className={styles.none}>
          {texts.notLoaded}{" "}
          <button type="button" className={styles.reload} onClick={refetch}>
            {reload}
          </button>
        </p>
      )}
    </section>
  );
}

function Figures({ totals, buckets }: { readonly totals: Omit<DecisionBucket, "at">; readonly buckets: readonly DecisionBucket[] }): ReactNode {
  const { decisions: texts } = useTexts(agentsTexts);
  const { number, percent } = useFormats();
  const decided = decidedOf(totals);
  if (decided + totals.expired === 0) return <p className={styles.none}>{texts.none}</p>;
  const figures = [
    ["approved", totals.approved],
    ["rejected", totals.rejected],
    ["responded", totals.responded],
    ["expired", totals.expired],
  ] as const;
  return (
    <>
      <dl className={styles.facts}>
        {figures.map(([name, count]) => (
          <div key={name} data-figure={name}>
            <dt>{texts[name]}</dt>
            <dd>{name === "expired" || decided === 0 ? number(count) : texts.share(count, percent(count / decided))}</dd>
          </div>
        ))}
      </dl>
      <Sparkline buckets={buckets} label={texts.chart(decided)} />
    </>
  );
}

/** A bar for each hour, as high as what was decided in it. */
function Sparkline({ buckets, label }: { readonly buckets: readonly DecisionBucket[]; readonly label: string }): ReactNode {
  const most = Math.max(1, ...buckets.map(decidedOf));
  return (
    <svg className={styles.sparkline} viewBox={`0 0 ${buckets.length * PITCH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      {buckets.map((bucket, index) => {
        const height = (decidedOf(bucket) * HEIGHT) / most;
        return <rect key={bucket.at} x={index * PITCH} y={HEIGHT - height} width={PITCH - 3} height={height} />;
      })}
    </svg>
  );
}

function decidedOf({ approved, rejected, responded }: Omit<DecisionBucket, "at">): number {
  return approved + rejected + responded;
}
