/**
 * Finds where messages begin and end in a stream of bytes, and nothing else: it never copies or keeps a byte. What it cannot yet place (half
 * a head, half a chunk size) it leaves unconsumed, and the caller brings it back in front of the next bytes.
 */
import { readFields } from './fields.js';
import type { Framing } from './framing.js';
import type { Malformation } from './malformation.js';
import { CR, hexValue, is, LF, TOKEN, VALUE } from './octets.js';

/**
 * What the last `advance` came upon. `flow`: body bytes, all consumed. `partial`: the rest is incomplete. `head`: a head was consumed and is in
 * `headText`; `startBody` comes next. `end`: the message is over. `malformed`: `problem` says why, and nothing can be read after it.
 */
export type ReaderEvent = 'flow' | 'partial' | 'head' | 'end' | 'malformed';

type State = 'head' | 'length' | 'untilClose' | 'chunkSize' | 'chunkData' | 'chunkEnd' | 'trailers' | 'broken';

const HEAD_END = Buffer.from('\r\n\r\n', 'latin1');
const RESPONSE_START = Buffer.from('HTTP/1.', 'latin1');
/** Size and extensions of one chunk; longer is refused. */
export const CHUNK_LINE_BYTES_MAX = 4096;
/** 2^52: still exact, and no sender means more. */
const CHUNK_DIGITS_MAX = 13;

export class MessageReader {
  event: ReaderEvent = 'partial';
  problem: Malformation | undefined;
  /** The head just read, as latin1. */
  headText = '';
  /** Field lines behind the last chunk of the body just read. */
  trailers = '';
  #state: State = 'head';
  #remainingBytes = 0;
  /** Is shown the bytes of the body, without those that frame it. */
  #show: ((bytes: Buffer) => void) | undefined;
  readonly #kind: 'request' | 'response';
  readonly #headBytesMax: number;

  /** Before a request, one CRLF is part of its head, as RFC 9112 §2.2 asks of servers. */
  constructor({ kind, headBytesMax }: { kind: 'request' | 'response'; headBytesMax: number }) {
    this.#kind = kind;
    this.#headBytesMax = headBytesMax;
  }

  /** Whether the stream may end here without cutting a message short. */
  get isBetweenMessages(): boolean {
    return this.#state === 'head';
  }

  /** The stream has ended. True if that is what ends the message. */
  endStream(): boolean {
    const isEnd = this.#state === 'untilClose';
    if (isEnd) this.#state = 'head';
    return isEnd;
  }

  /** Says how the body after the head just read is framed. True if the message is over already. `show` is lent the bytes of the body as they come. */
  startBody(framing: Framing, show?: (bytes: Buffer) => void): boolean {
    this.trailers = '';
    this.#show = show;
    if (framing === 'none') return true;
    if (typeof framing === 'number') {
      this.#state = 'length';
      this.#remainingBytes = framing;
    } else {
      this.#state = framing === 'chunked' ? 'chunkSize' : 'untilClose';
    }
    return false;
  }

  /** Consumes bytes from `at` up to the next event and returns where it stopped. */
  advance(bytes: Buffer, at: number): number {
    switch (this.#state) {
      case 'head':
        return this.#readHead(bytes, at);
      case 'length':
        return this.#readLength(bytes, at);
      case 'untilClose':
        this.event = 'flow';
        this.#show?.(bytes.subarray(at));
        return bytes.length;
      case 'broken':
        this.event = 'malformed';
        return at;
      default:
        return this.#readChunks(bytes, at);
    }
  }

  #readHead(bytes: Buffer, at: number): number {
    const lead = this.#kind === 'request' && bytes[at] === CR && bytes[at + 1] === LF ? 2 : 0;
    const found = bytes.indexOf(HEAD_END, at + lead);
    const end = found < 0 ? bytes.length : found + HEAD_END.length;
    if (end - at > this.#headBytesMax) return this.#refuse('the head is larger than this link accepts', at);
    if (found < 0) return this.#awaitHead(bytes, at, at + lead);
    this.headText = bytes.toString('latin1', at, end);
    this.event = 'head';
    return end;
  }

  /** Half a head waits for the rest, unless no rest could mend it: a sender of bare LFs, or of another protocol, would wait for ever. */
  #awaitHead(bytes: Buffer, at: number, startAt: number): number {
    if (this.#kind === 'response' && !beginsLike(bytes, at, RESPONSE_START)) {
      return this.#refuse('the version is not HTTP/1.0 or HTTP/1.1', at);
    }
    const first = bytes[startAt];
    const mayBeEmptyLine = first === CR && bytes.length === startAt + 1 && startAt === at;
    if (this.#kind === 'request' && first !== undefined && !is(first, TOKEN) && !mayBeEmptyLine) {
      return this.#refuse('the request line is not METHOD SP TARGET SP VERSION', at);
    }
    return hasBareLineBreak(bytes, startAt) ? this.#refuse('a bare LF or CR in the head', at) : this.#wait(at);
  }

  #readLength(bytes: Buffer, at: number): number {
    const available = bytes.length - at;
    if (available < this.#remainingBytes) {
      this.#remainingBytes -= available;
      this.event = 'flow';
      this.#show?.(bytes.subarray(at));
      return bytes.length;
    }
    this.#state = 'head';
    this.event = 'end';
    const end = at + this.#remainingBytes;
    this.#show?.(bytes.subarray(at, end));
    return end;
  }

  #readChunks(bytes: Buffer, from: number): number {
    let at = from;
    this.event = 'flow';
    while (at < bytes.length && this.event === 'flow') {
      switch (this.#state) {
        case 'chunkSize':
          at = this.#readChunkSize(bytes, at);
          break;
        case 'chunkData':
          at = this.#readChunkData(bytes, at);
          break;
        case 'chunkEnd':
          at = this.#readChunkEnd(bytes, at);
          break;
        default:
          at = this.#readTrailers(bytes, at);
      }
    }
    return at;
  }

  #readChunkSize(bytes: Buffer, from: number): number {
    let at = from;
    let size = 0;
    for (let digit = hexValue(bytes[at] ?? 0); digit >= 0; digit = hexValue(bytes[at] ?? 0)) {
      size = size * 16 + digit;
      at += 1;
    }
    if (at - from > CHUNK_DIGITS_MAX || (at === from && at < bytes.length)) {
      return this.#refuse('a chunk size that is not a plain hexadecimal number', from);
    }
    const hasExtension = bytes[at] === 0x3b;
    if (hasExtension) while (is(bytes[at] ?? 0, VALUE)) at += 1;
    if (at - from > CHUNK_LINE_BYTES_MAX) return this.#refuse('a chunk extension that is too long or holds a control character', from);
    const line = lineEndAt(bytes, at);
    if (line === 'partial') return this.#wait(from);
    if (line === 'no') {
      return this.#refuse(
        hasExtension
          ? 'a chunk extension that is too long or holds a control character'
          : 'a chunk size that is not a plain hexadecimal number',
        from,
      );
    }
    this.#state = size === 0 ? 'trailers' : 'chunkData';
    this.#remainingBytes = size;
    return at + 2;
  }

  #readChunkData(bytes: Buffer, at: number): number {
    const taken = Math.min(this.#remainingBytes, bytes.length - at);
    this.#remainingBytes -= taken;
    if (this.#remainingBytes === 0) this.#state = 'chunkEnd';
    this.#show?.(bytes.subarray(at, at + taken));
    return at + taken;
  }

  #readChunkEnd(bytes: Buffer, at: number): number {
    const line = lineEndAt(bytes, at);
    if (line === 'partial') return this.#wait(at);
    if (line === 'no') return this.#refuse('chunk data not followed by CRLF', at);
    this.#state = 'chunkSize';
    return at + 2;
  }

  #readTrailers(bytes: Buffer, at: number): number {
    const line = lineEndAt(bytes, at);
    if (line === 'partial') return this.#wait(at);
    if (line === 'yes') return this.#endTrailers(at + 2);
    const found = bytes.indexOf(HEAD_END, at);
    const end = found < 0 ? bytes.length : found + HEAD_END.length;
    if (end - at > this.#headBytesMax) return this.#refuse('the head is larger than this link accepts', at);
    if (found < 0) return hasBareLineBreak(bytes, at) ? this.#refuse('a bare LF or CR in the head', at) : this.#wait(at);
    const text = bytes.toString('latin1', at, end);
    const fields = readFields(text, 0);
    if (typeof fields === 'string') return this.#refuse(fields, at);
    if (fields.chunked || fields.lengthBytes >= 0 || fields.hosts > 0) return this.#refuse('a trailer field that frames or routes', at);
    this.trailers = text.slice(0, -2);
    return this.#endTrailers(end);
  }

  #endTrailers(at: number): number {
    this.#state = 'head';
    this.event = 'end';
    return at;
  }

  #wait(at: number): number {
    this.event = 'partial';
    return at;
  }

  #refuse(problem: Malformation, at: number): number {
    this.#state = 'broken';
    this.event = 'malformed';
    this.problem = problem;
    return at;
  }
}

/** Whether CRLF stands at `at`, or could when more bytes come. */
function lineEndAt(bytes: Buffer, at: number): 'yes' | 'no' | 'partial' {
  if (at >= bytes.length) return 'partial';
  if (bytes[at] !== CR) return 'no';
  if (at + 1 >= bytes.length) return 'partial';
  return bytes[at + 1] === LF ? 'yes' : 'no';
}

/** Whether the bytes from `at` on are that beginning, or could become it. */
function beginsLike(bytes: Buffer, at: number, beginning: Buffer): boolean {
  const count = Math.min(bytes.length - at, beginning.length);
  return bytes.compare(beginning, 0, count, at, at + count) === 0;
}

/** Whether a CR or LF stands by itself. A CR at the very end may still get its LF. */
function hasBareLineBreak(bytes: Buffer, from: number): boolean {
  for (let at = bytes.indexOf(LF, from); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (at === from || bytes[at - 1] !== CR) return true;
  }
  for (let at = bytes.indexOf(CR, from); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(CR, at + 1)) {
    if (bytes[at + 1] !== LF) return true;
  }
  return false;
}
