import { copyText } from "@heliograph/react";
import { memo, useState, type ReactNode } from "react";
import { AgentText, FoldedText } from "../shared/agent-text.js";
import { isList, JsonNumber, readJson, writeJson, type Json } from "../shared/exact-json.js";
import { useTexts } from "../shared/language.js";
import { requestTexts } from "./request-texts.js";
import styles from "./json-view.module.css";

/** A tree with more values, or deeper, is shown as text at first: the page stays quick and the indentation readable. */
const MAX_VALUES = 400;
const MAX_DEPTH = 6;

/** JSON as a tree with each value of its type, or as text, with a button to copy it. */
export const JsonView = memo(function JsonView({ text }: { readonly text: string }): ReactNode {
  const texts = useTexts(requestTexts).json;
  const value = read(text);
  const raw = value === undefined ? text : writeJson(value);
  const fits = value !== undefined && sizeOf(value, 0) <= MAX_VALUES;
  const [chosen, setTree] = useState<boolean>();
  const tree = value !== undefined && (chosen ?? fits);
  return (
    <>
      <div className={styles.tools} role="group" aria-label={texts.showAs}>
        <button type="button" aria-pressed={tree} disabled={value === undefined || !fits} onClick={() => setTree(true)}>
          {texts.table}
        </button>
        <button type="button" aria-pressed={!tree} onClick={() => setTree(false)}>
          {texts.text}
        </button>
        <Copy text={raw} />
      </div>
      {tree ? (
        <Value value={value} />
      ) : (
        <pre className={styles.text}>
          <AgentText text={raw} kind="prose" />
        </pre>
      )}
    </>
  );
});

function Copy({ text }: { readonly text: string }): ReactNode {
  const texts = useTexts(requestTexts).json;
  const [copied, setCopied] = useState<boolean>();
  return (
    <>
      <button type="button" onClick={() => void copyText(text).then(setCopied)}>
        {copied === true ? texts.copied : texts.copy}
      </button>
      {copied === false && (
        <label className={styles.copy}>
          {texts.copyByHand}
          <textarea readOnly value={text} ref={(field) => field?.select()} />
        </label>
      )}
    </>
  );
}

function Value({ value }: { readonly value: Json }): ReactNode {
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
  const fields: readonly (readonly [string | number, Json])[] = isList(value) ? value.map((item, index) => [index, item]) : [...value];
  if (fields.length === 0) return <span className={styles.empty}>{isList(value) ? `[] ${texts.emptyList}` : `{} ${texts.noFields}`}</span>;
  return (
    <dl className={styles.table}>
      {fields.map(([key, item]) => (
        <div key={key}>
          <dt>{typeof key === "number" ? `[${key}]` : key === "" ? '""' : <AgentText text={key} kind="name" />}</dt>
          <dd data-type={typeOf(item)}>
            <Value value={item} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function typeOf(value: Json): string {
  return value instanceof JsonNumber ? "number" : value === null ? "null" : typeof value;
}

/** How many values there are; infinite when they are nested too deep. */
function sizeOf(value: Json, depth: number): number {
  if (value === null || typeof value !== "object" || value instanceof JsonNumber) return 1;
  if (depth >= MAX_DEPTH) return Infinity;
  return (isList(value) ? value : [...value.values()]).reduce((sum, item) => sum + sizeOf(item, depth + 1), 1);
}

function read(text: string): Json | undefined {
  try {
    return readJson(text, { exactNumbers: false });
  } catch {
    return undefined;
  }
}
