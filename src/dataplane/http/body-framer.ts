/**
 * Writes a body that we have changed: in chunks, up to a length, or as bare bytes. It never writes more than the head has promised, and says
 * whether that much was there; if not, only the end of the connection can tell the reader.
 */

/** `raw`: whoever makes the bytes frames them. */
export type BodyFrame = number | 'none' | 'chunked' | 'untilClose' | 'raw';

const CRLF = '\r\n';

export class BodyFramer {
  readonly #frame: BodyFrame;
  #remainingBytes: number;

  constructor(frame: BodyFrame) {
    this.#frame = frame;
    this.#remainingBytes = typeof frame === 'number' ? frame : frame === 'none' ? 0 : Number.POSITIVE_INFINITY;
  }

  /** Whether there is no room for more. */
  get isFull(): boolean {
    return this.#remainingBytes === 0;
  }

  /** These bytes as they go on the wire; what does not fit is left out. */
  frame(bytes: Buffer): Buffer {
    const fitting = bytes.length > this.#remainingBytes ? bytes.subarray(0, this.#remainingBytes) : bytes;
    this.#remainingBytes -= fitting.length;
    if (this.#frame !== 'chunked' || fitting.length === 0) return fitting;
    return Buffer.concat([Buffer.from(fitting.length.toString(16) + CRLF, 'latin1'), fitting, Buffer.from(CRLF, 'latin1')]);
  }

  /** What ends the body: empty but for chunks. `trailers` are field lines. */
  end(trailers: string): Buffer {
    return Buffer.from(this.#frame === 'chunked' ? `0${CRLF}${trailers}${CRLF}` : '', 'latin1');
  }

  /** Whether the reader can tell, after `end`, that the body is over and whole. */
  get isWhole(): boolean {
    return this.#frame === 'chunked' || this.#frame === 'untilClose' || this.isFull;
  }

  /** Whether the body ends with the connection. */
  get endsConnection(): boolean {
    return this.#frame === 'untilClose' || this.#frame === 'raw';
  }
}
