import type { ReactNode } from "react";
import styles from "./json-view.module.css";

/** Formatted JSON: an object of scalars as a table, anything else as indented text. */
export function JsonView({ value }: { readonly value: unknown }): ReactNode {
  if (isFlat(value)) {
    return (
      <dl className={styles.table}>
        {Object.entries(value).map(([key, item]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd data-type={typeof item}>{typeof item === "string" ? item : JSON.stringify(item)}</dd>
          </div>
        ))}
      </dl>
    );
  }
  return (
    <pre className={styles.text} tabIndex={0}>
      {JSON.stringify(value, null, 2)}
    </pre>
  );
}

function isFlat(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length > 0 &&
    Object.values(value).every((item) => typeof item !== "object" || item === null)
  );
}
