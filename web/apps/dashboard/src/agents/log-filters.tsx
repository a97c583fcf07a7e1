import type { ReactNode } from "react";
import { useTexts } from "../shared/language.js";
import { isNarrowed, kindGroups, logRoles, wholeLog, withKind } from "./log-view.js";
import { agentsTexts } from "./texts.js";
import { ClearFilters, ToggleChip } from "./toggle-chip.js";
import type { Transcript } from "./use-transcript.js";
import styles from "./transcript.module.css";

/** Chooses messages of a log by kind and by who wrote them, and says how many were looked through. */
export function LogFilters({ transcript: { log, shown, view, change } }: { readonly transcript: Transcript }): ReactNode {
  const texts = useTexts(agentsTexts);
  const filters = texts.logFilters;
  return (
    <div className={styles.filters} role="group" aria-label={filters.label}>
      {kindGroups.map((kind) => (
        <ToggleChip key={kind} pressed={view.kinds.includes(kind)} onClick={() => change(withKind(view, kind))}>
          {filters.kinds[kind]}
        </ToggleChip>
      ))}
      <select
        className={styles.role}
        aria-label={filters.role}
        value={view.role ?? ""}
        onChange={({ currentTarget: { value } }) => change({ ...view, role: logRoles.find((role) => role === value) })}
      >
        <option value="">{filters.anyRole}</option>
        {logRoles.map((role) => (
          <option key={role} value={role}>
            {filters.roles[role]}
          </option>
        ))}
      </select>
      {isNarrowed(view) && (
        <>
          <span className={styles.matches} data-testid="matches">
            {filters.matches(shown.length, log.messages.length)}
          </span>
          <ClearFilters onClick={() => change(wholeLog)}>{texts.clearFilters}</ClearFilters>
        </>
      )}
    </div>
  );
}
