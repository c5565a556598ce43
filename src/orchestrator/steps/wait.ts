/** Does nothing for a while: what was done before gets time to show. */
import { sleep } from '../../core/clock.js';
import { duration, formatMs } from '../../core/units.js';
import { defineStepKind } from './step-kind.js';

export const wait = defineStepKind({
  name: 'wait',
  summary: 'Do nothing for so long.',
  example: '10s',
  schema: () => duration().meta({ description: 'do nothing for so long' }),
  resolve: (waitMs: number) => ({ params: { waitMs }, summary: `wait ${formatMs(waitMs)}`, takesMs: waitMs }),
  carryOut: ({ params: { waitMs } }, { clock }, signal) => sleep(clock, waitMs, signal),
});
