/** A table with a caption, that sorts by a column when its heading is pressed. Sorting is stable, and text with figures in it sorts as a person would: `node-2` before `node-10`. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

export interface Column<Row> {
  /** Its heading, and its name for sorting. */
  title: string;
  cell: (row: Row) => ComponentChildren;
  /** What it sorts by; a column without it cannot be sorted. Undefined sorts last, whichever way. */
  sortBy?: (row: Row) => string | number | undefined;
  /** Figures stand to the right. */
  isFigure?: boolean;
}

export interface TableProps<Row> {
  /** What it lists, for who cannot see it at a glance. */
  caption: string;
  /** Shown above it; otherwise only read aloud. */
  isCaptionShown?: boolean;
  /** The first column names the row. */
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** What to say, and to do, where there is nothing to list. */
  empty: ComponentChildren;
}

interface Order {
  title: string;
  isDown: boolean;
}

const collator = new Intl.Collator('en', { numeric: true });

export function compareCells(a: string | number | undefined, b: string | number | undefined, isDown: boolean): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
  return isDown ? -order : order;
}

export function Table<Row>({ caption, isCaptionShown = false, columns, rows, keyOf, empty }: TableProps<Row>) {
  const [order, setOrder] = useState<Order | undefined>(undefined);
  const by = columns.find((column) => column.title === order?.title)?.sortBy;
  const shown = by === undefined ? rows : rows.toSorted((a, b) => compareCells(by(a), by(b), order?.isDown === true));
  if (rows.length === 0) return <div class="empty">{empty}</div>;
  return (
    <div class="scroll">
      <table class="data">
        <caption class={isCaptionShown ? undefined : 'hidden'}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Heading key={column.title} column={column} order={order} onOrder={setOrder} />
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column, i) =>
                i === 0 ? (
                  <th key={column.title} scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.title} class={column.isFigure === true ? 'n' : undefined}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadingProps<Row> {
  column: Column<Row>;
  order: Order | undefined;
  onOrder: (order: Order) => void;
}

function Heading<Row>({ column: { title, sortBy, isFigure }, order, onOrder }: HeadingProps<Row>) {
  const isBy = order?.title === title;
  const sorted = isBy ? (order.isDown ? 'descending' : 'ascending') : undefined;
  return (
    <th scope="col" class={isFigure === true ? 'n' : undefined} aria-sort={sorted}>
      {sortBy === undefined ? (
        title
      ) : (
        <button type="button" onClick={() => onOrder({ title, isDown: isBy && !order.isDown })}>
          {title}
          <span aria-hidden="true">{isBy ? (order.isDown ? ' ▾' : ' ▴') : ''}</span>
        </button>
      )}
    </th>
  );
}
