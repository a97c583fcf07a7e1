import type { Risk } from "@heliograph/client";
import { IconAlertTriangle, IconCircle, IconFlame, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTexts } from "./language.js";
import { sharedTexts } from "./texts.js";
import styles from "./risk.module.css";

const icons = { low: IconCircle, medium: IconInfoCircle, high: IconAlertTriangle, critical: IconFlame };

/** The risk of an action. Shape, word and colour carry the same information. */
export function RiskTag({ risk, compact = false }: { readonly risk: Risk; readonly compact?: boolean }): ReactNode {
  const label = useTexts(sharedTexts).risks[risk];
  const Icon = icons[risk];
  return (
    <span className={styles.tag} data-risk={risk} data-compact={compact} title={label}>
      <Icon size={compact ? 18 : 14} stroke={2} aria-hidden />
      <span className={compact ? "visually-hidden" : undefined}>{label}</span>
    </span>
  );
}
