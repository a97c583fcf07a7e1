import { Button } from "@mantine/core";
import { useId, type ReactNode } from "react";
import { Link } from "wouter";
import { Boundary } from "../shared/boundary.js";
import { useTexts } from "../shared/language.js";
import { sharedTexts } from "../shared/texts.js";
import styles from "./overview.module.css";

interface PanelProps {
  readonly title: string;
  /** What the panel is, for what could not be shown. */
  readonly part: string;
  /** Where there is more. */
  readonly more?: { readonly href: string; readonly text: string };
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** One part of the overview. An error in it stays in it. */
export function Panel({ title, part, more, wide = false, children }: PanelProps): ReactNode {
  const heading = useId();
  return (
    <section className={styles.panel} aria-labelledby={heading} data-wide={wide}>
      <div className={styles.panelHead}>
        <h2 id={heading}>{title}</h2>
        {more !== undefined && <Link href={more.href}>{more.text}</Link>}
      </div>
      <Boundary name={part}>{children}</Boundary>
    </section>
  );
}

/** Says that a part could not be loaded and why, with a button to try again. */
export function NotLoaded({ part, error, onRetry }: { readonly part: string; readonly error: Error; readonly onRetry: () => void }): ReactNode {
  const texts = useTexts(sharedTexts);
  return (
    <div className={styles.failed} role="note">
      <p>{texts.partNotLoaded(part)}</p>
      <p className={styles.quiet}>{error.message}</p>
      <Button size="compact-sm" variant="light" onClick={onRetry}>
        {texts.reload}
      </Button>
    </div>
  );
}
