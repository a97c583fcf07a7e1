import { Button, NativeSelect, TextInput } from "@mantine/core";
import type { AuditFilter } from "@heliograph/client";
import { useAgents, useMembers } from "@heliograph/react";
import { useRef, useState, type ChangeEvent, type ReactNode, type SubmitEvent } from "react";
import { useTexts } from "../shared/language.js";
import { markedText } from "../shared/unicode.js";
import { own } from "./entry-text.js";
import { activityTexts } from "./texts.js";
import { instantOf, localText } from "./local-time.js";
import { isReversed, searchOf } from "./view.js";
import styles from "./activity.module.css";

interface ActivityFiltersProps {
  readonly filter: AuditFilter;
  readonly onChange: (filter: AuditFilter) => void;
}

interface Fields {
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  /** As the fields of the form have them. */
  readonly from: string;
  readonly to: string;
}

/** The filters as a form, folded on a phone; nothing changes before it is sent. */
export function ActivityFilters({ filter, onChange }: ActivityFiltersProps): ReactNode {
  const { filters: texts, actions } = useTexts(activityTexts);
  const { members } = useMembers();
  const { agents } = useAgents();
  const [fields, setFields] = useState(() => fieldsOf(filter));
  const [shown, setShown] = useState(filter);
  const [unfolded] = useState(() => searchOf(filter) !== "" || window.matchMedia("(min-width: 761px)").matches);
  const form = useRef<HTMLFormElement>(null);
  // The address has changed: by this form, or by Back.
  if (shown !== filter) {
    setShown(filter);
    setFields(fieldsOf(filter));
  }
  const { actor, action, subject, from, to } = fields;
  const set = (name: keyof Fields) => (event: ChangeEvent<HTMLInputElement | HTMLSelectElement>) => {
    const { value } = event.currentTarget;
    setFields((known) => ({ ...known, [name]: value }));
  };
  const wanted = given({ actor, action, subject: subject.trim(), from: instantOf(from), to: instantOf(to) });
  const reversed = isReversed(wanted);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!reversed) onChange(wanted);
  };
  const clear = () => {
    // The button goes.
    form.current?.querySelector("select")?.focus();
    onChange({});
  };
  const known = [...members, ...agents].some(({ id }) => id === actor);
  return (
    <details className={styles.fold} open={unfolded}>
      <summary>{texts.label}</summary>
      <form ref={form} className={styles.filters} aria-label={texts.label} onSubmit={submit}>
        <NativeSelect label={texts.actor} value={actor} onChange={set("actor")}>
          <option value="">{texts.anyone}</option>
          {actor !== "" && !known && <option value={actor}>{markedText(actor, "name")}</option>}
          <Named label={texts.members} rows={members} />
          <Named label={texts.agents} rows={agents} />
        </NativeSelect>
        <NativeSelect label={texts.action} value={action} onChange={set("action")}>
          <option value="">{texts.anything}</option>
          {action !== "" && own(actions, action) === undefined && <option value={action}>{markedText(action, "name")}</option>}
          {Object.entries(actions).map(([name, text]) => (
            <option key={name} value={name}>
              {text}
            </option>
          ))}
        </NativeSelect>
        <TextInput label={texts.subject} value={subject} onChange={set("subject")} maxLength={300} autoComplete="off" autoCapitalize="off" spellCheck={false} />
        <TextInput type="datetime-local" label={texts.from} value={from} onChange={set("from")} />
        <TextInput type="datetime-local" label={texts.to} value={to} onChange={set("to")} error={reversed ? texts.reversed : undefined} />
        <div className={styles.filterButtons}>
          <Button type="submit" variant="default" disabled={reversed}>
            {texts.apply}
          </Button>
          {searchOf(filter) !== "" && (
            <Button variant="subtle" onClick={clear}>
              {texts.clear}
            </Button>
          )}
        </div>
      </form>
    </details>
  );
}

function fieldsOf({ actor = "", action = "", subject = "", from, to }: AuditFilter): Fields {
  return { actor, action, subject, from: localText(from), to: localText(to) };
}

function Named({ label, rows }: { readonly label: string; readonly rows: readonly { readonly id: string; readonly name: string }[] }): ReactNode {
  if (rows.length === 0) return null;
  return (
    <optgroup label={label}>
      {rows.map(({ id, name }) => (
        <option key={id} value={id}>
          {markedText(name, "name")}
        </option>
      ))}
    </optgroup>
  );
}

/** The filter without what is empty. */
function given(values: { readonly [K in keyof AuditFilter]: string | undefined }): AuditFilter {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ""));
}
