import type { Risk } from "@heliograph/client";
import { IconAlertTriangle, IconCircle, IconFlame, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import styles from "./risk.module.css";

const labels = { low: "Low risk", medium: "Medium risk", high: "High risk", critical: "Critical risk" };
const icons = { low: IconCircle, medium: IconInfoCircle, high: IconAlertTriangle, critical: IconFlame };

/** The risk of an action. Shape, word and colour carry the same information. */
export function RiskTag({ risk, compact = false }: { readonly risk: Risk; readonly compact?: boolean }): ReactNode {
  const Icon = icons[risk];
  return (
    <span className={styles.tag} data-risk={risk} data-compact={compact} title={labels[risk]}>
      <Icon size={compact ? 18 : 14} stroke={2} aria-hidden />
      <span className={compact ? "visually-hidden" : undefined}>{labels[risk]}</span>
    </span>
  );
}
