import { NativeSelect, Textarea, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { AgentText } from "../shared/agent-text.js";
import { JsonNumber, writeJson, type Json } from "../shared/exact-json.js";
import { useTexts } from "../shared/language.js";
import { isSuspicious, markedText } from "../shared/unicode.js";
import { editTexts } from "./edit-texts.js";
import { faultText } from "./fault-text.js";
import { faultOf, isSame, jsonOf, typedNumber } from "./field-values.js";
import type { ChoiceField, ScalarField } from "./schema-field.js";
import styles from "./schema-form.module.css";

/** A property's name, with the title that its schema gives it. */
export function FieldLabel({ name, title }: { readonly name: string; readonly title: string | undefined }): ReactNode {
  return (
    <>
      {title !== undefined && title !== name && (
        <>
          <AgentText text={title} kind="line" />{" "}
        </>
      )}
      <code className={styles.name}>{name === "" ? '""' : <AgentText text={name} kind="name" />}</code>
    </>
  );
}

/** One value of a form, and how it is changed. */
export interface FieldProps<F> {
  readonly field: F;
  readonly label: ReactNode;
  readonly value: Json;
  /** The agent's value. */
  readonly original: Json | undefined;
  readonly readOnly: boolean;
  readonly autoFocus: boolean;
  readonly onChange: (value: Json) => void;
}

/** The field of a text, a number or a choice. */
export function ScalarInput({ field, label, value, original, readOnly, autoFocus, onChange }: FieldProps<ScalarField>): ReactNode {
  const texts = useTexts(editTexts);
  const fault = faultOf(field, value, true);
  const common = {
    label,
    className: styles.field ?? "",
    autoFocus,
    description: field.description === undefined ? undefined : <AgentText text={field.description} kind="prose" />,
    error: fault === undefined ? undefined : faultText(fault, texts),
    inputWrapperOrder: ["label", "description", "input", "error"] as ("label" | "description" | "input" | "error")[],
  };
  switch (field.kind) {
    case "text":
      // A field would not show what cannot be seen.
      if (typeof original === "string" && isSuspicious(original, "prose")) return <Locked label={label} value={value} />;
      return <Textarea {...common} value={typeof value === "string" ? value : ""} readOnly={readOnly} autosize minRows={1} maxRows={8} onChange={(event) => onChange(event.currentTarget.value)} />;
    case "number":
      return (
        <TextInput
          {...common}
          value={value instanceof JsonNumber ? value.text : typeof value === "string" ? value : ""}
          readOnly={readOnly}
          inputMode="decimal"
          autoComplete="off"
          onChange={(event) => onChange(typedNumber(event.currentTarget.value))}
        />
      );
    case "choice":
      return (
        <NativeSelect
          {...common}
          data={optionsOf(field, value)}
          value={String(field.values.findIndex((choice) => isSame(choice, value)))}
          disabled={readOnly}
          onChange={(event) => {
            const choice = field.values[Number(event.currentTarget.value)];
            if (choice !== undefined) onChange(jsonOf(choice));
          }}
        />
      );
  }
}

/** The values of a choice by their place; a value that is none of them is there as well. */
function optionsOf({ values }: ChoiceField, value: Json): { readonly value: string; readonly label: string }[] {
  const labelOf = (json: Json) => (typeof json === "string" && json !== "" ? markedText(json, "value") : writeJson(json));
  const options = values.map((choice, index) => ({ value: String(index), label: labelOf(jsonOf(choice)) }));
  return values.some((choice) => isSame(choice, value)) ? options : [{ value: "-1", label: labelOf(value) }, ...options];
}

function Locked({ label, value }: { readonly label: ReactNode; readonly value: Json }): ReactNode {
  const texts = useTexts(editTexts);
  return (
    <div className={styles.field}>
      <div className={styles.lockedLabel}>{label}</div>
      <p className={styles.locked}>{typeof value === "string" && <AgentText text={value} kind="value" />}</p>
      <p className={styles.note}>{texts.locked}</p>
    </div>
  );
}
