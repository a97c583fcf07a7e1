import { IconChevronDown } from "@tabler/icons-react";
import { Suspense, type ReactNode } from "react";
import { useAgentNames } from "../agents/use-agent-name.js";
import { AgentText } from "../shared/agent-text.js";
import { Boundary } from "../shared/boundary.js";
import { useFormats, type Formats } from "../shared/formats.js";
import { useTexts } from "../shared/language.js";
import { lazyPart } from "../shared/lazy-part.js";
import { PopupPanel, usePopup } from "../shared/popup.js";
import { approvalsTexts, type ApprovalsTexts } from "./texts.js";
import { useMemberNames } from "./use-member-names.js";
import type { Queue } from "./use-queue.js";
import type { ViewControls } from "./use-view.js";
import { isFiltered, noFilters, type FilterKind, type Filters } from "./view.js";
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
  const texts = useTexts(approvalsTexts);
  const { view, change } = controls;
  const shown = view.tab === "decided" ? [...kinds, "by" as const] : kinds;
  return (
    <div className={styles.bar} role="group" aria-label={texts.filters}>
      {shown.map((kind) => (
        <Chip key={kind} kind={kind} controls={controls} queue={queue} />
      ))}
      {isFiltered(view.filters) && (
        <button type="button" className={styles.clear} onClick={() => change({ ...view, filters: noFilters })}>
          {texts.clearFilters}
        </button>
      )}
    </div>
  );
}

function Chip({ kind, controls, queue }: { readonly kind: FilterKind } & FilterBarProps): ReactNode {
  const texts = useTexts(approvalsTexts);
  const { opened, toggle, dismiss, root, button } = usePopup();
  const { filters } = controls.view;
  const value = useValueText(kind, filters);
  const part = kind === "time" ? timeFilter : filterMenu;
  const label = texts.filterLabels[kind];
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
          {value === undefined ? label : texts.filterValue(label, <AgentText text={value} kind="name" />)}
        </span>
        <IconChevronDown size={13} stroke={2} aria-hidden />
      </button>
      {opened && (
        <PopupPanel role={kind === "time" ? "dialog" : "menu"} label={label} className={styles.menu}>
          <Boundary name={texts.parts.filter}>
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
  const texts = useTexts(approvalsTexts);
  const formats = useFormats();
  const agentName = useAgentNames();
  const memberName = useMemberNames(kind === "by" && filters.by !== undefined);
  switch (kind) {
    case "risk":
      return filters.risk.length === 0 ? undefined : filters.risk.map((risk) => texts.riskValues[risk]).join(", ");
    case "agentId":
      return filters.agentId === undefined ? undefined : agentName(filters.agentId);
    case "action":
      return filters.action;
    case "tag":
      return filters.tag;
    case "by":
      return filters.by === undefined ? undefined : memberName(filters.by);
    case "time":
      if (filters.period !== undefined) return texts.periodValues[filters.period];
      return rangeText(filters, texts, formats);
  }
}

function rangeText({ from, to }: Filters, { before, since }: Pick<ApprovalsTexts, "before" | "since">, { dateTime }: Formats): string | undefined {
  if (from === undefined) return to === undefined ? undefined : before(dateTime(to));
  return to === undefined ? since(dateTime(from)) : `${dateTime(from)} – ${dateTime(to)}`;
}
