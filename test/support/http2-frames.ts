/** HTTP/2 frames by hand, for callers that keep to no rule. */
import type net from 'node:net';

export const FRAME = { data: 0, headers: 1, rstStream: 3, settings: 4, ping: 6, goaway: 7, windowUpdate: 8, continuation: 9 } as const;
export const FLAG = { none: 0, ack: 1, endStream: 1, endHeaders: 4 } as const;

export interface Frame {
  type: number;
  flags?: number;
  stream?: number;
  payload?: Buffer;
}

export function frame({ type, flags = FLAG.none, stream = 0, payload = Buffer.alloc(0) }: Frame): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** What a connection begins with. */
export const PREFACE = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame({ type: FRAME.settings })]);

/** `GET / http b` in HPACK: three entries of the static table, and a literal. */
export const GET_BLOCK = Buffer.concat([Buffer.from([0x82, 0x86, 0x84, 0x01, 1]), Buffer.from('b')]);

/** A field in HPACK that goes into no table; name and value of up to 126 characters. */
export function field(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0, name.length]), Buffer.from(name), Buffer.from([value.length]), Buffer.from(value)]);
}

export function get(stream: number, { endStream = true } = {}): Buffer {
  const flags = FLAG.endHeaders | (endStream ? FLAG.endStream : 0);
  return frame({ type: FRAME.headers, flags, stream, payload: GET_BLOCK });
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** The frames that have come out of a socket so far. */
export class FrameReader {
  readonly frames: Required<Frame>[] = [];
  isOver = false;
  #rest = Buffer.alloc(0);

  constructor(socket: net.Socket) {
    socket.on('data', (bytes: Buffer) => this.#add(bytes));
    socket.on('error', () => {});
    socket.on('end', () => {
      this.isOver = true;
    });
    socket.on('close', () => {
      this.isOver = true;
    });
  }

  of(type: number): readonly Required<Frame>[] {
    return this.frames.filter((it) => it.type === type);
  }

  #add(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length >= 9 && this.#rest.length >= 9 + this.#rest.readUIntBE(0, 3)) {
      const length = this.#rest.readUIntBE(0, 3);
      const payload = this.#rest.subarray(9, 9 + length);
      this.frames.push({ type: this.#rest[3] ?? 0, flags: this.#rest[4] ?? 0, stream: this.#rest.readUInt32BE(5), payload });
      this.#rest = this.#rest.subarray(9 + length);
    }
  }
}
