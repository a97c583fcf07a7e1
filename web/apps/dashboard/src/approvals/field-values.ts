import { isList, JsonNumber, type Json } from "../shared/exact-json.js";
import { matchesPattern } from "./safe-pattern.js";
import { escaped, type Field, type GroupField, type ListField, type NumberField, type Scalar, type TextField } from "./schema-field.js";

/** What is wrong with the value of a field. The server decides; this says what it would refuse. */
export type Fault =
  | { readonly fault: "required" | "number" | "integer" | "choice" | "pattern" }
  | { readonly fault: "minimum" | "above" | "maximum" | "below" | "minLength" | "maxLength" | "minItems" | "maxItems"; readonly limit: number };

const numberText = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** What is typed into a field of a number: the number as it is written, or the text when it is none. */
export function typedNumber(text: string): Json {
  return numberText.test(text) ? new JsonNumber(text) : text;
}

/** Where a value is of another type than its field, as a JSON pointer; undefined when the form can show all of it. */
export function misfitOf(field: Field, value: Json | undefined, at = ""): string | undefined {
  if (value === undefined) return undefined;
  switch (field.kind) {
    case "text":
      return typeof value === "string" ? undefined : at;
    case "number":
      // A text is what is typed and is no number yet.
      return value instanceof JsonNumber || typeof value === "string" ? undefined : at;
    case "choice":
      return isScalarJson(value) ? undefined : at;
    case "list":
      return isList(value) ? first(value.map((item, index) => misfitOf(field.item, item, `${at}/${index}`))) : at;
    case "group":
      return value instanceof Map ? first(field.properties.map(({ name, field: inner }) => misfitOf(inner, fieldIn(value, name), `${at}/${escaped(name)}`))) : at;
  }
}

/** What is wrong with a value itself; a value inside of it has its own field. */
export function faultOf(field: Field, value: Json | undefined, required: boolean): Fault | undefined {
  if (value === undefined) return required ? { fault: "required" } : undefined;
  switch (field.kind) {
    case "text":
      return typeof value === "string" ? textFault(field, value) : undefined;
    case "number":
      return value instanceof JsonNumber ? numberFault(field, Number(value.text)) : { fault: "number" };
    case "choice":
      return field.values.some((choice) => isSame(choice, value)) ? undefined : { fault: "choice" };
    case "list":
      return isList(value) ? listFault(field, value.length) : undefined;
    case "group":
      return undefined;
  }
}

function textFault({ minLength, maxLength, pattern }: TextField, value: string): Fault | undefined {
  const length = Array.from(value).length;
  if (minLength !== undefined && length < minLength) return { fault: "minLength", limit: minLength };
  if (maxLength !== undefined && length > maxLength) return { fault: "maxLength", limit: maxLength };
  return pattern !== undefined && matchesPattern(value, pattern) === false ? { fault: "pattern" } : undefined;
}

function numberFault({ integer, minimum, maximum }: NumberField, value: number): Fault | undefined {
  if (integer && !Number.isInteger(value)) return { fault: "integer" };
  if (minimum !== undefined && (minimum.exclusive ? value <= minimum.value : value < minimum.value)) return { fault: minimum.exclusive ? "above" : "minimum", limit: minimum.value };
  if (maximum !== undefined && (maximum.exclusive ? value >= maximum.value : value > maximum.value)) return { fault: maximum.exclusive ? "below" : "maximum", limit: maximum.value };
  return undefined;
}

function listFault({ minItems, maxItems }: ListField, length: number): Fault | undefined {
  if (minItems !== undefined && length < minItems) return { fault: "minItems", limit: minItems };
  return maxItems !== undefined && length > maxItems ? { fault: "maxItems", limit: maxItems } : undefined;
}

/** What a field that was left out begins with. A number begins as an empty text, which is a fault until it is typed. */
export function emptyValue(field: Field): Json {
  switch (field.kind) {
    case "text":
    case "number":
      return "";
    case "choice":
      return jsonOf(field.values[0] ?? null);
    case "list":
      return [];
    case "group":
      return new Map();
  }
}

/** Whether a JSON value is the value of a schema; numbers are compared as numbers. */
export function isSame(scalar: Scalar, value: Json): boolean {
  return value instanceof JsonNumber ? Number(value.text) === scalar : value === scalar;
}

export function jsonOf(scalar: Scalar): Json {
  return typeof scalar === "number" ? new JsonNumber(String(scalar)) : scalar;
}

/** The object with another value of a key; undefined leaves it out. Keys keep their order, a new one is the last. */
export function withField(object: ReadonlyMap<string, Json>, name: string, value: Json | undefined): ReadonlyMap<string, Json> {
  const next = new Map(object);
  if (value === undefined) next.delete(name);
  else next.set(name, value);
  return next;
}

/** Keys of an object that its form has no field for. */
export function otherKeys(field: GroupField, object: ReadonlyMap<string, Json>): readonly string[] {
  return [...object.keys()].filter((key) => !field.properties.some(({ name }) => name === key));
}

/** The value of a key; undefined for what is no object. */
export function fieldIn(value: Json | undefined, name: string): Json | undefined {
  return value instanceof Map ? (value as ReadonlyMap<string, Json>).get(name) : undefined;
}

/** The item of a list; undefined for what is no list. */
export function itemIn(value: Json | undefined, index: number): Json | undefined {
  return value !== undefined && isList(value) ? value[index] : undefined;
}

function isScalarJson(value: Json): boolean {
  return value === null || typeof value !== "object" || value instanceof JsonNumber;
}

function first(misfits: readonly (string | undefined)[]): string | undefined {
  return misfits.find((misfit) => misfit !== undefined);
}
