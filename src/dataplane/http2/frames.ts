/** Frames that are written past Node, which would not send them like this: its GOAWAY cannot say that no stream was heard. */

const GOAWAY = 0x7;
const HEADER_BYTES = 9;

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
