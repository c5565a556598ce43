/**
 * The fields of one HTTP/2 head or trailer part, in the order and with the values in which they came. Node's own header objects drop and join
 * repeated fields, so they are only made at the very end, for sending.
 */
import http2 from 'node:http2';
import type { HeadEdit } from '../faults/fault.js';
import { isFramingField } from '../faults/head-fields.js';

export type FieldLine = readonly [name: string, value: string];

/** Where an edited head keeps what HTTP/1.1 has in its first line. */
const PSEUDO = { method: ':method', target: ':path', status: ':status' } as const;

/** What Node makes of the fields that it received. */
type ReceivedHeaders = http2.IncomingHttpHeaders & { [http2.sensitiveHeaders]?: readonly string[] };

export class HeaderBlock {
  /** Names and values in turn. */
  readonly #raw: readonly string[];
  /** Names whose values must not be put into a compression table, as their sender asked. */
  readonly #neverIndexed: readonly string[];
  /** Node's own object of exactly these fields: most heads go on as they came, and are not taken apart and put together again. */
  readonly #received: ReceivedHeaders | undefined;

  constructor(raw: readonly string[], neverIndexed: readonly string[] = [], received?: ReceivedHeaders) {
    this.#raw = raw;
    this.#neverIndexed = neverIndexed;
    // It has joined or dropped fields if it has fewer of them.
    if (received !== undefined && Object.keys(received).length * 2 === raw.length) this.#received = received;
  }

  get isEmpty(): boolean {
    return this.#raw.length === 0;
  }

  get lines(): readonly FieldLine[] {
    const lines: FieldLine[] = [];
    for (let i = 0; i + 1 < this.#raw.length; i += 2) lines.push([this.#raw[i] as string, this.#raw[i + 1] as string]);
    return lines;
  }

  /** The first value of a field, pseudo fields included. */
  first(name: string): string | undefined {
    for (let i = 0; i < this.#raw.length; i += 2) if (this.#raw[i] === name) return this.#raw[i + 1];
    return undefined;
  }

  /** Everything but the pseudo fields. */
  get fields(): readonly FieldLine[] {
    return this.lines.filter(([name]) => !name.startsWith(':'));
  }

  without(names: readonly string[]): HeaderBlock {
    return this.#of(this.lines.filter(([name]) => !names.includes(name)));
  }

  /** With that value in the place of the first field of that name, or behind all others. */
  with(name: string, value: string): HeaderBlock {
    const all = this.lines;
    const at = all.findIndex((line) => line[0] === name);
    const lines = all.filter((line, i) => i <= at || line[0] !== name);
    if (at < 0) lines.push([name, value]);
    else lines[at] = [name, value];
    return this.#of(lines);
  }

  /** Fields of the framing are not for an edit to change. */
  edited({ method, target, status, set = {}, remove = [] }: HeadEdit): HeaderBlock {
    let block = this.without(remove.filter((name) => !isFramingField(name)));
    if (method !== undefined) block = block.with(PSEUDO.method, method);
    if (target !== undefined) block = block.with(PSEUDO.target, target);
    if (status !== undefined) block = block.with(PSEUDO.status, String(status));
    for (const [name, value] of Object.entries(set)) if (!isFramingField(name)) block = block.with(name, value);
    return block;
  }

  /**
   * Gives it to `send` as Node takes it: several fields of one name as a list. There are names of which Node sends one field only; if that is what
   * stops it, repeated fields become one, their values joined by commas, which means the same (RFC 9110, 5.3).
   */
  send<T>(send: (headers: http2.OutgoingHttpHeaders) => T): T {
    if (this.#received !== undefined) return send(this.#received);
    try {
      return send(this.#outgoing((values) => values));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_HTTP2_HEADER_SINGLE_VALUE') throw error;
      return send(this.#outgoing((values, name) => (name === 'set-cookie' ? values : values.join(name === 'cookie' ? '; ' : ', '))));
    }
  }

  #of(lines: readonly FieldLine[]): HeaderBlock {
    return new HeaderBlock(lines.flat(), this.#neverIndexed);
  }

  #outgoing(several: (values: string[], name: string) => string | string[]): http2.OutgoingHttpHeaders {
    const byName = new Map<string, string[]>();
    for (const [name, value] of this.lines) {
      const values = byName.get(name);
      if (values === undefined) byName.set(name, [value]);
      else values.push(value);
    }
    const headers: http2.OutgoingHttpHeaders = {};
    for (const [name, values] of byName) headers[name] = values.length === 1 ? values[0] : several(values, name);
    if (this.#neverIndexed.length > 0) headers[http2.sensitiveHeaders as unknown as string] = [...this.#neverIndexed];
    return headers;
  }
}

/** What Node tells of a head: the object that it makes of it, and the names and values in turn that it was made of. */
export function receivedBlock(headers: object, raw: readonly string[]): HeaderBlock {
  const received = headers as ReceivedHeaders;
  return new HeaderBlock(raw, received[http2.sensitiveHeaders], received);
}

/** A head of these fields. */
export function blockOf(lines: readonly FieldLine[]): HeaderBlock {
  return new HeaderBlock(lines.flat());
}

/** A head of our own. A length is not said of nothing, so that a head that is all of the answer is no more than that. */
export function replyBlock({
  status,
  headers,
  byteCount,
}: {
  status: number;
  headers: Readonly<Record<string, string>>;
  byteCount: number;
}): HeaderBlock {
  const lines: FieldLine[] = [
    [':status', String(status)],
    ...Object.entries(headers).map(([name, value]): FieldLine => [name.toLowerCase(), value]),
  ];
  if (byteCount > 0) lines.push(['content-length', String(byteCount)]);
  return blockOf(lines);
}
