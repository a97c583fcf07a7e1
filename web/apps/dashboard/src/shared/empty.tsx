import type { ReactNode } from "react";
import { Link } from "wouter";
import { useTexts } from "./language.js";
import { sharedTexts } from "./texts.js";
import styles from "./empty.module.css";

interface EmptyProps {
  readonly icon?: ReactNode;
  readonly title: string;
  /** `h1` when it stands for the whole page. */
  readonly heading?: "h1" | "h2";
  readonly children?: ReactNode;
}

/** The empty state of a list or page. */
export function Empty({ icon, title, heading: Heading = "h2", children }: EmptyProps): ReactNode {
  return (
    <div className={styles.empty}>
      {icon !== undefined && <div className={styles.icon}>{icon}</div>}
      <Heading>{title}</Heading>
      <div className={styles.text}>{children}</div>
    </div>
  );
}

export function NotFound(): ReactNode {
  const texts = useTexts(sharedTexts);
  return (
    <Empty heading="h1" title={texts.notFound}>
      <Link href="/approvals">{texts.backToApprovals}</Link>
    </Empty>
  );
}
