/** Ids for `X-Toxiproxy-Request-Id`: 20 lower-case characters that sort by time, as the xid library makes them. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock.js';

const ALPHABET = '0123456789abcdefghijklmnopqrstuv';

/** Four bytes of time, five of this process and three that count up. */
export function createRequestIds(clock: Clock): () => string {
  const bytes = randomBytes(12);
  let count = bytes.readUIntBE(9, 3);
  return () => {
    bytes.writeUInt32BE(Math.floor(clock.wallMs() / 1_000) >>> 0, 0);
    count = (count + 1) & 0xff_ff_ff;
    bytes.writeUIntBE(count, 9, 3);
    return base32(bytes);
  };
}

function base32(bytes: Buffer): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  // 96 bits make 19 characters and one bit.
  bits <<= 4n;
  let text = '';
  for (let i = 0; i < 20; i++) {
    text = ALPHABET[Number(bits & 31n)] + text;
    bits >>= 5n;
  }
  return text;
}
