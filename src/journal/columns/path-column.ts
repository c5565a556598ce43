/**
 * The paths of exchanges. Most hold the name of their request, and nothing else that is not the same for very many: of these only what stands around the name is kept,
 * so whoever reads one gives the name back.
 */
import { pathOf } from '../probe-paths.js';
import { emptyLatin, type Latin, type Text, textOf, writeLatin } from './latin.js';
import { PackedColumn } from './packed-column.js';
import { StringTable } from './string-table.js';

/** What stands around names; beyond so many, paths are kept whole. */
const AROUND_MAX = 4_096;

/** Between what stands before a name and what stands behind it; a path that holds one is kept whole. */
const SEPARATOR = 0x0a;
const QUERY = 0x3f;

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
  /** What stands before and behind a name, in one; its numbers are those of `#arounds`. */
  readonly #aroundTexts = new StringTable();
  readonly #around: Latin = emptyLatin();
  readonly #given = { path: emptyLatin(), name: emptyLatin() };

  constructor(strings: StringTable) {
    this.#strings = strings;
  }

  push(path: Text, name: Text | undefined): void {
    const given = name === undefined ? undefined : this.#aroundNumber(path, name);
    if (given !== undefined) this.#codes.push(given * KINDS + KIND.aroundName);
    else this.#codes.push(this.#strings.intern(path) * KINDS + (hasQuery(path) ? KIND.withQuery : KIND.whole));
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
  #aroundNumber(path: Text, name: Text): number | undefined {
    const [whole, part] = [latinOf(path, this.#given.path), latinOf(name, this.#given.name)];
    if (whole === undefined || part === undefined) return undefined;
    const at = placeOf(part, whole);
    if (at < 0) return undefined;
    this.#writeAround(whole, at, part.to - part.from);
    const known = this.#aroundTexts.idOf(this.#around);
    if (known !== undefined || this.#arounds.length >= AROUND_MAX) return known;
    const [before = '', after = '', ...more] = textOf(this.#around).split('\n');
    if (more.length > 0) return undefined;
    this.#arounds.push({ before, after });
    return this.#aroundTexts.intern(this.#around);
  }

  /** All of the path but the name. */
  #writeAround({ bytes, from, to }: Latin, nameAt: number, nameLength: number): void {
    const around = this.#around;
    const length = to - from - nameLength + 1;
    if (around.bytes.length < length) around.bytes = Buffer.alloc(2 * length);
    let end = 0;
    for (let i = from; i < nameAt; i += 1, end += 1) around.bytes[end] = bytes[i] ?? 0;
    around.bytes[end] = SEPARATOR;
    end += 1;
    for (let i = nameAt + nameLength; i < to; i += 1, end += 1) around.bytes[end] = bytes[i] ?? 0;
    around.to = end;
  }
}

/** Undefined if it has characters of which none is a byte. */
function latinOf(text: Text, scratch: Latin): Latin | undefined {
  if (typeof text !== 'string') return text;
  return writeLatin(text, scratch) ? scratch : undefined;
}

/** Where the name begins in the path; below zero if it is not there, or empty. */
function placeOf(name: Latin, path: Latin): number {
  const length = name.to - name.from;
  if (length === 0) return -1;
  for (let at = path.from; at <= path.to - length; at += 1) {
    let same = 0;
    while (same < length && path.bytes[at + same] === name.bytes[name.from + same]) same += 1;
    if (same === length) return at;
  }
  return -1;
}

function hasQuery(path: Text): boolean {
  if (typeof path === 'string') return path.includes('?');
  for (let i = path.from; i < path.to; i += 1) if (path.bytes[i] === QUERY) return true;
  return false;
}
