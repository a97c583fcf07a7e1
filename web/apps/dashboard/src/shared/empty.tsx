import type { ReactNode } from "react";
import { Link } from "wouter";
import { useTexts } from "./language.js";
import { sharedTexts } from "./texts.js";
import styles from "./empty.module.css";

/** The empty state of a list or page. */
export function Empty({ icon, title, children }: { readonly icon?: ReactNode; readonly title: string; readonly children?: ReactNode }): ReactNode {
  return (
    <div className={styles.empty}>
      {icon !== undefined && <div className={styles.icon}>{icon}</div>}
      <h2>{title}</h2>
      <div className={styles.text}>{children}</div>
    </div>
  );
}

export function NotFound(): ReactNode {
  const texts = useTexts(sharedTexts);
  return (
    <Empty title={texts.notFound}>
      <Link href="/">{texts.backToApprovals}</Link>
    </Empty>
  );
}
