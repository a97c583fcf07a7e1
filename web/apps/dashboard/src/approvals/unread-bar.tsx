import type { Approval } from "@heliograph/client";
import { IconArrowDown } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTexts } from "../shared/language.js";
import { requestTexts, type RequestTexts } from "./request-texts.js";
import styles from "./unread-bar.module.css";

/** A part of a request whose end was not on the screen yet. */
export interface Unread {
  readonly part: keyof RequestTexts["continues"] | "folded";
  /** 0 while it is visible, or not here yet, or closed in the tree of the arguments (`folded`). */
  readonly linesBelow: number;
}

/** Whether approving waits for it: what is high or critical is approved by somebody who saw all of it. */
export function waitsForReading({ risk }: Approval, unread: Unread | undefined): boolean {
  return unread !== undefined && (risk === "high" || risk === "critical");
}

/** Says how much of a request is below, and scrolls on by what is visible. */
export function UnreadBar({ unread: { part, linesBelow } }: { readonly unread: Unread }): ReactNode {
  const texts = useTexts(requestTexts);
  if (part === "folded") {
    return (
      <p className={styles.bar} data-testid="unread-bar">
        {texts.argsFolded}
      </p>
    );
  }
  if (linesBelow === 0) return null;
  const scroll = (button: Element) => {
    const pane = paneOf(button);
    pane?.scrollBy({ top: pane.clientHeight / 2 });
  };
  return (
    <p className={styles.bar} data-testid="unread-bar">
      {texts.continues[part](linesBelow)}
      <button type="button" onClick={(event) => scroll(event.currentTarget)}>
        <IconArrowDown size={14} stroke={2} aria-hidden /> {texts.scroll}
      </button>
    </p>
  );
}

/** The element that scrolls. */
function paneOf(element: Element): Element | null {
  let at = element.parentElement;
  while (at !== null && !(at.scrollHeight > at.clientHeight && /auto|scroll/.test(getComputedStyle(at).overflowY))) at = at.parentElement;
  return at;
}
