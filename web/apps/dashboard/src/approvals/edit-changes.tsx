import { useMemo, type ReactNode } from "react";
import { AgentText, FoldedText } from "../shared/agent-text.js";
import { readJson, writeJson, type Json } from "../shared/exact-json.js";
import { useTexts } from "../shared/language.js";
import { editTexts } from "./edit-texts.js";
import { changesBetween, pathText, type JsonChange } from "./json-diff.js";
import styles from "./edit-changes.module.css";

/** So many changes are listed. */
const MAX_SHOWN = 100;

interface EditChangesProps {
  /** JSON texts: the agent's arguments, and what they become. */
  readonly before: string;
  readonly after: string;
}

/** What an edit changes, value by value. */
export function EditChanges({ before, after }: EditChangesProps): ReactNode {
  const texts = useTexts(editTexts);
  const changes = useMemo(() => changesBetween(read(before), read(after)), [before, after]);
  return (
    <section className={styles.changes} aria-label={texts.changes} tabIndex={0} data-testid="edit-changes">
      <h3>{changes.length === 0 ? texts.noChange : texts.changeCount(changes.length)}</h3>
      <ul>
        {changes.slice(0, MAX_SHOWN).map((change) => (
          <Change key={`${pathText(change.path)} ${change.before === undefined ? "+" : ""}${change.after === undefined ? "-" : ""}`} change={change} />
        ))}
      </ul>
      {changes.length > MAX_SHOWN && <p>{texts.moreChanges(changes.length - MAX_SHOWN)}</p>}
    </section>
  );
}

function Change({ change: { path, before, after } }: { readonly change: JsonChange }): ReactNode {
  const texts = useTexts(editTexts);
  return (
    <li>
      <code>{path.length === 0 ? texts.whole : <AgentText text={pathText(path)} kind="name" />}</code>{" "}
      {before === undefined ? <span className={styles.word}>{texts.added}</span> : <Value value={before} tag="del" />}{" "}
      {before !== undefined && after !== undefined && <span className={styles.word}>{texts.becomes}</span>}{" "}
      {after === undefined ? <span className={styles.word}>{texts.removed}</span> : <Value value={after} tag="ins" />}
    </li>
  );
}

function Value({ value, tag: Tag }: { readonly value: Json; readonly tag: "del" | "ins" }): ReactNode {
  return (
    <Tag>
      <FoldedText text={writeJson(value)} kind="prose" />
    </Tag>
  );
}

function read(text: string): Json {
  return readJson(text, { exactNumbers: false });
}
