import { useState, type ReactNode } from "react";
import { AgentText } from "../shared/agent-text.js";
import type { Json } from "../shared/exact-json.js";
import { useTexts } from "../shared/language.js";
import { editTexts } from "./edit-texts.js";
import { faultText } from "./fault-text.js";
import { emptyValue, faultOf, fieldIn, otherKeys, withField } from "./field-values.js";
import { FieldSet, ListFields } from "./list-fields.js";
import { FieldLabel, ScalarInput } from "./scalar-input.js";
import type { Field, GroupField, Property } from "./schema-field.js";
import styles from "./schema-form.module.css";

interface FieldsProps<F> {
  readonly field: F;
  readonly value: Json | undefined;
  /** The agent's value. */
  readonly original: Json | undefined;
  readonly readOnly: boolean;
  /** Whether the first field takes the focus when it appears. */
  readonly autoFocus: boolean;
  readonly onChange: (value: Json) => void;
}

const noFields: ReadonlyMap<string, Json> = new Map();

/** The fields of an object, and the names of what it has besides. */
export function GroupFields({ field, value, original, readOnly, autoFocus, onChange }: FieldsProps<GroupField>): ReactNode {
  const texts = useTexts(editTexts);
  const object = value instanceof Map ? (value as ReadonlyMap<string, Json>) : noFields;
  const others = otherKeys(field, object);
  return (
    <>
      {field.properties.map((property, index) => (
        <PropertyField
          key={property.name}
          property={property}
          value={object.get(property.name)}
          original={fieldIn(original, property.name)}
          readOnly={readOnly}
          autoFocus={autoFocus && index === 0}
          onChange={(next) => onChange(withField(object, property.name, next))}
        />
      ))}
      {others.length > 0 && (
        <p className={styles.note}>
          {texts.others} <AgentText text={others.join(", ")} kind="line" />
        </p>
      )}
    </>
  );
}

interface PropertyFieldProps extends Omit<FieldsProps<Field>, "field" | "onChange"> {
  readonly property: Property;
  /** Undefined leaves the property out. */
  readonly onChange: (value: Json | undefined) => void;
}

/** A property that is there, or can be added. The focus follows what was pressed. */
function PropertyField({ property: { name, required, field }, value, readOnly, autoFocus, onChange, ...others }: PropertyFieldProps): ReactNode {
  const texts = useTexts(editTexts);
  const [pressed, setPressed] = useState(autoFocus);
  const change = (next: Json | undefined) => {
    setPressed(true);
    onChange(next);
  };
  const label = <FieldLabel name={name} title={field.title} />;
  if (value === undefined) {
    const fault = faultOf(field, undefined, required);
    return (
      <div key="absent" className={styles.absent}>
        <span>
          {label} <span className={styles.note}>{fault === undefined ? texts.leftOut : faultText(fault, texts)}</span>
        </span>
        {!readOnly && (
          <button type="button" className={styles.small} autoFocus={pressed} onClick={() => change(emptyValue(field))}>
            {texts.add} <span className="visually-hidden">{label}</span>
          </button>
        )}
      </div>
    );
  }
  return (
    <div key="present" className={styles.present}>
      <AnyField field={field} label={label} value={value} readOnly={readOnly} autoFocus={pressed} onChange={onChange} {...others} />
      {!required && !readOnly && (
        <button type="button" className={styles.small} onClick={() => change(undefined)}>
          {texts.leaveOut} <span className="visually-hidden">{label}</span>
        </button>
      )}
    </div>
  );
}

interface AnyFieldProps extends FieldsProps<Field> {
  readonly value: Json;
  readonly label: ReactNode;
}

function AnyField({ field, label, ...others }: AnyFieldProps): ReactNode {
  switch (field.kind) {
    case "group":
      return (
        <FieldSet field={field} label={label}>
          <GroupFields field={field} {...others} />
        </FieldSet>
      );
    case "list":
      return <ListFields field={field} label={label} {...others} />;
    default:
      return <ScalarInput field={field} label={label} {...others} />;
  }
}
