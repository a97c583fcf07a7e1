import type { Preview } from "@heliograph/client";
import type { ReactNode } from "react";
import { AgentText } from "../shared/agent-text.js";
import { SafeLink } from "../shared/safe-link.js";
import { DiffView } from "./diff-view.js";
import { JsonView } from "./json-view.js";
import styles from "./preview.module.css";

/** The changes that an action makes, as the agent describes them. Shown as text only; nothing in it is executed. */
export function PreviewView({ preview }: { readonly preview: Preview }): ReactNode {
  const { kind, ...fields }: Readonly<Record<string, unknown>> = { ...preview };
  const text = (name: string) => (typeof fields[name] === "string" ? fields[name] : undefined);
  const href = text("href") ?? text("url");
  switch (kind) {
    case "text":
      return text("text") === undefined ? <Other value={fields} /> : <Text text={text("text") ?? ""} />;
    case "diff":
      return text("diff") === undefined && !hasTexts(fields) ? <Other value={fields} /> : <Diff diff={text("diff")} before={text("before") ?? ""} after={text("after") ?? ""} />;
    case "table":
      return Array.isArray(fields["rows"]) ? <Table columns={fields["columns"]} rows={fields["rows"]} /> : <Other value={fields} />;
    case "link":
      return href === undefined ? <Other value={fields} /> : <SafeLink href={href} label={text("label") ?? text("title")} />;
    default:
      return <Other value={fields} />;
  }
}

/** A preview that is not of the documented shape. */
function Other({ value }: { readonly value: unknown }): ReactNode {
  return <JsonView text={JSON.stringify(value)} />;
}

function Text({ text }: { readonly text: string }): ReactNode {
  return (
    <pre className={styles.text}>
      <AgentText text={text} kind="prose" />
    </pre>
  );
}

/** Whether there is an old text, a new one, or both, and nothing else in their place. */
function hasTexts({ before, after }: Readonly<Record<string, unknown>>): boolean {
  const texts = [before, after].filter((text) => text !== undefined);
  return texts.length > 0 && texts.every((text) => typeof text === "string");
}

/** More lines are shown as one text: first those of the old text, then those of the new one. */
const MAX_LINES = 2_000;

function Diff({ diff, before, after }: { readonly diff: string | undefined; readonly before: string; readonly after: string }): ReactNode {
  const lines = (diff ?? `${before}\n${after}`).split("\n");
  if (lines.length > MAX_LINES) return <Text text={diff ?? [...marked(before, "-"), ...marked(after, "+")].join("\n")} />;
  return diff === undefined ? <DiffView before={before} after={after} /> : <DiffView diff={diff} />;
}

function marked(text: string, sign: string): readonly string[] {
  return text === "" ? [] : text.split("\n").map((line) => `${sign} ${line}`);
}

interface Column {
  /** Of the field in rows that are objects. */
  readonly key: string;
  readonly label: string;
}

/** More cells are shown as JSON. */
const MAX_CELLS = 5_000;

function Table({ columns, rows }: { readonly columns: unknown; readonly rows: readonly unknown[] }): ReactNode {
  const heads: readonly Column[] = Array.isArray(columns) ? columns.map(columnOf) : [];
  const cells = rows.map((row) => cellsOf(row, heads));
  if (cells.reduce((sum, row) => sum + row.length, heads.length) > MAX_CELLS) return <Other value={{ columns, rows }} />;
  return (
    <div className={styles.scroll} tabIndex={0}>
      <table className={styles.table}>
        {heads.length > 0 && (
          <thead>
            <tr>
              {heads.map(({ label }, index) => (
                <th key={index} scope="col">
                  <AgentText text={label} kind="name" />
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {cells.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column}>
                  <AgentText text={cell} kind="value" />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A column is its name, or `{key, label}`; anything else is shown as it is. */
function columnOf(column: unknown): Column {
  if (typeof column === "object" && column !== null && !Array.isArray(column)) {
    const { key, label, name, title } = column as Readonly<Record<string, unknown>>;
    const texts = [label, title, name, key].filter((text) => typeof text === "string");
    if (texts[0] !== undefined) return { key: typeof key === "string" ? key : typeof name === "string" ? name : texts[0], label: texts[0] };
  }
  return { key: cellText(column), label: cellText(column) };
}

function cellsOf(row: unknown, heads: readonly Column[]): readonly string[] {
  if (Array.isArray(row)) return row.map(cellText);
  if (typeof row !== "object" || row === null) return [cellText(row)];
  const fields = row as Readonly<Record<string, unknown>>;
  if (heads.length === 0) return Object.values(fields).map(cellText);
  const keys = heads.map(({ key }) => key);
  // A field without a column is shown all the same, with its name.
  const others = Object.entries(fields).filter(([key]) => !keys.includes(key));
  return [...keys.map((key) => (Object.hasOwn(fields, key) ? cellText(fields[key]) : "")), ...others.map(([key, value]) => `${key}: ${cellText(value)}`)];
}

function cellText(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
