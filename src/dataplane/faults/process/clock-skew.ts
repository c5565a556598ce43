/**
 * A machine whose clock is wrong. What a reader gets wrong: only what asks for the date is misled; monotonic clocks, timers and sleeps go on as they
 * were, as they do where a real clock is set. So a lease that is reckoned by the date breaks, and one by a timer holds.
 */
import { z } from 'zod';
import { duration } from '../../../core/units.js';
import { type ClockSkew, defineProcessFault } from '../process-fault.js';

const CENTURY_MS = 100 * 365 * 24 * 3_600e3;
/** A clock that loses all of a second stands still. */
const LOSS_MS_MAX = 1_000;
const GAIN_MS_MAX = 100_000;

const skewSchema = z
  .strictObject({
    ahead: duration({ minMs: 1, maxMs: CENTURY_MS }).optional().meta({ description: 'how far the clock jumps ahead as the fault begins' }),
    behind: duration({ minMs: 1, maxMs: CENTURY_MS }).optional().meta({ description: 'how far it jumps back' }),
    gains: duration({ maxMs: GAIN_MS_MAX }).optional().meta({ description: 'what it gains in each second, besides: drift, like 50ms' }),
    loses: duration({ maxMs: LOSS_MS_MAX }).optional().meta({ description: 'what it loses in each second' }),
    jumpEvery: duration({ minMs: 50 }).optional().meta({ description: 'the clock is so long wrong and so long right, in turns' }),
  })
  .refine(({ ahead, behind }) => ahead === undefined || behind === undefined, 'expected either `ahead` or `behind`')
  .refine(({ gains, loses }) => gains === undefined || loses === undefined, 'expected either `gains` or `loses`')
  .refine(({ ahead = 0, behind = 0, gains = 0, loses = 0 }) => ahead + behind + gains + loses > 0, {
    error: 'expected how the clock is wrong: `ahead` or `behind`, `gains` or `loses`, or one of each',
  })
  .refine(({ jumpEvery, gains, loses }) => jumpEvery === undefined || (gains ?? loses) === undefined, {
    error: 'expected `jumpEvery` with `ahead` or `behind` alone: a clock that jumps between right and wrong drifts nowhere',
  });

export const clockSkew = defineProcessFault({
  name: 'clockSkew',
  summary: 'Set the wall clock of the processes `ahead` or `behind`, at once or by drift, with libfaketime; monotonic clocks go on.',
  schema: skewSchema,
  example: { ahead: '30s' },
  needs: 'steeredClock',
  act: (params) => ({ kind: 'skew', skew: skewOf(params) }),
});

function skewOf({ ahead = 0, behind = 0, gains = 0, loses = 0, jumpEvery }: z.output<typeof skewSchema>): ClockSkew {
  return { offsetMs: ahead - behind, gainMsPerSecond: gains - loses, jumpEveryMs: jumpEvery };
}
