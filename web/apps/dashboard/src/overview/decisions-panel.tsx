import { Skeleton } from "@mantine/core";
import type { DecisionStatistics } from "@heliograph/client";
import { useDecisionStatistics } from "@heliograph/react";
import type { ReactNode } from "react";
import { useFormats } from "../shared/formats.js";
import { useTexts } from "../shared/language.js";
import { DecisionsChart, decidedOf } from "./decisions-chart.js";
import { NotLoaded, Panel } from "./panel.js";
import { overviewTexts } from "./texts.js";
import styles from "./overview.module.css";

/** Decisions of the last 24 hours: how many, how quickly, by whom, and when. */
export function DecisionsPanel(): ReactNode {
  const texts = useTexts(overviewTexts);
  return (
    <Panel title={texts.decisions.title} part={texts.parts.decisions} wide>
      <Decisions />
    </Panel>
  );
}

function Decisions(): ReactNode {
  const { decisions: texts, parts, loading } = useTexts(overviewTexts);
  const { dateTime } = useFormats();
  const { statistics, error, refetch } = useDecisionStatistics();
  if (statistics === undefined) {
    if (error !== null) return <NotLoaded part={parts.decisions} error={error} onRetry={refetch} />;
    return <Skeleton height={160} radius="md" role="status" aria-label={loading} />;
  }
  const { totals, truncated, from } = statistics;
  if (decidedOf(totals) + totals.expired === 0) return <p className={styles.quiet}>{texts.none}</p>;
  return (
    <>
      <Figures statistics={statistics} />
      <DecisionsChart statistics={statistics} />
      {truncated && <p className={styles.quiet}>{texts.truncated(dateTime(from))}</p>}
    </>
  );
}

function Figures({ statistics }: { readonly statistics: DecisionStatistics }): ReactNode {
  const texts = useTexts(overviewTexts).decisions;
  const { number, percent, span } = useFormats();
  const { totals, medianSecondsToDecide, expiredShare, editedShare, byPeople, byRules } = statistics;
  const ifKnown = (value: number | undefined, text: (value: number) => string) => (value === undefined ? texts.unknown : text(value));
  const figures = [
    ["decided", number(decidedOf(totals))],
    ["median", ifKnown(medianSecondsToDecide, (seconds) => span(seconds * 1000))],
    ["expiredShare", ifKnown(expiredShare, percent)],
    ["editedShare", ifKnown(editedShare, percent)],
    ["byPeople", number(byPeople)],
    ["byRules", number(byRules)],
  ] as const;
  return (
    <dl className={styles.figures}>
      {figures.map(([name, value]) => (
        <div key={name} data-figure={name}>
          <dt>{texts[name]}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
