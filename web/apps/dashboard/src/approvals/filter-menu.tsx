import type { Approval, Facet } from "@heliograph/client";
import { useApprovalFacets, useMembers } from "@heliograph/react";
import type { ReactNode } from "react";
import { useAgentNames } from "../agents/use-agent-name.js";
import { useSession } from "../session/session-context.js";
import { AgentText } from "../shared/agent-text.js";
import { useFormats } from "../shared/formats.js";
import { useTexts } from "../shared/language.js";
import { MenuItem } from "../shared/popup.js";
import { filterTexts } from "./filter-texts.js";
import type { Queue } from "./use-queue.js";
import { approvalsTexts } from "./texts.js";
import { risks, type FilterKind, type Filters, type Tab } from "./view.js";
import styles from "./filter-bar.module.css";

interface FilterMenuProps {
  readonly kind: Exclude<FilterKind, "time">;
  readonly tab: Tab;
  readonly queue: Queue;
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
  readonly onDone: () => void;
}

/** The values of one filter. */
export function FilterMenu({ kind, ...menu }: FilterMenuProps): ReactNode {
  return kind === "by" ? <Deciders {...menu} /> : <Values kind={kind} {...menu} />;
}

/** The most frequent values, with how many requests of the other filters have them. */
function Values({ kind, tab, queue, filters, onChange, onDone }: FilterMenuProps & { readonly kind: "risk" | "agentId" | "action" | "tag" }): ReactNode {
  const texts = useTexts(filterTexts);
  const { number } = useFormats();
  const { [kind]: _, ...others } = queue.filter;
  const { facets, error, isLoading, refetch } = useApprovalFacets(others);
  const agentName = useAgentNames();
  const found = facets?.[kind] ?? [];
  const count = (value: string) => {
    // The server counts all pending requests, not those that the member has claimed.
    if (tab === "mine" || facets === undefined) return undefined;
    const known = found.find((facet) => facet.value === value)?.count ?? (kind === "risk" ? 0 : undefined);
    return known === undefined ? undefined : number(known);
  };
  if (kind === "risk") {
    return risks.map((risk) => (
      <MenuItem
        key={risk}
        checked={{ of: "any", value: filters.risk.includes(risk) }}
        end={count(risk)}
        onClick={() => onChange({ ...filters, risk: risks.filter((other) => (other === risk) !== filters.risk.includes(other)) })}
      >
        {texts.risks[risk]}
      </MenuItem>
    ));
  }
  const chosen = filters[kind];
  const values = withChosen(found, chosen);
  return (
    <>
      {error !== null && facets === undefined && (
        <>
          <p className={styles.note} role="alert">
            {texts.notLoaded(error.message)}
          </p>
          <MenuItem onClick={refetch}>{texts.tryAgain}</MenuItem>
        </>
      )}
      {isLoading && <p className={styles.note}>{texts.loading}</p>}
      {facets !== undefined && values.length === 0 && <p className={styles.note}>{texts.noValue}</p>}
      {values.map((value) => (
        <MenuItem
          key={value}
          checked={{ of: "one", value: value === chosen }}
          end={count(value)}
          onClick={() => {
            onDone();
            onChange({ ...filters, [kind]: value === chosen ? undefined : value });
          }}
        >
          <AgentText text={kind === "agentId" ? agentName(value) : value} kind="name" />
        </MenuItem>
      ))}
      {found.length >= 20 && <p className={styles.note}>{texts.mostFrequent}</p>}
      {facets?.capped === true && <p className={styles.note}>{texts.capped}</p>}
    </>
  );
}

function withChosen(facets: readonly Facet[], chosen: string | undefined): readonly string[] {
  const values = facets.map(({ value }) => value);
  return chosen === undefined || values.includes(chosen) ? values : [chosen, ...values];
}

/** Members, and keys that cancelled a request of the list. */
function Deciders({ queue, filters, onChange, onDone }: Omit<FilterMenuProps, "kind">): ReactNode {
  const texts = useTexts(filterTexts);
  const { you } = useTexts(approvalsTexts);
  const { identity } = useSession();
  const { members, error, isLoading } = useMembers();
  const names = new Map<string, string>([[identity.member.id, you]]);
  const add = (id: string, name: string) => names.has(id) || names.set(id, name);
  members.forEach(({ id, name }) => add(id, name));
  queue.list.approvals.forEach((approval: Approval) => {
    const by = approval.resolution?.by;
    if (by?.id !== undefined) add(by.id, by.name ?? by.id);
  });
  if (filters.by !== undefined) add(filters.by, filters.by);
  return (
    <>
      {[...names].map(([id, name]) => (
        <MenuItem
          key={id}
          checked={{ of: "one", value: id === filters.by }}
          onClick={() => {
            onDone();
            onChange({ ...filters, by: id === filters.by ? undefined : id });
          }}
        >
          <AgentText text={name} kind="name" />
        </MenuItem>
      ))}
      {isLoading && <p className={styles.note}>{texts.loading}</p>}
      {error !== null && <p className={styles.note}>{texts.membersNotLoaded(error.message)}</p>}
    </>
  );
}
