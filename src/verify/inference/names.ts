/** What names a request, as numbers: two exchanges that carry the same name may be of the same cause. Names that several share are sorted out by whoever joins. */
import { StringTable } from '../../journal/columns/string-table.js';
import type { Exchanges } from '../../journal/exchanges.js';

/** A value that is noted of a request joins it to others only if it is so long: short ones, like a number, name many things. */
const NAME_CHARACTERS_MIN = 6;
const NONE: readonly number[] = [];

export interface Names {
  /** Each name's number is below it. */
  readonly count: number;
  of: (row: number) => readonly number[];
}

/** Tokens and other noted values: callers pass on one of their names and make up the others anew. */
export function tokenNames({ columns }: Exchanges): Names {
  const { strings } = columns;
  return {
    count: strings.size,
    of: (row) => {
      const token = columns.tokenNumber(row);
      const own = token === undefined ? NONE : [token];
      const others = columns.valueNumbers(row).filter((number) => strings.lengthOf(number) >= NAME_CHARACTERS_MIN);
      return others.length === 0 ? own : [...own, ...others];
    },
  };
}

/** The words of their paths; only those of the requests that are offered can name one. */
export function pathNames({ columns }: Exchanges, offered: Uint32Array): Names {
  const words = new StringTable();
  const wordsOf = (row: number): string[] => columns.path(row).split(/[/?&=;,]+/);
  for (const row of offered) for (const word of wordsOf(row)) words.intern(word);
  return { count: words.size, of: (row) => wordsOf(row).flatMap((word) => words.idOf(word) ?? []) };
}
