import { useId, useState, type ReactNode } from "react";
import { AgentText } from "../shared/agent-text.js";
import { readJson, writeJson, type Json } from "../shared/exact-json.js";
import { useTexts } from "../shared/language.js";
import { editTexts, type EditTexts } from "./edit-texts.js";
import { GroupFields } from "./form-fields.js";
import { misfitOf } from "./field-values.js";
import type { GroupField, Refusal } from "./schema-field.js";
import { planOf } from "./schema-plan.js";
import styles from "./schema-form.module.css";

interface SchemaFormProps {
  readonly schema: Readonly<Record<string, unknown>>;
  /** JSON texts: the agent's arguments, and what they become. */
  readonly original: string;
  readonly value: string;
  /** Why the whole text is refused, such as a number that the server does not take. */
  readonly fault: string | undefined;
  readonly readOnly: boolean;
  readonly onChange: (text: string) => void;
  /** Shown when the schema or the value cannot be drawn, below the reason. */
  readonly children: ReactNode;
}

/**
 * The arguments as a form, as their schema describes them. A change of a field writes the whole text; all other values stay as they are
 * written. Whether there is a form is found once: no field goes away while something is typed.
 */
export function SchemaForm({ schema, original, value, fault, readOnly, onChange, children }: SchemaFormProps): ReactNode {
  const texts = useTexts(editTexts);
  const titleId = useId();
  const [form] = useState(() => formOf(schema, value));
  if ("refusal" in form) {
    return (
      <>
        <p className={styles.note} data-testid="form-refused">
          {reasonOf(form.refusal, texts)}
        </p>
        {children}
      </>
    );
  }
  return (
    <div className={styles.form} role="group" aria-labelledby={titleId} data-testid="args-form">
      <h3 id={titleId}>{texts.title}</h3>
      <GroupFields field={form.group} value={read(value)} original={read(original)} readOnly={readOnly} autoFocus={false} onChange={(next) => onChange(writeJson(next))} />
      {fault !== undefined && <p className={styles.fault}>{fault}</p>}
    </div>
  );
}

function formOf(schema: Readonly<Record<string, unknown>>, text: string): { readonly group: GroupField } | { readonly refusal: Refusal } {
  const plan = planOf(schema);
  if ("refusal" in plan) return plan;
  const misfit = misfitOf(plan.group, read(text));
  return misfit === undefined ? plan : { refusal: { why: "value", at: misfit } };
}

function reasonOf({ why, name = "", at }: Refusal, { notDrawn, root }: EditTexts): ReactNode {
  const place = at === "" ? root : <AgentText text={at} kind="name" />;
  return why === "keyword" ? notDrawn.keyword(<code>{name}</code>, place) : notDrawn[why](place);
}

/** The editor shows the form only while the text is JSON. */
function read(text: string): Json {
  return readJson(text, { exactNumbers: false });
}
