/**
 * Bytes that are no HTTP, where an answer should be: another protocol on that port, a broken process, a middlebox. The callee has done its work
 * (`direction: down`) or has seen nothing (`up`); the connection ends behind them, because nobody could find the next answer.
 */
import { z } from 'zod';
import { size } from '../../../core/units.js';
import { defineHttpFault } from '../fault.js';

const BYTES_MAX = 64 * 1024;

export const garbage = defineHttpFault({
  name: 'garbage',
  summary: 'Send random bytes in place of an answer, and end the connection.',
  schema: z.strictObject({
    size: size({ minBytes: 1 })
      .refine((byteCount) => byteCount <= BYTES_MAX, 'expected at most 64KiB')
      .default(1024)
      .meta({ description: 'how many bytes, 1B…64KiB' }),
  }),
  example: { size: '1KiB' },
  defaultDirection: 'down',
  order: 30,
  decide: ({ size: byteCount }, { random }) => ({ kind: 'raw', bytes: randomBytes(byteCount, random), ending: 'close' }),
});

function randomBytes(byteCount: number, random: () => number): Buffer {
  const bytes = Buffer.alloc(byteCount);
  for (let at = 0; at < byteCount; at++) bytes[at] = Math.floor(random() * 256);
  return bytes;
}
