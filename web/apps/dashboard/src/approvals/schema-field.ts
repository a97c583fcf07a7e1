/** A field of a form, as a schema describes it. */
export type Field = GroupField | ListField | ScalarField;
export type ScalarField = TextField | NumberField | ChoiceField;

/** Written by the agent. */
interface About {
  readonly title?: string;
  readonly description?: string;
}

export interface GroupField extends About {
  readonly kind: "group";
  readonly properties: readonly Property[];
}

export interface Property {
  readonly name: string;
  readonly required: boolean;
  readonly field: Field;
}

export interface ListField extends About {
  readonly kind: "list";
  readonly item: ScalarField;
  readonly minItems?: number;
  readonly maxItems?: number;
}

export interface TextField extends About {
  readonly kind: "text";
  /** Characters. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** A regular expression of the schema. */
  readonly pattern?: string;
}

export interface NumberField extends About {
  readonly kind: "number";
  readonly integer: boolean;
  readonly minimum?: Limit;
  readonly maximum?: Limit;
}

export interface Limit {
  readonly value: number;
  /** Whether the limit itself is out of range. */
  readonly exclusive: boolean;
}

export interface ChoiceField extends About {
  readonly kind: "choice";
  readonly values: readonly Scalar[];
}

export type Scalar = string | number | boolean | null;

/** Why a schema, or a value, cannot be drawn as a form. */
export interface Refusal {
  /** `keyword`: the schema has one that the form does not. `type`: no type that it has. `depth`: too deep. `value`: the value is of another type. */
  readonly why: "keyword" | "type" | "depth" | "value";
  /** The keyword. */
  readonly name?: string;
  /** JSON pointer into the schema, or into the value. */
  readonly at: string;
}

/** A key as a part of a JSON pointer (RFC 6901). */
export function escaped(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
