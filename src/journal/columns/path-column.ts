/**
 * The paths of exchanges. Most hold the name of their request, and nothing else that is not the same for very many: of these only what stands around the name is kept,
 * so whoever reads one gives the name back.
 */
import { pathOf } from '../probe-paths.js';
import { PackedColumn } from './packed-column.js';
import type { StringTable } from './string-table.js';

/** What stands around names; beyond so many, paths are kept whole. */
const AROUND_MAX = 4_096;

/** How a path is kept. */
const KIND = { whole: 0, withQuery: 1, aroundName: 2 } as const;
const KINDS = 3;

interface Around {
  before: string;
  after: string;
}

export class PathColumn {
  readonly #strings: StringTable;
  /** A number among the strings, or among what stands around names, and its kind. */
  readonly #codes = new PackedColumn();
  readonly #arounds: Around[] = [];
  readonly #numbers = new Map<string, Map<string, number>>();

  constructor(strings: StringTable) {
    this.#strings = strings;
  }

  push(path: string, name: string | undefined): void {
    const around = name === undefined || name === '' ? undefined : this.#around(path, name);
    if (around !== undefined) this.#codes.push(around * KINDS + KIND.aroundName);
    else this.#codes.push(this.#strings.intern(path) * KINDS + (path.includes('?') ? KIND.withQuery : KIND.whole));
  }

  /** `name` as it was pushed. */
  at(row: number, name: string | undefined): string {
    const code = this.#codes.at(row);
    const number = Math.floor(code / KINDS);
    if (code % KINDS !== KIND.aroundName) return this.#strings.textOf(number);
    const { before, after } = this.#arounds[number] ?? { before: '', after: '' };
    return `${before}${name}${after}`;
  }

  /** Whether a row's path may, without its query, be one of these: what it says of most without reading them is no. */
  mayBe(paths: ReadonlySet<string>): (row: number) => boolean {
    const whole = new Set([...paths].flatMap((path) => this.#strings.idOf(path) ?? []));
    const arounds = this.#arounds.map(({ before }) =>
      [...paths].some((path) => path.startsWith(before) || pathOf(before).startsWith(path)),
    );
    return (row) => {
      const code = this.#codes.at(row);
      const number = Math.floor(code / KINDS);
      if (code % KINDS === KIND.whole) return whole.has(number);
      return code % KINDS === KIND.withQuery || arounds[number] === true;
    };
  }

  /** The number of what stands around the name; undefined if the path does not hold it, or there are too many already. */
  #around(path: string, name: string): number | undefined {
    const from = path.indexOf(name);
    if (from < 0) return undefined;
    const [before, after] = [path.slice(0, from), path.slice(from + name.length)];
    const known = this.#numbers.get(before)?.get(after);
    if (known !== undefined) return known;
    if (this.#arounds.length >= AROUND_MAX) return undefined;
    const number = this.#arounds.push({ before, after }) - 1;
    const numbers = this.#numbers.get(before) ?? new Map<string, number>();
    this.#numbers.set(before, numbers.set(after, number));
    return number;
  }
}
