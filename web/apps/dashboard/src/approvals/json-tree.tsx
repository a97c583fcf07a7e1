import { useEffect, useState, type ReactNode } from "react";
import { AgentText } from "../shared/agent-text.js";
import type { Json } from "../shared/exact-json.js";
import { useTexts } from "../shared/language.js";
import { entriesOf, isFilled, JsonScalar } from "./json-scalar.js";
import { treeTexts } from "./tree-texts.js";
import toolStyles from "./json-view.module.css";
import styles from "./json-tree.module.css";

/** A tree with more values begins with all closed from this depth on. */
const MAX_VALUES = 400;
const OPEN_DEPTH = 2;
/** More values are not opened at once: they are too many for the page. */
const MAX_OPEN = 5_000;

interface JsonTreeProps {
  readonly value: Json;
  /** Called with whether a part is closed, for the first time when the tree is on the page. Keep it the same. */
  readonly onClosed: (closed: boolean) => void;
}

/** JSON as a tree: what has others inside is opened and closed. */
export function JsonTree({ value, onClosed }: JsonTreeProps): ReactNode {
  const texts = useTexts(treeTexts);
  const size = sizeOf(value);
  const [closed, setClosed] = useState<ReadonlySet<string>>(() => (size > MAX_VALUES ? pathsFrom(value, OPEN_DEPTH) : new Set()));
  const anyClosed = closed.size > 0;
  useEffect(() => onClosed(anyClosed), [anyClosed, onClosed]);
  const toggle = (path: string) =>
    setClosed((known) => {
      const next = new Set(known);
      if (!next.delete(path)) next.add(path);
      return next;
    });
  return (
    <div className={styles.tree}>
      <div className={toolStyles.tools}>
        <button type="button" disabled={!anyClosed || size > MAX_OPEN} onClick={() => setClosed(new Set())}>
          {texts.openAll}
        </button>
        <button type="button" onClick={() => setClosed(pathsFrom(value, 1))}>
          {texts.closeAll}
        </button>
      </div>
      <Children value={value} path="" closed={closed} onToggle={toggle} />
    </div>
  );
}

interface NodeProps {
  readonly value: Json;
  /** JSON pointer (RFC 6901). */
  readonly path: string;
  readonly closed: ReadonlySet<string>;
  readonly onToggle: (path: string) => void;
}

function Children({ value, path, ...others }: NodeProps): ReactNode {
  if (!isFilled(value)) return <JsonScalar value={value} />;
  return (
    <ul>
      {entriesOf(value).map(([key, item]) => (
        <li key={key}>
          <Node name={key} value={item} path={childPath(path, key)} {...others} />
        </li>
      ))}
    </ul>
  );
}

function Node({ name, ...node }: NodeProps & { readonly name: string | number }): ReactNode {
  const texts = useTexts(treeTexts);
  const { value, path, closed, onToggle } = node;
  const key = <span className={styles.key}>{typeof name === "number" ? `[${name}]` : name === "" ? '""' : <AgentText text={name} kind="name" />}</span>;
  if (!isFilled(value)) {
    return (
      <div className={styles.leaf}>
        {key} <JsonScalar value={value} />
      </div>
    );
  }
  const open = !closed.has(path);
  return (
    <details open={open}>
      <summary
        onClick={(event) => {
          event.preventDefault();
          onToggle(path);
        }}
      >
        {key} <span className={styles.count}>{Array.isArray(value) ? texts.items(value.length) : texts.fields(entriesOf(value).length)}</span>
      </summary>
      {open && <Children {...node} />}
    </details>
  );
}

function childPath(path: string, key: string | number): string {
  return `${path}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** How many values there are. */
function sizeOf(value: Json): number {
  return isFilled(value) ? entriesOf(value).reduce((sum, [, item]) => sum + sizeOf(item), 1) : 1;
}

/** Paths of what can be closed, from a depth on; the whole has depth 0. */
function pathsFrom(value: Json, minDepth: number): ReadonlySet<string> {
  const paths = new Set<string>();
  const collect = (item: Json, path: string, depth: number): void => {
    if (!isFilled(item)) return;
    if (depth >= minDepth) paths.add(path);
    for (const [key, inner] of entriesOf(item)) collect(inner, childPath(path, key), depth + 1);
  };
  collect(value, "", 0);
  return paths;
}
