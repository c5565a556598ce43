/**
 * The exchanges of a record by columns: some tens of bytes each, where objects take hundreds. What very many have in common is one object for all of them. Times are
 * kept to the nanosecond; what a double says beyond that is rounding, no clock has it. Read through `Exchanges`, which gives each row the shape it had.
 */
import type { Exchange } from '../observations.js';
import { pathOf } from '../probe-paths.js';
import type { Text } from './latin.js';
import { PackedColumn } from './packed-column.js';
import { PathColumn } from './path-column.js';
import { isFaulted, isSameFaults, isUsual, RARE } from './rare-fields.js';
import { StringTable } from './string-table.js';

const NS_PER_MS = 1e6;
/** Places in which a combination is looked for first: more than there are in most journals. */
const RECENT = 1 << 10;
const NONE: readonly number[] = [];

/** Of these there are some hundreds of combinations in millions of exchanges: between whom it was, what was asked, and how it went. */
const COMMON = [...(['link', 'from', 'to', 'method', 'route', 'status', 'end'] as const), ...RARE] as const;

/** One such combination; never changed. */
export type Common = { readonly [K in (typeof COMMON)[number]]: Exchange[K] } & {
  /** Names of its `tokens`. */
  readonly headers: readonly string[] | undefined;
  /** And of its `answerTokens`. */
  readonly answerHeaders: readonly string[] | undefined;
  readonly hasToken: boolean;
};

type Given = Omit<Exchange, 'kind'> & { n: number };

/** An exchange as the columns keep it. Instants are nanoseconds. */
export interface Row {
  n: number;
  /** The place of what it has in common with others among `commons`. */
  common: number;
  connection: number;
  ordinal: number;
  path: Text;
  token: Text | undefined;
  /** The number of the values of its `tokens` among `strings`. */
  tokens: number | undefined;
  /** The same of its `answerTokens`. */
  answerTokens: number | undefined;
  startNs: number;
  requestEndNs: number | undefined;
  responseStartNs: number | undefined;
  endNs: number;
  bytesUp: number;
  bytesDown: number;
}

export class ExchangeColumns {
  readonly strings = new StringTable();
  readonly commons: Common[] = [];
  readonly #commonNumbers = new Map<string, number>();
  /** By a few characters of it, where one was last found. */
  readonly #recent = new Int32Array(RECENT).fill(-1);
  readonly #n = new PackedColumn();
  readonly #common = new PackedColumn();
  readonly #connection = new PackedColumn();
  readonly #ordinal = new PackedColumn();
  readonly #path = new PathColumn(this.strings);
  readonly #token = new PackedColumn();
  readonly #tokens = new PackedColumn();
  readonly #answerTokens = new PackedColumn();
  readonly #startNs = new PackedColumn();
  /** These two count from the start. */
  readonly #requestEnd = new PackedColumn();
  readonly #responseStart = new PackedColumn();
  /** From the start of the response, where there was one. */
  readonly #rest = new PackedColumn();
  readonly #bytesUp = new PackedColumn();
  readonly #bytesDown = new PackedColumn();

  get length(): number {
    return this.#n.length;
  }

  push(exchange: Given): void {
    this.pushRow({
      n: exchange.n,
      common: this.#commonNumber(exchange),
      connection: exchange.connection,
      ordinal: exchange.ordinal,
      path: exchange.path,
      token: exchange.token,
      tokens: this.#tokensNumber(exchange.tokens),
      answerTokens: this.#tokensNumber(exchange.answerTokens),
      startNs: nsOf(exchange.startMs),
      requestEndNs: exchange.requestEndMs === undefined ? undefined : nsOf(exchange.requestEndMs),
      responseStartNs: exchange.responseStartMs === undefined ? undefined : nsOf(exchange.responseStartMs),
      endNs: nsOf(exchange.endMs),
      bytesUp: exchange.bytesUp,
      bytesDown: exchange.bytesDown,
    });
  }

  pushRow(row: Row): void {
    const { startNs, requestEndNs, responseStartNs } = row;
    this.#n.push(row.n);
    this.#common.push(row.common);
    this.#connection.push(row.connection);
    this.#ordinal.push(row.ordinal);
    this.#path.push(row.path, row.token);
    // Whether it has any is told by what it has in common; a number near the others keeps the column narrow.
    this.#token.push(row.token === undefined ? this.#token.last : this.strings.intern(row.token));
    this.#tokens.push(row.tokens ?? this.#tokens.last);
    this.#answerTokens.push(row.answerTokens ?? this.#answerTokens.last);
    this.#startNs.push(startNs);
    this.#requestEnd.push(requestEndNs === undefined ? 0 : optional(requestEndNs - startNs));
    this.#responseStart.push(responseStartNs === undefined ? 0 : optional(responseStartNs - startNs));
    this.#rest.push(row.endNs - (responseStartNs ?? startNs));
    this.#bytesUp.push(row.bytesUp);
    this.#bytesDown.push(row.bytesDown);
  }

  n(row: number): number {
    return this.#n.at(row);
  }
  common(row: number): Common {
    const common = this.commons[this.#common.at(row)];
    if (common === undefined) throw new RangeError(`there is no row ${row}`);
    return common;
  }
  /** The place of its `common` among `commons`. */
  commonNumber(row: number): number {
    return this.#common.at(row);
  }
  connection(row: number): number {
    return this.#connection.at(row);
  }
  ordinal(row: number): number {
    return this.#ordinal.at(row);
  }
  path(row: number): string {
    return this.#path.at(row, this.token(row));
  }
  /** Whether the path, without its query, is one of these. */
  pathTest(paths: ReadonlySet<string>): (row: number) => boolean {
    const mayBe = this.#path.mayBe(paths);
    return (row) => mayBe(row) && paths.has(pathOf(this.path(row)));
  }
  /** Among `strings`. */
  tokenNumber(row: number): number | undefined {
    return this.common(row).hasToken ? this.#token.at(row) : undefined;
  }
  token(row: number): string | undefined {
    const number = this.tokenNumber(row);
    return number === undefined ? undefined : this.strings.textOf(number);
  }
  tokens(row: number): Readonly<Record<string, string>> | undefined {
    return this.#textsOf(this.common(row).headers, this.#tokens.at(row));
  }
  answerTokens(row: number): Readonly<Record<string, string>> | undefined {
    return this.#textsOf(this.common(row).answerHeaders, this.#answerTokens.at(row));
  }
  /** Of what it has in a header of its `tokens`, among `strings`. */
  valueNumber(row: number, header: string): number | undefined {
    const { headers } = this.common(row);
    if (headers === undefined || !headers.includes(header)) return undefined;
    return headers.length === 1 ? this.#tokens.at(row) : this.strings.idOf(this.tokens(row)?.[header] ?? '');
  }
  /** Of the values of its `tokens`, among `strings`. */
  valueNumbers(row: number): readonly number[] {
    const { headers } = this.common(row);
    if (headers === undefined) return NONE;
    if (headers.length === 1) return [this.#tokens.at(row)];
    return Object.values(this.tokens(row) ?? {}).flatMap((value) => this.strings.idOf(value) ?? []);
  }
  startMs(row: number): number {
    return this.#startNs.at(row) / NS_PER_MS;
  }
  requestEndMs(row: number): number | undefined {
    return this.#instant(row, given(this.#requestEnd.at(row)));
  }
  responseStartMs(row: number): number | undefined {
    return this.#instant(row, given(this.#responseStart.at(row)));
  }
  endMs(row: number): number {
    const responseNs = given(this.#responseStart.at(row)) ?? 0;
    return (this.#startNs.at(row) + responseNs + this.#rest.at(row)) / NS_PER_MS;
  }
  bytesUp(row: number): number {
    return this.#bytesUp.at(row);
  }
  bytesDown(row: number): number {
    return this.#bytesDown.at(row);
  }

  #instant(row: number, afterNs: number | undefined): number | undefined {
    return afterNs === undefined ? undefined : (this.#startNs.at(row) + afterNs) / NS_PER_MS;
  }

  #textsOf(headers: readonly string[] | undefined, number: number): Readonly<Record<string, string>> | undefined {
    if (headers === undefined) return undefined;
    const text = this.strings.textOf(number);
    const [only] = headers;
    if (only !== undefined && headers.length === 1) return { [only]: text };
    const values = JSON.parse(text) as string[];
    return Object.fromEntries(headers.map((header, i) => [header, values[i] ?? '']));
  }

  /** One value is that value; of several each has a number as well, to be joined by. */
  #tokensNumber(tokens: Given['tokens']): number | undefined {
    if (tokens === undefined) return undefined;
    const values = Object.values(tokens);
    const [only] = values;
    if (only !== undefined && values.length === 1) return this.strings.intern(only);
    for (const value of values) this.strings.intern(value);
    return this.strings.intern(JSON.stringify(values));
  }

  #commonNumber(exchange: Given): number {
    const place = placeOf(exchange);
    const recent = this.#recent[place] ?? -1;
    const last = this.commons[recent];
    if (last !== undefined && isSame(last, exchange)) return recent;
    const key = keyOf(exchange);
    const number = this.#commonNumbers.get(key) ?? this.commons.push(commonOf(exchange)) - 1;
    this.#commonNumbers.set(key, number);
    this.#recent[place] = number;
    return number;
  }
}

/** Short, and quick to make, for nearly all; what the others have is told as JSON. */
function keyOf(exchange: Given): string {
  const { link, from, to, method, end, status, route, token, tokens, answerTokens } = exchange;
  const usual = `${link}\n${from}\n${to}\n${method}\n${end}\n${status}\n${route}\n${token === undefined}`;
  const named = tokens === undefined ? usual : `${usual}\n${Object.keys(tokens).join('\n')}`;
  const key = answerTokens === undefined ? named : `${named}\n\n${Object.keys(answerTokens).join('\n')}`;
  return isUsual(exchange) && !isFaulted(exchange) ? key : `${key}\n${JSON.stringify(commonOf(exchange))}`;
}

/** Where its combination may have been found before. */
function placeOf({ link, method, status = 0, applied }: Given): number {
  const end = link.length - 1;
  const told = method.length * 127 + status + (applied === undefined ? 0 : 509);
  return (link.charCodeAt(end) * 7 + link.charCodeAt(end >> 1) * 31 + link.length * 61 + told) % RECENT;
}

/** Whether an exchange is of a usual combination that was seen before, faults and all; much quicker than its key. */
function isSame(common: Common, exchange: Given): boolean {
  const { link, from, to, method, end, status, route, tokens, answerTokens } = exchange;
  if (common.status !== status || common.link !== link || common.method !== method || common.end !== end) return false;
  if (common.route !== route || common.from !== from || common.to !== to) return false;
  if (common.hasToken !== (exchange.token !== undefined)) return false;
  if (!isUsual(common) || !isUsual(exchange) || !isSameFaults(common, exchange)) return false;
  return isSameKeys(common.headers, tokens) && isSameKeys(common.answerHeaders, answerTokens);
}

function isSameKeys(headers: readonly string[] | undefined, tokens: Given['tokens']): boolean {
  if (headers === undefined || tokens === undefined) return headers === undefined && tokens === undefined;
  const keys = Object.keys(tokens);
  return keys.length === headers.length && keys.every((key, i) => key === headers[i]);
}

function commonOf(exchange: Given): Common {
  // All of them have all keys, in one order: that makes them quick to read.
  const fields = Object.fromEntries(COMMON.map((name) => [name, exchange[name]]));
  const { token, tokens, answerTokens } = exchange;
  const headers = tokens && Object.keys(tokens);
  const answerHeaders = answerTokens && Object.keys(answerTokens);
  return { ...fields, headers, answerHeaders, hasToken: token !== undefined } as Common;
}

/** As it is kept: what a double says beyond that is rounding. */
function nsOf(ms: number): number {
  return Math.round(ms * NS_PER_MS);
}

/** 0 says that there is none. */
function optional(value: number): number {
  return value < 0 ? value : value + 1;
}
function given(code: number): number | undefined {
  if (code === 0) return undefined;
  return code < 0 ? code : code - 1;
}
