/**
 * The exchanges of a run, in order of their starts, as whoever judges sees them. They lie in columns; what is handed out is a view of a row, made when it is asked
 * for. Parts of them are lists of row numbers.
 */
import { type Common, ExchangeColumns } from './columns/exchange-columns.js';
import { viewOf } from './columns/exchange-view.js';
import { rowsInOrder } from './columns/row-order.js';
import { type List, RowList } from './list.js';
import type { RecordedExchange } from './record.js';

/** Some exchanges of a run: views of its rows, or an array of them. */
export type ExchangeList = List<RecordedExchange>;

export class Exchanges extends RowList<RecordedExchange> {
  /** For whoever goes through very many and needs little of each. */
  readonly columns: Omit<ExchangeColumns, 'push' | 'pushRow'>;
  readonly #workedOut = new Map<string, unknown>();

  /** In any order; what is added to the columns later is not in it. Those that began together are in order of their numbers. */
  constructor(columns: ExchangeColumns = new ExchangeColumns()) {
    const isAfter = (a: number, b: number): boolean => {
      const [startA, startB] = [columns.startMs(a), columns.startMs(b)];
      return startA === startB ? columns.n(a) > columns.n(b) : startA > startB;
    };
    super(rowsInOrder(columns.length, isAfter), (row) => viewOf(columns, row));
    this.columns = columns;
  }

  /** Those of which what they have in common with others is so. */
  having(isMeant: (common: Common) => boolean): RowList<RecordedExchange> {
    const areMeant = this.columns.commons.map(isMeant);
    return this.withRows((row) => areMeant[this.columns.commonNumber(row)] === true);
  }

  /** Those of these events. */
  numbered(numbers: ReadonlySet<number>): RowList<RecordedExchange> {
    return this.withRows((row) => numbers.has(this.columns.n(row)));
  }

  /**
   * What several judges work out of the same exchanges is worked out once. The key names all that it depends on beside them; whoever uses one key
   * always makes the same of it.
   */
  once<T>(key: readonly unknown[], workOut: () => T): T {
    const name = JSON.stringify(key);
    if (!this.#workedOut.has(name)) this.#workedOut.set(name, workOut());
    return this.#workedOut.get(name) as T;
  }
}
