/**
 * Takes exchanges from the lines of a journal without parsing them. Of millions of lines most are like one that came before but for some figures and names: the
 * first of a kind goes through `JSON.parse`, the others are held against it byte by byte. Whatever differs in anything else is not taken, so that what is
 * taken is what `JSON.parse` would have said.
 */
import type { Exchange } from '../observations.js';
import { Decimal } from './decimal.js';
import type { ExchangeColumns, Row } from './exchange-columns.js';
import { emptyLatin, type Latin } from './latin.js';
import { LineTree, slot } from './line-tree.js';

/** Kinds of lines; what is of another is parsed. */
const KINDS_MAX = 4_096;
/** Whole numbers of more digits are not exact. */
const DIGITS_MAX = 15;

/** What differs from line to line: names, then whole numbers, then instants. `name` and `answerName` are the one value of `tokens` and `answerTokens`. */
const SLOTS = {
  ...({ path: 0, token: 1, name: 2, answerName: 3 } as const),
  ...({ n: 4, connection: 5, ordinal: 6, bytesUp: 7, bytesDown: 8 } as const),
  ...({ startMs: 9, requestEndMs: 10, responseStartMs: 11, endMs: 12, atMs: 13 } as const),
} as const;
const SLOT_OF: ReadonlyMap<string, number> = new Map(Object.entries(SLOTS));
const NAME_SLOT_OF: ReadonlyMap<string, number> = new Map([
  ['tokens', SLOTS.name],
  ['answerTokens', SLOTS.answerName],
]);
const [FIRST_COUNT, FIRST_INSTANT, SLOT_COUNT] = [SLOTS.n, SLOTS.startMs, SLOTS.atMs + 1];

type Given = Omit<Exchange, 'kind'> & { n: number };

/** What the lines of a kind have in common. */
interface Kind {
  common: number;
  hasName: boolean;
  hasAnswerName: boolean;
  hasRequestEnd: boolean;
  hasResponseStart: boolean;
}

const [QUOTE, BACKSLASH, ZERO, NINE] = [0x22, 0x5c, 0x30, 0x39];
const [PLAIN_MIN, PLAIN_MAX] = [0x20, 0x7e];

export class ExchangeLines {
  readonly #columns: ExchangeColumns;
  readonly #tree = new LineTree<Kind>((number, bytes, at) => this.#read(number, bytes, at));
  readonly #decimal = new Decimal();
  /** By slot; instants are nanoseconds, but for `atMs`. */
  readonly #figures = new Float64Array(SLOT_COUNT);
  /** By slot as well. */
  readonly #names: readonly [Latin, Latin, Latin, Latin] = [emptyLatin(), emptyLatin(), emptyLatin(), emptyLatin()];
  /** One for all: millions of them would have to be collected. */
  readonly #row: Row = emptyRow();
  #kinds = 0;

  constructor(columns: ExchangeColumns) {
    this.#columns = columns;
  }

  /** Of the line that was taken last, as `atMs`. */
  get n(): number {
    return this.#figures[SLOTS.n] ?? 0;
  }
  get atMs(): number {
    return this.#figures[SLOTS.atMs] ?? 0;
  }

  /** Adds the exchange of a line to the columns; false if no line of its kind was learnt. */
  take({ bytes, from, to }: Latin): boolean {
    const kind = this.#tree.find(bytes, from, to);
    if (kind === undefined) return false;
    this.#columns.pushRow(this.#fillRow(kind));
    return true;
  }

  /** The exchange that was added to the columns last, and the line that it was parsed from: from then on others of its kind are taken. */
  learn(exchange: Given, line: string): void {
    const { tokens, answerTokens, requestEndMs, responseStartMs } = exchange;
    if (this.#kinds >= KINDS_MAX || hasSeveral(tokens) || hasSeveral(answerTokens)) return;
    // A line that another program has written may say the same in other ways.
    if (JSON.stringify(exchange) !== line) return;
    const kind: Kind = {
      common: this.#columns.commonNumber(this.#columns.length - 1),
      hasName: tokens !== undefined,
      hasAnswerName: answerTokens !== undefined,
      hasRequestEnd: requestEndMs !== undefined,
      hasResponseStart: responseStartMs !== undefined,
    };
    if (this.#tree.add(frameOf(exchange), kind)) this.#kinds += 1;
  }

  #fillRow({ common, hasName, hasAnswerName, hasRequestEnd, hasResponseStart }: Kind): Row {
    const [row, figures] = [this.#row, this.#figures];
    const { strings, commons } = this.#columns;
    const [path, token, name, answerName] = this.#names;
    row.n = this.n;
    row.common = common;
    row.connection = figures[SLOTS.connection] ?? 0;
    row.ordinal = figures[SLOTS.ordinal] ?? 0;
    row.path = path;
    row.token = commons[common]?.hasToken === true ? token : undefined;
    row.tokens = hasName ? strings.intern(name) : undefined;
    row.answerTokens = hasAnswerName ? strings.intern(answerName) : undefined;
    row.startNs = figures[SLOTS.startMs] ?? 0;
    row.requestEndNs = hasRequestEnd ? figures[SLOTS.requestEndMs] : undefined;
    row.responseStartNs = hasResponseStart ? figures[SLOTS.responseStartMs] : undefined;
    row.endNs = figures[SLOTS.endMs] ?? 0;
    row.bytesUp = figures[SLOTS.bytesUp] ?? 0;
    row.bytesDown = figures[SLOTS.bytesDown] ?? 0;
    return row;
  }

  #read(number: number, bytes: Buffer, at: number): number {
    if (number >= FIRST_INSTANT) return this.#readInstant(number, bytes, at);
    if (number >= FIRST_COUNT) return this.#readCount(number, bytes, at);
    const name = this.#names[number];
    return name === undefined ? -1 : readName(name, bytes, at);
  }

  #readCount(number: number, bytes: Buffer, from: number): number {
    let value = 0;
    let at = from;
    for (let byte = bytes[at] ?? 0; byte >= ZERO && byte <= NINE; byte = bytes[++at] ?? 0) value = 10 * value + (byte - ZERO);
    if (at === from || at - from > DIGITS_MAX || (bytes[from] === ZERO && at > from + 1)) return -1;
    this.#figures[number] = value;
    return at;
  }

  #readInstant(number: number, bytes: Buffer, from: number): number {
    const at = this.#decimal.read(bytes, from);
    if (at >= 0) this.#figures[number] = number === SLOTS.atMs ? this.#decimal.value : this.#decimal.millionths;
    return at;
  }
}

function frameOf(exchange: Given): number[] {
  const parts = Object.entries(exchange).map(([key, value]) => [...bytesOf(`${JSON.stringify(key)}:`), ...valueFrame(key, value)]);
  const [comma = 0, open = 0, close = 0] = bytesOf(',{}');
  return [...parts.flatMap((part, i) => [i === 0 ? open : comma, ...part]), close];
}

function valueFrame(key: string, value: unknown): number[] {
  const number = SLOT_OF.get(key);
  if (typeof value === 'number' && number !== undefined) return [slot(number)];
  if (typeof value === 'string' && number !== undefined) return [QUOTE, slot(number), QUOTE];
  const nameSlot = NAME_SLOT_OF.get(key);
  if (nameSlot === undefined) return bytesOf(JSON.stringify(value));
  const [header = ''] = Object.keys(value as object);
  return [...bytesOf(`{${JSON.stringify(header)}:"`), slot(nameSlot), ...bytesOf('"}')];
}

/** Or none, which is kept in another way as well. */
function hasSeveral(tokens: Given['tokens']): boolean {
  return tokens !== undefined && Object.keys(tokens).length !== 1;
}

function emptyRow(): Row {
  const names = { path: '', token: undefined, tokens: undefined, answerTokens: undefined } as const;
  const instants = { startNs: 0, requestEndNs: undefined, responseStartNs: undefined, endNs: 0 } as const;
  return { n: 0, common: 0, connection: 0, ordinal: 0, bytesUp: 0, bytesDown: 0, ...names, ...instants };
}

function bytesOf(text: string): number[] {
  return [...Buffer.from(text)];
}

/** Up to its quote; nothing that would stand for something else. */
function readName(into: Latin, bytes: Buffer, from: number): number {
  let at = from;
  for (let byte = bytes[at] ?? 0; byte !== QUOTE; byte = bytes[++at] ?? 0) {
    if (byte < PLAIN_MIN || byte > PLAIN_MAX || byte === BACKSLASH) return -1;
  }
  into.bytes = bytes;
  into.from = from;
  into.to = at;
  return at;
}
