/**
 * Rows of a CSV file for the requests of a load. They are read whole before the first request, so that a run that cannot have its data ends before
 * anything is injected; files beyond the bounds are refused.
 */
import { readFile, stat } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { LabError, reasonOf } from '../../core/errors.js';
import { keyedDraw } from '../../core/random.js';
import { didYouMean } from '../../core/suggest.js';

const FILE_BYTES_MAX = 64 * 1024 * 1024;
const ROWS_MAX = 1_000_000;

/** Column → value. */
export type Row = ReadonlyMap<string, string>;

export interface RowsFile {
  file: string;
  order: 'sequence' | 'random';
}

/** Rejects with WORKLOAD_FAILED, saying what is wrong with the file: unreadable, too large, no CSV, or without a column that `texts` name. */
export async function readRows({ file }: RowsFile, texts: readonly string[]): Promise<readonly Row[]> {
  try {
    const { size } = await stat(file);
    if (size > FILE_BYTES_MAX) throw new Error(`expected at most ${FILE_BYTES_MAX} bytes, found ${size}`);
    const rows = parseRows(await readFile(file, 'utf8'));
    const columns = [...(rows[0]?.keys() ?? [])];
    const missing = texts.flatMap(columnsIn).find((column) => !columns.includes(column));
    if (missing !== undefined) throw new Error(`there is no column "${missing}"${didYouMean(missing, columns)}`);
    return rows;
  } catch (error) {
    throw new LabError('WORKLOAD_FAILED', { reason: `the rows of ${file}: ${reasonOf(error)}` }, { cause: error });
  }
}

/** Columns that a text names: `${row.user}`. */
function columnsIn(text: string): string[] {
  return [...text.matchAll(/\$\{row\.([^}]*)\}/g)].map(([, column = '']) => column);
}

/** The first line names the columns. Throws where a row has another number of values, and where there is no row. */
export function parseRows(text: string): readonly Row[] {
  const [columns, ...rows] = parse(text, { bom: true, skip_empty_lines: true, to: ROWS_MAX + 2 });
  if (columns === undefined || rows.length === 0) throw new Error('expected a line of column names and at least one row');
  if (rows.length > ROWS_MAX) throw new Error(`expected at most ${ROWS_MAX} rows`);
  return rows.map((values) => new Map(columns.map((column, i) => [column.trim(), values[i] ?? ''])));
}

/** The row of the n-th request: in turn, or by a draw that depends on the seed and n alone. */
export function rowChooser(rows: readonly Row[], given: { order: RowsFile['order']; seed: number; scenario: string }) {
  const draw = keyedDraw({ seed: given.seed, faultId: `load-row ${given.scenario}` });
  return (ordinal: number): Row | undefined =>
    rows[given.order === 'sequence' ? ordinal % rows.length : Math.floor(draw('row', ordinal) * rows.length)];
}
