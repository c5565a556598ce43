/**
 * A chunked body whose framing is broken, so that no reader can know where it ends. The head promises chunks, whatever length it had; the defect
 * comes after `after` bytes, and the connection ends behind it, so that no reader waits.
 */
import { z } from 'zod';
import { size } from '../../../core/units.js';
import { defineHttpFault, type TcpTransform } from '../fault.js';

/** What stands where a chunk with these bytes should: the defect. */
const DEFECTS = {
  size: (bytes: Buffer) => Buffer.concat([line('not-hex'), bytes, line('')]),
  hugeSize: (bytes: Buffer) => Buffer.concat([line('fffffffffffffffff'), bytes, line('')]),
  noEnd: (bytes: Buffer) => Buffer.concat([line(bytes.length.toString(16)), bytes, Buffer.from('??')]),
  short: (bytes: Buffer) => Buffer.concat([line((bytes.length + 1_024).toString(16)), bytes]),
  missing: () => Buffer.alloc(0),
} as const;
type Defect = (typeof DEFECTS)[keyof typeof DEFECTS];

export const malformedChunk = defineHttpFault({
  name: 'malformedChunk',
  summary: 'Send a body in chunks, one of them malformed, and end the connection.',
  schema: z.strictObject({
    defect: z.enum(['size', 'hugeSize', 'noEnd', 'short', 'missing']).default('size').meta({
      description:
        'size: no number where the size should be; hugeSize: one beyond 64 bits; noEnd: no line break behind the data; short: fewer bytes than the size says; missing: no chunk, and no last one',
    }),
    after: size()
      .default(0)
      .meta({ description: 'bytes of body that come in good chunks first, like 1KB; the end of a shorter body is malformed' }),
  }),
  example: { defect: 'size', after: '1KB' },
  defaultDirection: 'down',
  only: 'http',
  order: 54,
  decide: ({ defect, after }) => ({
    kind: 'edit',
    body: { kind: 'stream', length: 'raw', open: () => malformed(DEFECTS[defect], after) },
  }),
});

function malformed(defect: Defect, goodBytesMax: number): TcpTransform {
  let remainingBytes = goodBytesMax;
  return (signal, effects) => {
    if (signal.kind !== 'data' && signal.kind !== 'end') return;
    const bytes = signal.kind === 'data' ? signal.bytes : Buffer.alloc(0);
    const good = bytes.subarray(0, remainingBytes);
    remainingBytes -= good.length;
    if (good.length > 0) effects.passBytes(Buffer.concat([line(good.length.toString(16)), good, line('')]));
    if (signal.kind === 'data' && good.length === bytes.length) return;
    const bad = defect(bytes.subarray(good.length));
    if (bad.length > 0) effects.passBytes(bad);
    effects.close();
  };
}

function line(text: string): Buffer {
  return Buffer.from(`${text}\r\n`, 'latin1');
}
