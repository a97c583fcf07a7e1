import type { ReactNode } from "react";
import { AgentText } from "../shared/agent-text.js";
import styles from "./approval-detail.module.css";

/** What could not be shown in its own way. */
export function Plain({ text }: { readonly text: string }): ReactNode {
  return (
    <pre className={styles.plain}>
      <AgentText text={text} kind="prose" />
    </pre>
  );
}
