import type { ReactNode } from "react";
import { FoldedText } from "../shared/agent-text.js";
import { isList, JsonNumber, type Json } from "../shared/exact-json.js";
import { useTexts } from "../shared/language.js";
import { requestTexts } from "./request-texts.js";
import styles from "./json-view.module.css";

/** A value with others inside of it. */
export type JsonContainer = readonly Json[] | ReadonlyMap<string, Json>;

/** Whether there is anything inside of a value. */
export function isFilled(value: Json): value is JsonContainer {
  return typeof value === "object" && value !== null && !(value instanceof JsonNumber) && (isList(value) ? value.length : value.size) > 0;
}

/** What is inside, by key or index. */
export function entriesOf(value: JsonContainer): readonly (readonly [string | number, Json])[] {
  return isList(value) ? value.map((item, index) => [index, item]) : [...value];
}

/** A value with nothing inside, such that its type is seen. */
export function JsonScalar({ value }: { readonly value: Json }): ReactNode {
  const texts = useTexts(requestTexts).json;
  if (value === null || typeof value === "boolean") return <span className={styles.exact}>{String(value)}</span>;
  if (value instanceof JsonNumber) return <span className={styles.exact}>{value.text}</span>;
  if (typeof value === "string") {
    return (
      <>
        <span className={styles.quote}>&quot;</span>
        <FoldedText text={value} kind="value" />
        <span className={styles.quote}>&quot;</span>
      </>
    );
  }
  return <span className={styles.empty}>{isList(value) ? `[] ${texts.emptyList}` : `{} ${texts.noFields}`}</span>;
}
