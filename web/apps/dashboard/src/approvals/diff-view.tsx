import { useLocalStorage } from "@mantine/hooks";
import { memo, useMemo, useRef, type CSSProperties, type ReactNode } from "react";
import { AgentText } from "../shared/agent-text.js";
import { useTexts } from "../shared/language.js";
import { rowsBetween, rowsOfUnified, sideBySide, type DiffRow } from "./diff-rows.js";
import { previewTexts } from "./preview-texts.js";
import { useWide } from "./use-wide.js";
import toolStyles from "./json-view.module.css";
import styles from "./diff-view.module.css";

type DiffViewProps = { readonly diff: string } | { readonly before: string; readonly after: string };

/** A diff line by line, with the words that differ. In a wide pane it is shown in one column or in two, as chosen in this browser. */
export const DiffView = memo(function DiffView(props: DiffViewProps): ReactNode {
  const texts = useTexts(previewTexts);
  const root = useRef<HTMLDivElement>(null);
  const wide = useWide(root);
  const [layout, setLayout] = useLocalStorage<"inline" | "split">({ key: "heliograph:diff", defaultValue: "inline", getInitialValueInEffect: false });
  const [diff, before, after] = "diff" in props ? [props.diff, "", ""] : [undefined, props.before, props.after];
  const rows = useMemo(() => (diff === undefined ? rowsBetween(before, after) : rowsOfUnified(diff)), [diff, before, after]);
  const split = wide && layout === "split";
  const digits = String(Math.max(0, ...rows.map((row) => Math.max(row.before ?? 0, row.after ?? 0)))).length;
  return (
    <div ref={root} className={styles.diff} data-layout={split ? "split" : "inline"} style={{ "--digits": digits } as CSSProperties}>
      {wide && (
        <div className={toolStyles.tools} role="group" aria-label={texts.layout}>
          <button type="button" aria-pressed={!split} onClick={() => setLayout("inline")}>
            {texts.inline}
          </button>
          <button type="button" aria-pressed={split} onClick={() => setLayout("split")}>
            {texts.split}
          </button>
        </div>
      )}
      {rows.every(({ kind }) => kind === "same") && <p className={styles.none}>{texts.noDifference}</p>}
      {split ? <Columns rows={rows} /> : rows.map((row, index) => <InlineRow key={index} row={row} />)}
    </div>
  );
});

function InlineRow({ row }: { readonly row: DiffRow }): ReactNode {
  return (
    <div className={styles.row} data-change={row.kind}>
      {row.kind !== "note" && (
        <>
          <LineNumber value={row.before} />
          <LineNumber value={row.after} />
        </>
      )}
      <Line row={row} />
    </div>
  );
}

function Columns({ rows }: { readonly rows: readonly DiffRow[] }): ReactNode {
  return sideBySide(rows).map(({ left, right }, index) =>
    left?.kind === "note" ? (
      <InlineRow key={index} row={left} />
    ) : (
      <div key={index} className={styles.pair}>
        <Half row={left} number={left?.before} />
        <Half row={right} number={right?.after} />
      </div>
    ),
  );
}

function Half({ row, number }: { readonly row: DiffRow | undefined; readonly number: number | undefined }): ReactNode {
  if (row === undefined) return <div className={styles.nothing} />;
  return (
    <div className={styles.row} data-change={row.kind}>
      <LineNumber value={number} />
      <Line row={row} />
    </div>
  );
}

function LineNumber({ value }: { readonly value: number | undefined }): ReactNode {
  return <span className={styles.number}>{value}</span>;
}

const signs: Readonly<Record<DiffRow["kind"], string>> = { same: " ", removed: "-", added: "+", note: " " };

/** The sign and the text of a line. */
function Line({ row: { kind, parts } }: { readonly row: DiffRow }): ReactNode {
  const Tag = kind === "removed" ? "del" : kind === "added" ? "ins" : "span";
  return (
    <>
      {kind !== "note" && <span className={styles.sign}>{signs[kind]}</span>}
      <Tag className={styles.text}>
        {parts.map(({ text, changed }, index) =>
          changed ? (
            <mark key={index}>
              <AgentText text={text} kind="prose" />
            </mark>
          ) : (
            <AgentText key={index} text={text} kind="prose" />
          ),
        )}
        {"\n"}
      </Tag>
    </>
  );
}
