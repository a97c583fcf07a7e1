import { IconChevronDown } from "@tabler/icons-react";
import { Suspense, type ReactNode } from "react";
import { useAgentNames } from "../agents/use-agent-name.js";
import { AgentText } from "../shared/agent-text.js";
import { Boundary } from "../shared/boundary.js";
import { lazyPart } from "../shared/lazy-part.js";
import { PopupPanel, usePopup } from "../shared/popup.js";
import { filterLabels, periodTexts, type FilterKind } from "./filter-texts.js";
import { useMemberNames } from "./use-member-names.js";
import type { Queue } from "./use-queue.js";
import type { ViewControls } from "./use-view.js";
import { isFiltered, noFilters, type Filters } from "./view.js";
import styles from "./filter-bar.module.css";

const filterMenu = lazyPart(() => import("./filter-menu.js").then(({ FilterMenu }) => FilterMenu));
const timeFilter = lazyPart(() => import("./time-filter.js").then(({ TimeFilter }) => TimeFilter));

const kinds: readonly FilterKind[] = ["risk", "agentId", "action", "tag", "time"];

interface FilterBarProps {
  readonly controls: ViewControls;
  readonly queue: Queue;
}

/** The filters of a list, each a button that says its value and opens its menu. */
export function FilterBar({ controls, queue }: FilterBarProps): ReactNode {
  const { view, change } = controls;
  const shown = view.tab === "decided" ? [...kinds, "by" as const] : kinds;
  return (
    <div className={styles.bar} role="group" aria-label="Filters">
      {shown.map((kind) => (
        <Chip key={kind} kind={kind} controls={controls} queue={queue} />
      ))}
      {isFiltered(view.filters) && (
        <button type="button" className={styles.clear} onClick={() => change({ ...view, filters: noFilters })}>
          Clear filters
        </button>
      )}
    </div>
  );
}

function Chip({ kind, controls, queue }: { readonly kind: FilterKind } & FilterBarProps): ReactNode {
  const { opened, toggle, dismiss, root, button } = usePopup();
  const { filters } = controls.view;
  const value = useValueText(kind, filters);
  const part = kind === "time" ? timeFilter : filterMenu;
  const set = (next: Filters) => controls.change({ ...controls.view, filters: next });
  return (
    <div ref={root}>
      <button
        ref={button}
        type="button"
        className={styles.chip}
        data-active={value !== undefined}
        data-filter={kind}
        aria-haspopup={kind === "time" ? "dialog" : "menu"}
        aria-expanded={opened}
        onPointerEnter={part.preload}
        onFocus={part.preload}
        onClick={toggle}
      >
        <span className={styles.value}>
          {filterLabels[kind]}
          {value !== undefined && (
            <>
              : <AgentText text={value} kind="name" />
            </>
          )}
        </span>
        <IconChevronDown size={13} stroke={2} aria-hidden />
      </button>
      {opened && (
        <PopupPanel role={kind === "time" ? "dialog" : "menu"} label={filterLabels[kind]} className={styles.menu}>
          <Boundary name="The filter">
            <Suspense fallback={<div className={styles.loading} />}>
              {kind === "time" ? (
                <timeFilter.Part filters={filters} onChange={set} onDone={dismiss} />
              ) : (
                <filterMenu.Part kind={kind} tab={controls.view.tab} queue={queue} filters={filters} onChange={set} onDone={dismiss} />
              )}
            </Suspense>
          </Boundary>
        </PopupPanel>
      )}
    </div>
  );
}

/** What a filter is set to; undefined when it is not. */
function useValueText(kind: FilterKind, filters: Filters): string | undefined {
  const agentName = useAgentNames();
  const memberName = useMemberNames(kind === "by" && filters.by !== undefined);
  switch (kind) {
    case "risk":
      return filters.risk.length === 0 ? undefined : filters.risk.join(", ");
    case "agentId":
      return filters.agentId === undefined ? undefined : agentName(filters.agentId);
    case "action":
      return filters.action;
    case "tag":
      return filters.tag;
    case "by":
      return filters.by === undefined ? undefined : memberName(filters.by);
    case "time":
      if (filters.period !== undefined) return periodTexts[filters.period].toLowerCase();
      return rangeText(filters);
  }
}

function rangeText({ from, to }: Filters): string | undefined {
  const text = (instant: string) => new Date(instant).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
  if (from === undefined) return to === undefined ? undefined : `before ${text(to)}`;
  return to === undefined ? `since ${text(from)}` : `${text(from)} – ${text(to)}`;
}
