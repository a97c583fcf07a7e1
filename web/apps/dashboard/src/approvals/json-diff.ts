import { isList, writeJson, type Json } from "../shared/exact-json.js";
import { stepsBetween } from "./sequence-diff.js";

export type JsonPath = readonly (string | number)[];

/** A value that differs between two JSON texts. */
export interface JsonChange {
  readonly path: JsonPath;
  /** Undefined when only the other text has it. */
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** Comparisons of two items of a list; the items of longer lists are compared by their place. */
const MAX_COMPARISONS = 250_000;

/**
 * The values that differ, as deep as they can be told: those of a key, and in lists those between items that are equal. A number that is
 * written in another way differs; keys in another order do not. Indexes are those of the list that has the item, of the new one for both.
 */
export function changesBetween(before: Json, after: Json, path: JsonPath = []): readonly JsonChange[] {
  if (isFields(before) && isFields(after)) {
    return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => changesOf(before.get(key), after.get(key), [...path, key]));
  }
  if (isList(before) && isList(after)) return changesInList(before, after, path);
  return writeJson(before) === writeJson(after) ? [] : [{ path, before, after }];
}

function changesOf(before: Json | undefined, after: Json | undefined, path: JsonPath): readonly JsonChange[] {
  return before === undefined || after === undefined ? [{ path, before, after }] : changesBetween(before, after, path);
}

function changesInList(before: readonly Json[], after: readonly Json[], path: JsonPath): readonly JsonChange[] {
  const changes: JsonChange[] = [];
  const removed: number[] = [];
  const added: number[] = [];
  const flush = () => {
    for (let at = 0; at < Math.max(removed.length, added.length); at++) {
      const [old, now] = [removed[at], added[at]];
      changes.push(...changesOf(old === undefined ? undefined : before[old], now === undefined ? undefined : after[now], [...path, now ?? old ?? 0]));
    }
    removed.length = 0;
    added.length = 0;
  };
  let [old, now] = [0, 0];
  for (const step of stepsBetween(before.map(written), after.map(written), MAX_COMPARISONS)) {
    if (step === "same") flush();
    if (step === "removed") removed.push(old);
    if (step === "added") added.push(now);
    if (step !== "added") old++;
    if (step !== "removed") now++;
  }
  flush();
  return changes;
}

/** A path as programs write it, such as `items[2].price` and `["a b"]`; empty for the whole. */
export function pathText(path: JsonPath): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key)) return `${text}[${writeJson(key)}]`;
    return text === "" ? key : `${text}.${key}`;
  }, "");
}

function written(value: Json): string {
  return writeJson(value);
}

function isFields(value: Json): value is ReadonlyMap<string, Json> {
  return value instanceof Map;
}
