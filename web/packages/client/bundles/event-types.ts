import { compile } from "json-schema-to-typescript";

/** One item of `GET /v1/event-types`. */
export interface EventTypeItem {
  readonly type: string;
  /** JSON Schema of the events' data. */
  readonly schema: unknown;
  readonly description?: string;
}

const TYPE = /^[a-z][a-z0-9.-]*:[a-z][a-z0-9._-]*$/;

/**
 * The text of a declaration file that gives `CustomEvents` of `@heliograph/client` these types, in the order of their names. Each type has a
 * namespace of its own, so that definitions of the same name do not meet.
 *
 * @throws Error that names the type whose schema has no TypeScript, such as one that refers to another document
 */
export async function declarations(items: readonly EventTypeItem[], source: string): Promise<string> {
  const sorted = items.toSorted((a, b) => (a.type < b.type ? -1 : 1));
  const names = namesOf(sorted.map(({ type }) => type));
  const namespaces = await Promise.all(sorted.map(async (item, index) => `export namespace ${names[index] ?? ""} {\n${indented(await dataOf(item))}\n}\n`));
  return [
    `// Written by heliograph-types from ${source}. Do not edit: run it again.`,
    'import "@heliograph/client";',
    "",
    'declare module "@heliograph/client" {',
    "  interface CustomEvents {",
    ...sorted.flatMap(({ type, description }, index) => [...commentOf(description), `    ${JSON.stringify(type)}: ${names[index] ?? ""}.Data;`]),
    "  }",
    "}",
    "",
    ...namespaces,
  ].join("\n");
}

/** `OrderShipped` of `order:shipped`; of several types that would have the same name, the later ones have a number. */
function namesOf(types: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return types.map((type) => {
    const name = type.replaceAll(/(?:^|[^a-z0-9]+)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    let free = name;
    for (let number = 2; taken.has(free); number += 1) free = `${name}_${number}`;
    taken.add(free);
    return free;
  });
}

async function dataOf({ type, schema }: EventTypeItem): Promise<string> {
  if (typeof schema === "boolean") return `export type Data = ${schema ? "unknown" : "never"};`;
  // The library names the type by its id or title, if there is one.
  const { $id: _, ...fields } = schema as Record<string, unknown>;
  try {
    const text = await compile({ ...fields, title: "Data" }, "Data", {
      bannerComment: "",
      format: false,
      // Nothing is read that the schema names: neither files nor addresses.
      $refOptions: { resolve: { external: false, file: false, http: false } },
    });
    return text.trim();
  } catch (error) {
    throw new Error(`the schema of ${type} cannot be written as TypeScript: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function commentOf(description: string | undefined): readonly string[] {
  return description === undefined ? [] : [`    /** ${description.replaceAll("*/", "*\\/").replaceAll(/\s+/g, " ")} */`];
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}

/** Reads the items of a page of the list; throws an Error that says what is not as documented. */
export function itemsIn(page: unknown): { readonly items: readonly EventTypeItem[]; readonly nextCursor: string | undefined } {
  const { data, nextCursor } = (page ?? {}) as { readonly data?: unknown; readonly nextCursor?: unknown };
  if (!Array.isArray(data)) throw new Error("the answer has no list `data`");
  const items = data.map((value: unknown, index): EventTypeItem => {
    const { type, schema, description } = (value ?? {}) as Record<string, unknown>;
    if (typeof type !== "string" || !TYPE.test(type)) throw new Error(`data[${index}].type is not the type of an event`);
    if (typeof schema !== "boolean" && (typeof schema !== "object" || schema === null || Array.isArray(schema))) throw new Error(`data[${index}].schema is no JSON Schema`);
    return { type, schema, ...(typeof description === "string" ? { description } : {}) };
  });
  return { items, nextCursor: typeof nextCursor === "string" ? nextCursor : undefined };
}
