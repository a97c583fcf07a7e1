import type { Preview } from "@heliograph/client";
import type { ReactNode } from "react";
import { JsonView } from "./json-view.js";
import styles from "./preview.module.css";

/** The changes that an action makes, as the agent describes them. Shown as text only; nothing in it is executed. */
export function PreviewView({ preview }: { readonly preview: Preview }): ReactNode {
  const fields: Readonly<Record<string, unknown>> = { ...preview };
  const text = (name: string) => (typeof fields[name] === "string" ? fields[name] : undefined);
  switch (preview.kind) {
    case "text":
      return <pre className={styles.text}>{text("text") ?? ""}</pre>;
    case "diff":
      return <Diff lines={(text("diff") ?? unified(text("before") ?? "", text("after") ?? "")).split("\n")} />;
    case "table":
      return <Table columns={fields.columns} rows={fields.rows} />;
    case "link":
      return <SafeLink href={text("href") ?? text("url") ?? ""} label={text("label") ?? text("title")} />;
    default: {
      const { kind, ...rest } = fields;
      return <JsonView value={rest} />;
    }
  }
}

function Diff({ lines }: { readonly lines: readonly string[] }): ReactNode {
  return (
    <pre className={styles.diff} tabIndex={0}>
      {lines.map((line, index) => (
        <span key={index} data-change={line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : undefined}>
          {line}
          {"\n"}
        </span>
      ))}
    </pre>
  );
}

/** Old and new as two blocks of marked lines. */
function unified(before: string, after: string): string {
  const marked = (text: string, mark: string) => (text === "" ? [] : text.split("\n").map((line) => mark + line));
  return [...marked(before, "- "), ...marked(after, "+ ")].join("\n");
}

function Table({ columns, rows }: { readonly columns: unknown; readonly rows: unknown }): ReactNode {
  if (!Array.isArray(rows)) return <JsonView value={rows} />;
  const heads: readonly string[] = Array.isArray(columns) ? columns.map(String) : [];
  return (
    <div className={styles.scroll} tabIndex={0}>
      <table className={styles.table}>
        {heads.length > 0 && (
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map((row: unknown, index) => (
            <tr key={index}>
              {cellsOf(row, heads).map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function cellsOf(row: unknown, heads: readonly string[]): readonly string[] {
  if (Array.isArray(row)) return row.map(cellText);
  if (typeof row !== "object" || row === null) return [cellText(row)];
  const fields = row as Readonly<Record<string, unknown>>;
  return (heads.length > 0 ? heads : Object.keys(fields)).map((head) => cellText(fields[head]));
}

function cellText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Only web addresses become links; the address is always shown. */
function SafeLink({ href, label }: { readonly href: string; readonly label: string | undefined }): ReactNode {
  if (!/^https?:\/\//i.test(href)) return <code>{href}</code>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" className={styles.link}>
      {label !== undefined && <span>{label}</span>}
      <code>{href}</code>
    </a>
  );
}
