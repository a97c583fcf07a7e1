import { shapes, type Contract } from "./contract.js";
import type { Shape as ShapeOver } from "./shape.js";

/** A shape that may refer to those of the contract. */
type Shape = ShapeOver<keyof Contract>;

/** Where a value departs from its shape, such as `approval.risk: expected one of low, medium, high, critical`; undefined when it fits. */
export function mismatch(value: unknown, shape: Shape, path = ""): string | undefined {
  if (typeof shape === "string") return scalarMismatch(value, shape, path);
  if (!isList(shape)) return fieldsMismatch(value, shape, path);
  switch (shape[0]) {
    case "list":
      return Array.isArray(value) ? first(value.entries(), ([index, item]) => mismatch(item, shape[1], `${path}[${index}]`)) : expected("a list", path);
    case "map":
      return isObject(value)
        ? first(Object.entries(value), ([key, item]) => mismatch(item, shape[1], join(path, key)))
        : expected("an object", path);
    case "enum": {
      const values = shape.slice(1);
      return typeof value === "string" && values.includes(value) ? undefined : expected(`one of ${values.join(", ")}`, path);
    }
    case "all":
      return first(shape.slice(1) as Shape[], (part) => mismatch(value, part, path));
    case "any":
      return (shape.slice(1) as Shape[]).some((part) => mismatch(value, part, path) === undefined) ? undefined : expected("another shape", path);
  }
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(shape: Exclude<Shape, string>): shape is Extract<Shape, readonly unknown[]> {
  return Array.isArray(shape);
}

function scalarMismatch(value: unknown, shape: Extract<Shape, string>, path: string): string | undefined {
  switch (shape) {
    case "json":
      return undefined;
    case "null":
      return value === null ? undefined : expected("null", path);
    case "integer":
      return Number.isSafeInteger(value) ? undefined : expected("an integer", path);
    case "string":
    case "number":
    case "boolean":
      return typeof value === shape ? undefined : expected(`a ${shape}`, path);
    default:
      return mismatch(value, shapes[shape.slice(1) as keyof Contract], path);
  }
}

function fieldsMismatch(value: unknown, fields: Readonly<Record<string, Shape>>, path: string): string | undefined {
  if (!isObject(value)) return expected("an object", path);
  return first(Object.entries(fields), ([key, shape]) => {
    const optional = key.endsWith("?");
    const name = optional ? key.slice(0, -1) : key;
    if (optional && absent(value, name, shape)) return undefined;
    return mismatch(value[name], shape, join(path, name));
  });
}

function first<T>(items: Iterable<T>, problem: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = problem(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function expected(what: string, path: string): string {
  return `${path === "" ? "the value" : path}: expected ${what}`;
}

/** Whether an optional field is not there. A null where the shape has none counts as absent, and is taken out. */
function absent(fields: Record<string, unknown>, name: string, shape: Shape): boolean {
  if (fields[name] === null && mismatch(null, shape) !== undefined) Reflect.deleteProperty(fields, name);
  return fields[name] === undefined;
}
