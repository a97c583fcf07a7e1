import { escaped, type Field, type GroupField, type NumberField, type Property, type Refusal, type Scalar } from "./schema-field.js";

type Schema = Readonly<Record<string, unknown>>;

/** Objects in objects in the arguments. */
const MAX_DEPTH = 3;
/** References that lead from one to the next; the server takes none in a circle. */
const MAX_REFERENCES = 20;

/** Keywords by which a schema says more than a form can. Those that only limit values further are left to the server. */
const refused = [
  "oneOf", "anyOf", "allOf", "not", "if", "then", "else", "dependentSchemas", "dependentRequired", "dependencies", "patternProperties", "propertyNames",
  "unevaluatedProperties", "unevaluatedItems", "prefixItems", "additionalItems", "contains", "$dynamicRef", "$recursiveRef",
];

/** The form of a schema: an object of texts, numbers, booleans, choices, lists of those, and objects of those. */
export function planOf(schema: Schema): { readonly group: GroupField } | { readonly refusal: Refusal } {
  try {
    const field = fieldOf(schema, schema, "", 0);
    return field.kind === "group" ? { group: field } : { refusal: { why: "type", at: "" } };
  } catch (error) {
    if (error instanceof NotDrawn) return { refusal: error.refusal };
    throw error;
  }
}

class NotDrawn extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.why);
    this.refusal = refusal;
  }
}

function fieldOf(root: Schema, found: unknown, at: string, depth: number): Field {
  const schema = resolved(root, found, at);
  if (depth > MAX_DEPTH + 1) throw new NotDrawn({ why: "depth", at });
  const keyword = refused.find((name) => Object.hasOwn(schema, name));
  if (keyword !== undefined) throw new NotDrawn({ why: "keyword", name: keyword, at });
  const about = { ...textIn(schema, "title"), ...textIn(schema, "description") };
  if (Object.hasOwn(schema, "enum") || Object.hasOwn(schema, "const")) return { kind: "choice", ...about, values: choicesOf(schema, at) };
  switch (schema["type"] ?? (Object.hasOwn(schema, "properties") ? "object" : undefined)) {
    case "string":
      return { kind: "text", ...about, ...numberIn(schema, "minLength"), ...numberIn(schema, "maxLength"), ...textIn(schema, "pattern") };
    case "number":
      return { kind: "number", ...about, integer: false, ...limitsOf(schema) };
    case "integer":
      return { kind: "number", ...about, integer: true, ...limitsOf(schema) };
    case "boolean":
      return { kind: "choice", ...about, values: [true, false] };
    case "array": {
      const item = fieldOf(root, schema["items"], `${at}/items`, depth + 1);
      if (item.kind === "group" || item.kind === "list") throw new NotDrawn({ why: "keyword", name: "items", at });
      return { kind: "list", ...about, item, ...numberIn(schema, "minItems"), ...numberIn(schema, "maxItems") };
    }
    case "object":
      return { kind: "group", ...about, properties: propertiesOf(root, schema, at, depth) };
    default:
      throw new NotDrawn({ why: "type", at });
  }
}

function propertiesOf(root: Schema, schema: Schema, at: string, depth: number): readonly Property[] {
  if (depth > MAX_DEPTH) throw new NotDrawn({ why: "depth", at });
  if (isSchema(schema["additionalProperties"])) throw new NotDrawn({ why: "keyword", name: "additionalProperties", at });
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const properties = schema["properties"] ?? {};
  if (!isSchema(properties)) throw new NotDrawn({ why: "keyword", name: "properties", at });
  return Object.entries(properties).map(([name, inner]) => ({
    name,
    required: required.includes(name),
    field: fieldOf(root, inner, `${at}/properties/${escaped(name)}`, depth + 1),
  }));
}

/** The schema with what its reference leads to. */
function resolved(root: Schema, found: unknown, at: string): Schema {
  let schema = found;
  for (let count = 0; count < MAX_REFERENCES; count++) {
    if (!isSchema(schema)) throw new NotDrawn({ why: "type", at });
    const { $ref: reference, ...others } = schema;
    if (reference === undefined) return schema;
    const target = typeof reference === "string" ? targetOf(root, reference) : undefined;
    if (!isSchema(target)) break;
    schema = { ...target, ...others };
  }
  throw new NotDrawn({ why: "keyword", name: "$ref", at });
}

/** What a reference such as `#/$defs/address` leads to. */
function targetOf(root: Schema, reference: string): unknown {
  if (reference !== "#" && !reference.startsWith("#/")) return undefined;
  let target: unknown = root;
  for (const part of reference.split("/").slice(1)) {
    const key = unescaped(part);
    target = typeof target === "object" && target !== null && Object.hasOwn(target, key) ? (target as Schema)[key] : undefined;
  }
  return target;
}

function choicesOf(schema: Schema, at: string): readonly Scalar[] {
  const values: unknown = Object.hasOwn(schema, "const") ? [schema["const"]] : schema["enum"];
  if (!Array.isArray(values) || values.length === 0 || !values.every(isScalar)) throw new NotDrawn({ why: "keyword", name: "enum", at });
  return values;
}

/** In draft 4, `exclusiveMinimum` is a boolean beside `minimum`. */
function limitsOf(schema: Schema): Pick<NumberField, "minimum" | "maximum"> {
  const limit = (name: string, exclusiveName: string) => {
    const [value, exclusive] = [schema[name], schema[exclusiveName]];
    if (typeof exclusive === "number") return { value: exclusive, exclusive: true };
    return typeof value === "number" ? { value, exclusive: exclusive === true } : undefined;
  };
  const [minimum, maximum] = [limit("minimum", "exclusiveMinimum"), limit("maximum", "exclusiveMaximum")];
  return { ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) };
}

function textIn<N extends "title" | "description" | "pattern">(schema: Schema, name: N): Readonly<Partial<Record<N, string>>> {
  const value = schema[name];
  return (typeof value === "string" && value !== "" ? { [name]: value } : {}) as Readonly<Partial<Record<N, string>>>;
}

function numberIn<N extends "minLength" | "maxLength" | "minItems" | "maxItems">(schema: Schema, name: N): Readonly<Partial<Record<N, number>>> {
  const value = schema[name];
  return (typeof value === "number" ? { [name]: value } : {}) as Readonly<Partial<Record<N, number>>>;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function unescaped(part: string): string {
  try {
    return decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return part;
  }
}
