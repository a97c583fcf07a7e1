import type { ReactNode } from "react";
import { Link } from "wouter";
import styles from "./empty.module.css";

/** A place where nothing is, and what that means. */
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
  return (
    <Empty title="There is no such page">
      <Link href="/">Back to the approvals</Link>
    </Empty>
  );
}
