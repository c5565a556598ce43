/**
 * Reads the first JSON value of a body as Go's decoder does, with its words for what is wrong: what follows the value is ignored, and
 * numbers keep their text, because `1e2` and `100` are not the same to it. Values are not checked against anything here.
 */

export type GoValue =
  | { kind: 'null' }
  | { kind: 'bool'; value: boolean }
  | { kind: 'number'; text: string }
  | { kind: 'string'; value: string }
  | { kind: 'array'; items: readonly GoValue[] }
  | { kind: 'object'; entries: readonly (readonly [string, GoValue])[] };

/** Nesting beyond it is refused, so that a body cannot exhaust the stack. */
const DEPTH_MAX = 1_000;

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const QUOTED: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  39: "\\'",
  92: '\\\\',
};

/** A byte as Go shows it between single quotes. */
function quoteByte(byte: number): string {
  const hex = byte.toString(16).padStart(2, '0');
  if (QUOTED[byte] !== undefined) return `'${QUOTED[byte]}'`;
  if (byte < 0x20 || byte === 0x7f) return `'\\x${hex}'`;
  if ((byte >= 0x80 && byte <= 0xa0) || byte === 0xad) return `'\\u00${hex}'`;
  return `'${String.fromCharCode(byte)}'`;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;
const isHex = (byte: number): boolean => isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);

/** Throws a SyntaxError whose message is Go's. */
export function scanJson(bytes: Buffer): GoValue {
  const scanner = new Scanner(bytes);
  scanner.space();
  if (scanner.atEnd) throw new SyntaxError('EOF');
  return scanner.value(0);
}

class Scanner {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  space(): void {
    for (let byte = this.#bytes[this.#at]; byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d; )
      byte = this.#bytes[++this.#at];
  }

  value(depth: number): GoValue {
    if (depth > DEPTH_MAX) throw new SyntaxError('exceeded max depth');
    this.space();
    const byte = this.#peek();
    switch (String.fromCharCode(byte)) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
        return { kind: 'string', value: this.#string() };
      case 't':
        return this.#literal('true', { kind: 'bool', value: true });
      case 'f':
        return this.#literal('false', { kind: 'bool', value: false });
      case 'n':
        return this.#literal('null', { kind: 'null' });
      default:
        if (byte === 0x2d || isDigit(byte)) return this.#number();
        return this.#fail('looking for beginning of value');
    }
  }

  #peek(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new SyntaxError('unexpected EOF');
    return byte;
  }

  #fail(where: string): never {
    throw new SyntaxError(`invalid character ${quoteByte(this.#peek())} ${where}`);
  }

  /** Skips white space, and takes this character if it is next. */
  #take(character: string): boolean {
    this.space();
    if (this.#peek() !== character.charCodeAt(0)) return false;
    this.#at += 1;
    return true;
  }

  #object(depth: number): GoValue {
    const entries: [string, GoValue][] = [];
    this.#at += 1;
    if (this.#take('}')) return { kind: 'object', entries };
    do {
      this.space();
      if (this.#peek() !== 0x22) this.#fail('looking for beginning of object key string');
      const key = this.#string();
      if (!this.#take(':')) this.#fail('after object key');
      entries.push([key, this.value(depth + 1)]);
    } while (this.#take(','));
    if (!this.#take('}')) this.#fail('after object key:value pair');
    return { kind: 'object', entries };
  }

  #array(depth: number): GoValue {
    const items: GoValue[] = [];
    this.#at += 1;
    if (this.#take(']')) return { kind: 'array', items };
    do items.push(this.value(depth + 1));
    while (this.#take(','));
    if (!this.#take(']')) this.#fail('after array element');
    return { kind: 'array', items };
  }

  #literal(word: string, value: GoValue): GoValue {
    for (const character of word) {
      if (this.#peek() !== character.charCodeAt(0)) this.#fail(`in literal ${word} (expecting '${character}')`);
      this.#at += 1;
    }
    return value;
  }

  #number(): GoValue {
    const start = this.#at;
    if (this.#peek() === 0x2d) this.#at += 1;
    if (this.#peek() === 0x30) this.#at += 1;
    else this.#digits('in numeric literal');
    if (this.#bytes[this.#at] === 0x2e) {
      this.#at += 1;
      this.#digits('after decimal point in numeric literal');
    }
    const exponent = this.#bytes[this.#at];
    if (exponent === 0x65 || exponent === 0x45) {
      this.#at += 1;
      const sign = this.#peek();
      if (sign === 0x2b || sign === 0x2d) this.#at += 1;
      this.#digits('in exponent of numeric literal');
    }
    return { kind: 'number', text: this.#bytes.toString('latin1', start, this.#at) };
  }

  #digits(where: string): void {
    if (!isDigit(this.#peek())) this.#fail(where);
    while (isDigit(this.#bytes[this.#at])) this.#at += 1;
  }

  #string(): string {
    let text = '';
    let start = this.#at + 1;
    for (this.#at = start; ; this.#at += 1) {
      const byte = this.#peek();
      if (byte === 0x22) break;
      if (byte < 0x20) this.#fail('in string literal');
      if (byte !== 0x5c) continue;
      text += this.#bytes.toString('utf8', start, this.#at) + this.#escape();
      start = this.#at + 1;
    }
    text += this.#bytes.toString('utf8', start, this.#at);
    this.#at += 1;
    return Buffer.from(text).toString();
  }

  /** From the backslash to the last byte of the escape. */
  #escape(): string {
    this.#at += 1;
    const character = String.fromCharCode(this.#peek());
    if (SIMPLE_ESCAPES[character] !== undefined) return SIMPLE_ESCAPES[character];
    if (character !== 'u') this.#fail('in string escape code');
    for (let i = 0; i < 4; i++) {
      this.#at += 1;
      if (!isHex(this.#peek())) this.#fail('in \\u hexadecimal character escape');
    }
    return String.fromCharCode(Number.parseInt(this.#bytes.toString('latin1', this.#at - 3, this.#at + 1), 16));
  }
}
