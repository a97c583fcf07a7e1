import type { ReactNode } from "react";
import styles from "./toggle-chip.module.css";

interface ToggleChipProps {
  readonly pressed: boolean;
  readonly onClick: () => void;
  /** How many it stands for; without it no number is shown. */
  readonly count?: string | undefined;
  readonly children: ReactNode;
}

/** A filter that is on or off. */
export function ToggleChip({ pressed, onClick, count, children }: ToggleChipProps): ReactNode {
  return (
    <button type="button" className={styles.chip} aria-pressed={pressed} onClick={onClick}>
      {children}
      {count !== undefined && <span className={styles.count}> {count}</span>}
    </button>
  );
}

/** Takes all filters away. */
export function ClearFilters({ onClick, children }: { readonly onClick: () => void; readonly children: ReactNode }): ReactNode {
  return (
    <button type="button" className={styles.clear} onClick={onClick}>
      {children}
    </button>
  );
}
