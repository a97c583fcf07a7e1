import type { LimitUse } from "@heliograph/client";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Cell, HeadCell, Row } from "../shared/data-table.js";
import { useFormats } from "../shared/formats.js";
import { localeOf, useLanguage, useTexts } from "../shared/language.js";
import { bytesText } from "./bytes.js";
import { usageTexts } from "./usage-texts.js";
import styles from "./usage.module.css";

/** From this share on, a limit is near. */
const NEAR = 0.8;

export function isNear({ used, limit }: LimitUse): boolean {
  return used >= NEAR * limit;
}

/** One limit: how much of it is used, in numbers and as a bar. */
export function UsageRow({ use }: { readonly use: LimitUse }): ReactNode {
  const texts = useTexts(usageTexts);
  const { language } = useLanguage();
  const { number, percent } = useFormats();
  const { name, used, limit, unit, scope, perNode, perSecond, setting } = use;
  const amount = (value: number) => (unit === "bytes" ? bytesText(value, localeOf(language)) : number(value));
  const label = Object.hasOwn(texts.limits, name) ? (texts.limits[name] ?? name) : name;
  const amounts = texts.usedOf(amount(used), amount(limit));
  const share = Math.min(1, used / limit);
  return (
    <Row id={`${scope} ${name}`}>
      <HeadCell>{label}</HeadCell>
      <Cell label={texts.used}>
        <div className={styles.use}>
          <span>{amounts}</span>
          <div role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={limit} aria-valuenow={Math.min(used, limit)} aria-valuetext={amounts} className={styles.meter} data-near={isNear(use)}>
            <div style={{ inlineSize: `${share * 100}%` }} />
          </div>
          {isNear(use) && (
            <span className={styles.near}>
              <IconAlertTriangle size={15} stroke={2} aria-hidden />
              {used >= limit ? texts.full : texts.nearly(percent(share))}
            </span>
          )}
          {perSecond !== undefined && <span className={styles.minor}>{texts.perSecond(perSecond)}</span>}
          {perNode && <span className={styles.minor}>{texts.perNode}</span>}
        </div>
      </Cell>
      <Cell label={texts.setting}>
        <code className={styles.setting}>{setting}</code>
      </Cell>
    </Row>
  );
}
