import { useId, type ReactNode, type RefObject } from "react";
import styles from "./settings.module.css";

interface SectionProps {
  readonly title: string;
  readonly text?: string;
  /** Of the heading, which takes the focus when the row that had it is gone. */
  readonly heading?: RefObject<HTMLHeadingElement | null>;
  /** A button beside the heading. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** One section of the settings. */
export function Section({ title, text, heading, action, children }: SectionProps): ReactNode {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.sectionHead}>
        <div>
          <h2 id={id} ref={heading} tabIndex={-1}>
            {title}
          </h2>
          {text !== undefined && <p>{text}</p>}
        </div>
        {action}
      </div>
      {children}
    </section>
  );
}
