import type { ReactNode } from "react";
import styles from "./data-table.module.css";

interface DataTableProps {
  readonly label: string;
  /** Names of the columns; the last may be of buttons only and is then not seen. */
  readonly columns: readonly string[];
  readonly lastIsActions?: boolean;
  /** Rows. */
  readonly children: ReactNode;
}

/** A table of which each row becomes a stack of named values on a narrow screen. The roles are written out: the browser drops them with the layout. */
export function DataTable({ label, columns, lastIsActions = false, children }: DataTableProps): ReactNode {
  return (
    <table role="table" aria-label={label} className={styles.table}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column, index) => (
            <th key={column} role="columnheader" scope="col">
              {lastIsActions && index === columns.length - 1 ? <span className="visually-hidden">{column}</span> : column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">{children}</tbody>
    </table>
  );
}

export function Row({ id, faded = false, children }: { readonly id: string; readonly faded?: boolean; readonly children: ReactNode }): ReactNode {
  return (
    <tr role="row" data-row-id={id} data-faded={faded}>
      {children}
    </tr>
  );
}

/** The cell that names its row. */
export function HeadCell({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <th role="rowheader" scope="row">
      {children}
    </th>
  );
}

/** `label` is the name of the column, shown before the value on a narrow screen. */
export function Cell({ label, children }: { readonly label?: string; readonly children: ReactNode }): ReactNode {
  return (
    <td role="cell" data-label={label}>
      {children}
    </td>
  );
}
