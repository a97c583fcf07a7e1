import type { DecisionBucket, DecisionCounts, DecisionStatistics } from "@heliograph/client";
import type { ReactNode } from "react";
import { useFormats } from "../shared/formats.js";
import { useTexts } from "../shared/language.js";
import { overviewTexts } from "./texts.js";
import styles from "./overview.module.css";

/** The server sends 168 at most; more would be narrower than a pixel. */
const MAX_BARS = 200;
/** Units of the drawing; it is stretched to the width of the page. */
const HEIGHT = 100;
const PITCH = 10;
const WIDTH = 7;

const columns = ["created", "approved", "rejected", "responded", "expired", "cancelled"] as const satisfies readonly (keyof DecisionCounts)[];

export function decidedOf({ approved, rejected, responded }: DecisionCounts): number {
  return approved + rejected + responded;
}

/** A bar for each hour or day, of what was decided and, on top, what expired; and the same as a table. */
export function DecisionsChart({ statistics }: { readonly statistics: DecisionStatistics }): ReactNode {
  const texts = useTexts(overviewTexts).decisions;
  const { dateTime, time, number } = useFormats();
  const buckets = statistics.buckets.slice(-MAX_BARS);
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (first === undefined || last === undefined) return null;
  const highest = buckets.reduce((best, bucket) => (sumOf(bucket) > sumOf(best) ? bucket : best));
  const most = Math.max(1, sumOf(highest));
  const shortTime = statistics.bucket === "hour" ? time : dateTime;
  return (
    <figure className={styles.chart}>
      <figcaption>
        <span>{statistics.bucket === "hour" ? texts.perHour : texts.perDay}</span>
        <span className={styles.legend} data-series="decided">
          {texts.decided}
        </span>
        <span className={styles.legend} data-series="expired">
          {texts.expired}
        </span>
      </figcaption>
      <div className={styles.plot}>
        <span className={styles.most} aria-hidden>
          {number(most)}
        </span>
        <svg
          viewBox={`0 0 ${buckets.length * PITCH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={texts.chart(decidedOf(statistics.totals), statistics.totals.expired, sumOf(highest), dateTime(highest.at))}
        >
          {buckets.map((bucket, index) => (
            <Bar key={bucket.at} bucket={bucket} x={index * PITCH} scale={HEIGHT / most} />
          ))}
        </svg>
        <span className={styles.ends} aria-hidden>
          <span>{shortTime(first.at)}</span>
          <span>{shortTime(last.at)}</span>
        </span>
      </div>
      <details>
        <summary>{texts.table}</summary>
        <Table buckets={buckets} />
      </details>
    </figure>
  );
}

function sumOf(counts: DecisionCounts): number {
  return decidedOf(counts) + counts.expired;
}

function Bar({ bucket, x, scale }: { readonly bucket: DecisionBucket; readonly x: number; readonly scale: number }): ReactNode {
  const texts = useTexts(overviewTexts).decisions;
  const { dateTime } = useFormats();
  const decided = decidedOf(bucket) * scale;
  const expired = bucket.expired * scale;
  return (
    <g>
      <title>{texts.bar(dateTime(bucket.at), decidedOf(bucket), bucket.expired)}</title>
      <rect className={styles.hover} x={x} y={0} width={PITCH} height={HEIGHT} />
      <rect data-series="decided" x={x} y={HEIGHT - decided} width={WIDTH} height={decided} />
      <rect data-series="expired" x={x} y={HEIGHT - decided - expired} width={WIDTH} height={expired} />
    </g>
  );
}

function Table({ buckets }: { readonly buckets: readonly DecisionBucket[] }): ReactNode {
  const texts = useTexts(overviewTexts).decisions;
  const { dateTime, number } = useFormats();
  return (
    <div className={styles.tableFrame} tabIndex={0} role="group" aria-label={texts.perHour}>
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.columns.at}</th>
            {columns.map((name) => (
              <th key={name} scope="col">
                {texts.columns[name]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {buckets.map((bucket) => (
            <tr key={bucket.at}>
              <th scope="row">{dateTime(bucket.at)}</th>
              {columns.map((name) => (
                <td key={name}>{number(bucket[name])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
