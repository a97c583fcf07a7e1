// Generates src/contract.ts from docs/asyncapi.yaml: the TypeScript types of everything that crosses the wire, and the shapes that
// src/validation.ts checks them with. `--check` writes nothing and fails when the file is stale.
import { readFileSync, writeFileSync } from "node:fs";
import { parse } from "yaml";

const source = new URL("../../../../docs/asyncapi.yaml", import.meta.url);
const target = new URL("../src/contract.ts", import.meta.url);

/** The text of contract.ts for a contract given as YAML. */
export function generate(yaml) {
  const contract = parse(yaml);
  const schemas = contract.components.schemas;
  const payloads = Object.values(contract.components.messages).map((message) => nameOf(message.payload));
  const events = new Map(payloads.filter((name) => schemas[name].allOf).map((name) => [eventType(schemas[name]), eventData(schemas[name])]));
  const named = Object.entries(schemas).filter(([name]) => !payloads.includes(name) || !schemas[name].allOf);
  return [
    "// Generated from docs/asyncapi.yaml by scripts/contract.mjs (npm run contract). Do not edit.",
    'import type { Shape } from "./shape.js";',
    "",
    "/** A string of which these values are known; others may come with a newer server. */",
    "type Open<T extends string> = T | (string & Record<never, never>);",
    "",
    ...named.flatMap(([name, schema]) => [...comment(schema, ""), declaration(name, schema), ""]),
    "/** All of these, by name. */",
    "export interface Contract {",
    ...named.map(([name]) => `  readonly ${name}: ${name};`),
    "}",
    "",
    "/** The data of each durable event, by type. */",
    "export interface EventData {",
    ...[...events].map(([type, data]) => `  readonly ${JSON.stringify(type)}: ${data};`),
    "}",
    "",
    "/** The types of all durable events. */",
    `export const eventTypes = [${[...events.keys()].map((type) => JSON.stringify(type)).join(", ")}] as const;`,
    "",
    "/** The shape of the data of each durable event, by type. */",
    "export const eventShapes: Readonly<Record<keyof EventData, Shape<keyof Contract>>> = {",
    ...[...events].map(([type, data]) => `  ${JSON.stringify(type)}: ${JSON.stringify("#" + data)},`),
    "};",
    "",
    "/** Shapes by name, for `#Name`. */",
    "export const shapes: Readonly<Record<keyof Contract, Shape<keyof Contract>>> = {",
    ...named.map(([name, schema]) => `  ${name}: ${JSON.stringify(shape(schema))},`),
    "};",
    "",
  ].join("\n");
}

const nameOf = (reference) => reference.$ref.split("/").at(-1);
const overlay = (schema) => schema.allOf[1].properties;
const eventType = (schema) => overlay(schema).type.const;
const eventData = (schema) => nameOf(overlay(schema).data);

function comment(schema, indent) {
  return schema.description ? [`${indent}/** ${schema.description.trim()} */`] : [];
}

function declaration(name, schema) {
  return schema.type === "object" && schema.properties
    ? `export interface ${name} ${objectType(schema, "")}`
    : `export type ${name} = ${type(schema, "")};`;
}

function objectType(schema, indent) {
  const required = new Set(schema.required ?? []);
  const inner = indent + "  ";
  const fields = Object.entries(schema.properties).flatMap(([key, value]) => [
    ...comment(value, inner),
    `${inner}readonly ${key}${required.has(key) ? "" : "?"}: ${type(value, inner)};`,
  ]);
  return ["{", ...fields, `${indent}}`].join("\n");
}

function type(schema, indent) {
  if (schema.$ref) return nameOf(schema);
  if (schema.allOf) return schema.allOf.map((part) => type(part, indent)).join(" & ");
  if (schema.oneOf) return schema.oneOf.map((part) => type(part, indent)).join(" | ");
  if (schema.enum) {
    const values = schema.enum.map((value) => JSON.stringify(value)).join(" | ");
    return schema["x-open"] ? `Open<${values}>` : values;
  }
  switch (schema.type) {
    case "string":
      return "string";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "null":
      return "null";
    case "array":
      return `readonly ${wrap(type(schema.items, indent))}[]`;
    case "object":
      if (schema.properties) return objectType(schema, indent);
      return `Readonly<Record<string, ${schema.additionalProperties ? type(schema.additionalProperties, indent) : "unknown"}>>`;
    case undefined:
      return "unknown";
    default:
      throw new Error(`no TypeScript for the type ${schema.type}`);
  }
}

const wrap = (text) => (/[ |&]/.test(text) ? `(${text})` : text);

/** See src/shape.ts for the notation. */
function shape(schema) {
  if (schema.$ref) return "#" + nameOf(schema);
  if (schema.allOf) return ["all", ...schema.allOf.map(shape)];
  if (schema.oneOf) return ["any", ...schema.oneOf.map(shape)];
  if (schema.enum) return schema["x-open"] ? "string" : ["enum", ...schema.enum];
  switch (schema.type) {
    case "string":
    case "integer":
    case "number":
    case "boolean":
    case "null":
      return schema.type;
    case "array":
      return ["list", shape(schema.items)];
    case "object": {
      if (!schema.properties) return ["map", schema.additionalProperties ? shape(schema.additionalProperties) : "json"];
      const required = new Set(schema.required ?? []);
      return Object.fromEntries(Object.entries(schema.properties).map(([key, value]) => [required.has(key) ? key : key + "?", shape(value)]));
    }
    case undefined:
      return "json";
    default:
      throw new Error(`no shape for the type ${schema.type}`);
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const text = generate(readFileSync(source, "utf8"));
  if (process.argv.includes("--check")) {
    if (readFileSync(target, "utf8") !== text) {
      console.error("src/contract.ts is older than docs/asyncapi.yaml: run npm run contract");
      process.exit(1);
    }
  } else {
    writeFileSync(target, text);
  }
}
