import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { AgentText } from "../shared/agent-text.js";
import { isComposing, isPaletteKey } from "../shared/keyboard.js";
import { useTexts } from "../shared/language.js";
import { groups, MAX_SHOWN, type PaletteItem } from "./palette-items.js";
import { paletteTexts } from "./texts.js";
import { usePaletteItems } from "./use-palette-items.js";
import styles from "./palette.module.css";

interface PaletteProps {
  readonly onClose: () => void;
  /** Shows the list of shortcuts. */
  readonly onHelp: () => void;
}

/**
 * Finds screens, actions, agents and pending requests by name. The browser's own dialog: nothing of the page behind it can be reached, and
 * the focus returns when it closes.
 */
export function Palette({ onClose, onHelp }: PaletteProps): ReactNode {
  const texts = useTexts(paletteTexts);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const items = usePaletteItems(typed, onHelp);
  const shown = items.slice(0, MAX_SHOWN);
  const chosen = shown[Math.min(at, shown.length - 1)];

  // In the layout phase: its end comes before the dialog is removed, which would lose the focus.
  useLayoutEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    element?.querySelector("input")?.focus();
    return () => {
      element?.close();
      const focused = document.activeElement;
      if (before instanceof HTMLElement && (focused === null || focused === document.body || element?.contains(focused) === true)) before.focus();
    };
  }, []);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [chosen?.id]);

  const run = (item: PaletteItem) => {
    // First, so that the focus has returned before the action moves it.
    dialog.current?.close();
    onClose();
    item.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" || isPaletteKey(event.nativeEvent)) onClose();
    else if (step !== undefined && shown.length > 0) setAt((Math.min(at, shown.length - 1) + step + shown.length) % shown.length);
    else if (event.key !== "Enter") return;
    else if (chosen !== undefined && !event.repeat) run(chosen);
    event.preventDefault();
  };

  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-label={texts.title}
      aria-modal
      data-testid="palette"
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <input
        className={styles.input}
        role="combobox"
        aria-label={texts.title}
        aria-expanded
        aria-controls={`${id}list`}
        aria-autocomplete="list"
        aria-activedescendant={chosen === undefined ? undefined : id + chosen.id}
        placeholder={texts.placeholder}
        value={typed}
        maxLength={200}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
      />
      <div ref={list} id={`${id}list`} role="listbox" aria-label={texts.title} className={styles.list}>
        {groups.map((group) => (
          <Options key={group} label={texts.groups[group]} items={shown.filter((item) => item.group === group)} chosen={chosen} id={id} onRun={run} />
        ))}
      </div>
      {shown.length === 0 && <p className={styles.note}>{texts.none}</p>}
      <p className={styles.note}>{items.length > shown.length ? texts.more(shown.length) : texts.keys}</p>
      <p role="status" className="visually-hidden">
        {texts.results(items.length)}
      </p>
    </dialog>
  );
}

interface OptionsProps {
  readonly label: string;
  readonly items: readonly PaletteItem[];
  readonly chosen: PaletteItem | undefined;
  /** Begins the ids of the options. */
  readonly id: string;
  readonly onRun: (item: PaletteItem) => void;
}

function Options({ label, items, chosen, id, onRun }: OptionsProps): ReactNode {
  if (items.length === 0) return null;
  return (
    <div role="group" aria-label={label}>
      <span className={styles.group} aria-hidden>
        {label}
      </span>
      {items.map((item) => (
        <div key={item.id} id={id + item.id} role="option" aria-selected={item.id === chosen?.id} className={styles.option} onClick={() => onRun(item)}>
          {item.written === undefined ? item.label : <AgentText text={item.label} kind={item.written} />}
        </div>
      ))}
    </div>
  );
}
