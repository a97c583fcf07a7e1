import { useRef, useState, type ReactNode } from "react";
import { AgentText } from "../shared/agent-text.js";
import { isList } from "../shared/exact-json.js";
import { useTexts } from "../shared/language.js";
import { editTexts } from "./edit-texts.js";
import { faultText } from "./fault-text.js";
import { emptyValue, faultOf, itemIn } from "./field-values.js";
import { ScalarInput, type FieldProps } from "./scalar-input.js";
import type { Field, ListField } from "./schema-field.js";
import styles from "./schema-form.module.css";

/** Fields that belong together, with what their schema says of them. */
export function FieldSet({ field, label, children }: { readonly field: Field; readonly label: ReactNode; readonly children: ReactNode }): ReactNode {
  return (
    <fieldset className={styles.group}>
      <legend>{label}</legend>
      {field.description !== undefined && (
        <p className={styles.note}>
          <AgentText text={field.description} kind="prose" />
        </p>
      )}
      {children}
    </fieldset>
  );
}

/** The items of a list of scalars. The focus goes to an item that is added, and to the button that adds one when an item goes. */
export function ListFields({ field, label, value, original, readOnly, autoFocus, onChange }: FieldProps<ListField>): ReactNode {
  const texts = useTexts(editTexts);
  const [added, setAdded] = useState(false);
  const addButton = useRef<HTMLButtonElement>(null);
  const items = isList(value) ? value : [];
  const fault = faultOf(field, items, true);
  const add = () => {
    setAdded(true);
    onChange([...items, emptyValue(field.item)]);
  };
  const remove = (index: number) => {
    onChange(items.toSpliced(index, 1));
    addButton.current?.focus();
  };
  return (
    <FieldSet field={field} label={label}>
      {items.map((item, index) => (
        <div key={index} className={styles.item}>
          <ScalarInput
            field={field.item}
            label={`[${index}]`}
            value={item}
            original={itemIn(original, index)}
            readOnly={readOnly}
            autoFocus={added && index === items.length - 1}
            onChange={(next) => onChange(items.with(index, next))}
          />
          {!readOnly && (
            <button type="button" className={styles.small} onClick={() => remove(index)}>
              {texts.removeItem(index)}
            </button>
          )}
        </div>
      ))}
      {fault !== undefined && <p className={styles.fault}>{faultText(fault, texts)}</p>}
      {!readOnly && (
        <button ref={addButton} type="button" className={styles.small} autoFocus={autoFocus} onClick={add}>
          {texts.addItem}
        </button>
      )}
    </FieldSet>
  );
}
