import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode, type RefObject } from "react";
import styles from "./popup.module.css";

export interface Popup {
  readonly opened: boolean;
  readonly toggle: () => void;
  /** Closes the panel; the focus stays where it is. */
  readonly close: () => void;
  /** Closes the panel; the focus goes back to the button. */
  readonly dismiss: () => void;
  /** Of the element that has the button and the panel. */
  readonly root: RefObject<HTMLDivElement | null>;
  readonly button: RefObject<HTMLButtonElement | null>;
}

/** A panel that opens by a button. Escape closes it, and so does a press or the focus outside of it. */
export function usePopup(): Popup {
  const [opened, setOpened] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => setOpened(false);
  useEffect(() => {
    if (!opened) return undefined;
    const onOutside = (event: Event) => {
      if (event.target instanceof Node && root.current?.contains(event.target) !== true) setOpened(false);
    };
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      setOpened(false);
      button.current?.focus();
    };
    document.addEventListener("pointerdown", onOutside, true);
    document.addEventListener("focusin", onOutside, true);
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("pointerdown", onOutside, true);
      document.removeEventListener("focusin", onOutside, true);
      document.removeEventListener("keydown", onKey);
    };
  }, [opened]);
  return {
    opened,
    toggle: () => setOpened(!opened),
    close,
    dismiss: () => {
      close();
      button.current?.focus();
    },
    root,
    button,
  };
}

interface PopupPanelProps {
  readonly role: "dialog" | "menu";
  readonly label: string;
  /** Says where the panel is: the element around it with a position is its frame. */
  readonly className: string | undefined;
  readonly children: ReactNode;
}

const ITEMS = "[role^=menuitem]:not(:disabled)";

/** The panel of a popup. It takes the focus when it opens: a menu by its checked or first item, where the arrow keys move it. */
export function PopupPanel({ role, label, className, children }: PopupPanelProps): ReactNode {
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = panel.current;
    const item = role === "menu" ? (element?.querySelector<HTMLElement>(`[aria-checked=true]`) ?? element?.querySelector<HTMLElement>(ITEMS)) : undefined;
    (item ?? element)?.focus({ preventScroll: true });
  }, [role]);
  return (
    <div
      ref={panel}
      role={role}
      aria-label={label}
      tabIndex={-1}
      className={[styles.panel, className].filter(Boolean).join(" ")}
      onKeyDown={role === "menu" ? moveInMenu : undefined}
    >
      {children}
    </div>
  );
}

function moveInMenu(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>(ITEMS)];
  const at = items.findIndex((item) => item === document.activeElement);
  const next = { ArrowDown: (at + 1) % items.length, ArrowUp: at <= 0 ? items.length - 1 : at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items[next]?.focus();
}

interface MenuItemProps {
  readonly icon?: ReactNode;
  readonly onClick: () => void;
  /** Of several items, of which one is chosen (`one`) or any (`any`), whether this is; without it the item is an action. */
  readonly checked?: { readonly of: "one" | "any"; readonly value: boolean };
  /** At the end of the line, such as a number. */
  readonly end?: ReactNode;
  readonly children: ReactNode;
}

export function MenuItem({ icon, onClick, checked, end, children }: MenuItemProps): ReactNode {
  const role = checked === undefined ? "menuitem" : checked.of === "one" ? "menuitemradio" : "menuitemcheckbox";
  return (
    <button type="button" role={role} aria-checked={checked?.value} tabIndex={-1} className={styles.item} onClick={onClick}>
      {icon}
      <span className={styles.text}>{children}</span>
      {end !== undefined && <span className={styles.end}>{end}</span>}
      {checked !== undefined && (
        <span className={styles.check} aria-hidden>
          {checked.value ? "✓" : ""}
        </span>
      )}
    </button>
  );
}
