/** Rows of the same kind. On phones every row becomes a card whose cells carry their column's name. */
import type { ReactNode } from "react";
import "./table.css";

export interface Column<Row> {
  key: string;
  label: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the end. */
  align?: "start" | "end";
}

interface TableProps<Row> {
  /** What the rows are, for screen readers. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** What can be done with a row; stands in its last cell. */
  actions?: (row: Row) => ReactNode;
  /** The name of the column of actions, for screen readers. */
  actionsLabel?: string;
}

export function Table<Row>({ caption, columns, rows, rowKey, actions, actionsLabel = "" }: TableProps<Row>) {
  return (
    <table className="table">
      <caption>{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.key} scope="col" data-align={column.align}>
              {column.label}
            </th>
          ))}
          {actions !== undefined && (
            <th scope="col">
              <span className="unseen">{actionsLabel}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            {columns.map((column) => (
              <td key={column.key} data-label={column.label} data-align={column.align}>
                {column.cell(row)}
              </td>
            ))}
            {actions !== undefined && <td className="table-actions">{actions(row)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
