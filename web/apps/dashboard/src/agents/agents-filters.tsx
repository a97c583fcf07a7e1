import type { Agent } from "@heliograph/client";
import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useEffectEvent, useState, type ReactNode } from "react";
import { useFormats } from "../shared/formats.js";
import { useTexts } from "../shared/language.js";
import { agentStates, allAgents, areNarrowed, isNamed, MAX_NAME, nameOf, withState, type AgentsView } from "./agents-view.js";
import { agentsTexts } from "./texts.js";
import { ClearFilters, ToggleChip } from "./toggle-chip.js";
import styles from "./agents-page.module.css";

interface AgentsFiltersProps {
  readonly agents: readonly Agent[];
  readonly shown: number;
  readonly view: AgentsView;
  readonly change: (view: AgentsView) => void;
  /** Looks for a part of a name; Back does not return to each of them. */
  readonly find: (name: string) => void;
}

/** After so long without a key, the name is looked for. Milliseconds. */
const PAUSE = 200;

/** Chooses agents by name and by state. Each state says how many agents with the name have it. */
export function AgentsFilters({ agents, shown, view, change, find }: AgentsFiltersProps): ReactNode {
  const texts = useTexts(agentsTexts);
  const { number } = useFormats();
  const [typed, type] = useTyped(view.name, find);
  const named = agents.filter((agent) => isNamed(agent, view.name));
  return (
    <div className={styles.filters} role="group" aria-label={texts.filters}>
      <TextInput
        size="xs"
        className={styles.search}
        placeholder={texts.name}
        aria-label={texts.filterByName}
        leftSection={<IconSearch size={14} stroke={1.8} aria-hidden />}
        maxLength={MAX_NAME}
        value={typed}
        onChange={(event) => type(event.currentTarget.value)}
      />
      {agentStates.map((state) => (
        <ToggleChip key={state} pressed={view.states.includes(state)} count={number(named.filter(({ status }) => status === state).length)} onClick={() => change(withState(view, state))}>
          {texts.states[state]}
        </ToggleChip>
      ))}
      {areNarrowed(view) && (
        <>
          <span role="status">{texts.shownOf(shown, agents.length)}</span>
          <ClearFilters onClick={() => change(allAgents)}>{texts.clearFilters}</ClearFilters>
        </>
      )}
    </div>
  );
}

/** What is typed. The address has it after a pause, and the field what the address gets by Back or a link. */
function useTyped(name: string, find: (name: string) => void): [typed: string, type: (text: string) => void] {
  const [typed, type] = useState(name);
  const [known, setKnown] = useState(name);
  if (known !== name) {
    setKnown(name);
    if (nameOf(typed) !== name) type(name);
  }
  const wanted = nameOf(typed);
  const findNow = useEffectEvent(() => find(wanted));
  useEffect(() => {
    if (wanted === known) return undefined;
    const timer = setTimeout(() => findNow(), PAUSE);
    return () => clearTimeout(timer);
  }, [wanted, known]);
  return [typed, type];
}
