import { Skeleton } from "@mantine/core";
import { copyText } from "@heliograph/react";
import { memo, Suspense, useEffect, useState, type ReactNode } from "react";
import { AgentText } from "../shared/agent-text.js";
import { JsonNumber, readJson, writeJson, type Json } from "../shared/exact-json.js";
import { useTexts } from "../shared/language.js";
import { lazyPart } from "../shared/lazy-part.js";
import { entriesOf, isFilled, JsonScalar } from "./json-scalar.js";
import { requestTexts } from "./request-texts.js";
import styles from "./json-view.module.css";

const tree = lazyPart(() => import("./json-tree.js").then(({ JsonTree }) => JsonTree));

/** JSON with more values, or deeper, is shown as text at first, and never as a table: the page stays quick and the indentation readable. */
const MAX_VALUES = 400;
const MAX_DEPTH = 6;

interface JsonViewProps {
  readonly text: string;
  /** Called when a part of the JSON is not on the page because it is closed, and when none is any more. Keep it the same. */
  readonly onFolded?: (folded: boolean) => void;
}

/** JSON as a table with each value of its type, as a tree, or as text, with a button to copy it. */
export const JsonView = memo(function JsonView({ text, onFolded }: JsonViewProps): ReactNode {
  const texts = useTexts(requestTexts).json;
  const value = read(text);
  const raw = value === undefined ? text : writeJson(value);
  const fits = value !== undefined && sizeOf(value, 0) <= MAX_VALUES;
  const [chosen, choose] = useState<"table" | "tree" | "text">();
  const [closed, setClosed] = useState(true);
  const form = value === undefined ? "text" : (chosen ?? (fits ? "table" : "text"));
  // A tree that is not loaded yet shows nothing.
  const folded = form === "tree" && closed;
  useEffect(() => {
    onFolded?.(folded);
    return () => onFolded?.(false);
  }, [folded, onFolded]);
  return (
    <>
      <div className={styles.tools} role="group" aria-label={texts.showAs}>
        <button type="button" aria-pressed={form === "table"} disabled={!fits} onClick={() => choose("table")}>
          {texts.table}
        </button>
        <button type="button" aria-pressed={form === "tree"} disabled={value === undefined} onClick={() => choose("tree")}>
          {texts.tree}
        </button>
        <button type="button" aria-pressed={form === "text"} onClick={() => choose("text")}>
          {texts.text}
        </button>
        <Copy text={raw} />
      </div>
      {form === "text" || value === undefined ? (
        <pre className={styles.text}>
          <AgentText text={raw} kind="prose" />
        </pre>
      ) : form === "table" ? (
        <Value value={value} />
      ) : (
        <Suspense fallback={<Skeleton height={80} />}>
          <tree.Part value={value} onClosed={setClosed} />
        </Suspense>
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
  if (!isFilled(value)) return <JsonScalar value={value} />;
  return (
    <dl className={styles.table}>
      {entriesOf(value).map(([key, item]) => (
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
  return entriesOf(value).reduce((sum, [, item]) => sum + sizeOf(item, depth + 1), 1);
}

function read(text: string): Json | undefined {
  try {
    return readJson(text, { exactNumbers: false });
  } catch {
    return undefined;
  }
}
