/**
 * A receiver that reads no more and says nothing: its window is used up and never opened again, while other streams of the connection go on. What
 * the window still holds is sent; then the sender waits, for as long as the fault is there or until it gives up.
 */
import { z } from 'zod';
import { size } from '../../../core/units.js';
import { defineHttpFault, type TcpTransform } from '../fault.js';

export const stalledWindow = defineHttpFault({
  name: 'stalledWindow',
  summary: 'Take no more of a body after so many bytes, and open the window of its stream no more, until the fault is removed.',
  schema: z.strictObject({ after: size().default(0).meta({ description: 'bytes of body that pass first, like 64KB' }) }),
  example: { after: '64KB' },
  defaultDirection: 'down',
  only: 'http2',
  order: 55,
  decide: ({ after }) => ({ kind: 'edit', body: { kind: 'stream', length: 'same', heldBytesMax: 0, open: () => stalled(after) } }),
});

function stalled(passedBytesMax: number): TcpTransform {
  let remainingBytes = passedBytesMax;
  return (signal, effects) => {
    if (signal.kind !== 'data') {
      effects.pass(remainingBytes > 0 ? 0 : Number.POSITIVE_INFINITY);
      return;
    }
    const passed = signal.bytes.subarray(0, remainingBytes);
    remainingBytes -= passed.length;
    if (passed.length > 0) effects.passBytes(passed);
    if (passed.length < signal.bytes.length) effects.passBytes(signal.bytes.subarray(passed.length), Number.POSITIVE_INFINITY);
  };
}
