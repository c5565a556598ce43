/**
 * Frames as bytes: a GOAWAY as Node would not send it, because its own cannot say that no stream was heard; one that everybody refuses; and a look at
 * those that go out.
 */

const HEADERS = 0x1;
const GOAWAY = 0x7;
const HEADER_BYTES = 9;
/** `PRI * HTTP/2.0` and what follows it up to the first frame. */
const PREFACE_BYTES = 24;

export interface Goaway {
  /** An error code of HTTP/2; 0: all is well. */
  code: number;
  /** The last stream that may have been heard; 0: none. */
  lastStreamId: number;
  debugData: Buffer;
}

export function goawayFrame({ code, lastStreamId, debugData }: Goaway): Buffer {
  const frame = Buffer.alloc(HEADER_BYTES + 8 + debugData.length);
  frame.writeUIntBE(frame.length - HEADER_BYTES, 0, 3);
  frame.writeUInt8(GOAWAY, 3);
  frame.writeUInt32BE(lastStreamId, HEADER_BYTES);
  frame.writeUInt32BE(code, HEADER_BYTES + 4);
  debugData.copy(frame, HEADER_BYTES + 8);
  return frame;
}

/** The most that a peer takes in one frame unless it has said otherwise. */
const PAYLOAD_BYTES_MAX = 16_384;

/**
 * Writes over the first bytes, so that a client that is given them in place of frames says so. Node's client answers most garbage with a GOAWAY, tells
 * its user nothing, and reads no further, not even the end; HEADERS of no stream is what it does tell of. Fewer bytes than a header stay as they are.
 */
export function refusedFrame(bytes: Buffer): Buffer {
  if (bytes.length < HEADER_BYTES) return bytes;
  const frame = Buffer.from(bytes).fill(0, 0, HEADER_BYTES);
  frame.writeUIntBE(Math.min(frame.length - HEADER_BYTES, PAYLOAD_BYTES_MAX), 0, 3);
  frame.writeUInt8(HEADERS, 3);
  return frame;
}

/** Follows the frames in the bytes of one direction, wherever these are cut, and tells the code of each GOAWAY. It keeps no bytes but those of one header. */
export class FrameWatch {
  readonly #goneAway: (code: number) => void;
  /** What is known of the frame that is looked at: its header, and of a GOAWAY the first 8 bytes behind it. */
  readonly #seen = Buffer.alloc(HEADER_BYTES + 8);
  #seenBytes = 0;
  #skipBytes: number;

  constructor(isClient: boolean, goneAway: (code: number) => void) {
    this.#skipBytes = isClient ? PREFACE_BYTES : 0;
    this.#goneAway = goneAway;
  }

  see(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) {
      const skipped = Math.min(this.#skipBytes, bytes.length - at);
      this.#skipBytes -= skipped;
      at += skipped;
      if (at < bytes.length) at += this.#look(bytes, at);
    }
  }

  /** Returns how many bytes it has looked at. */
  #look(bytes: Buffer, at: number): number {
    const wantedBytes = this.#seenBytes >= HEADER_BYTES ? this.#seen.length : HEADER_BYTES;
    const copied = bytes.copy(this.#seen, this.#seenBytes, at, at + wantedBytes - this.#seenBytes);
    this.#seenBytes += copied;
    if (this.#seenBytes < wantedBytes) return copied;
    const payloadBytes = this.#seen.readUIntBE(0, 3);
    const isGoaway = this.#seen[3] === GOAWAY && payloadBytes >= 8;
    if (isGoaway && this.#seenBytes === HEADER_BYTES) return copied;
    this.#skipBytes = payloadBytes - (this.#seenBytes - HEADER_BYTES);
    this.#seenBytes = 0;
    if (isGoaway) this.#goneAway(this.#seen.readUInt32BE(HEADER_BYTES + 4));
    return copied;
  }
}
