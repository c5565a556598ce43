/** A breaker in a caller: after so many failures it calls no more for a while, and then lets a few calls through to see. */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import { defineMechanism } from './mechanism.js';

const ratio = () => z.number().gt(0).max(1);
const count = () => z.int().min(1).max(1_000_000);

const slowCalls = z.strictObject({
  longerThan: duration({ minMs: 1 }).meta({ description: 'a call that takes longer is slow' }),
  ratio: ratio().meta({ description: 'share of slow calls at which it opens, 0 to 1' }),
});

export const circuitBreaker = defineMechanism({
  name: 'circuitBreaker',
  summary: 'Opens after failures, in a row or as a share of recent calls, and tries again after a break.',
  schema: z
    .strictObject({
      failureRatio: ratio().optional().meta({ description: 'share of failed calls at which it opens, 0 to 1' }),
      consecutiveFailures: count().optional().meta({ description: 'failures in a row at which it opens' }),
      slowCalls: slowCalls.optional().meta({ description: 'opens because of slow calls too' }),
      minimumThroughput: count().optional().meta({ description: 'calls in the window below which no share is looked at' }),
      samplingDuration: duration({ minMs: 1 }).optional().meta({ description: 'length of the window in time' }),
      samplingCalls: count().optional().meta({ description: 'length of the window in calls' }),
      breakDuration: duration({ minMs: 1 }).optional().meta({ description: 'how long it stays open the first time' }),
      maxBreakDuration: duration({ minMs: 1 }).optional().meta({ description: 'how long at most, where breaks grow' }),
      halfOpenTrials: count().optional().meta({ description: 'calls let through at a time while half-open' }),
      successesToClose: count().optional().meta({ description: 'successful trials after which it closes' }),
    })
    .refine(
      ({ failureRatio, consecutiveFailures, slowCalls }) =>
        [failureRatio, consecutiveFailures, slowCalls].some((trip) => trip !== undefined),
      { error: 'expected what opens it: failureRatio, consecutiveFailures or slowCalls' },
    )
    .refine(({ samplingDuration, samplingCalls }) => samplingDuration === undefined || samplingCalls === undefined, {
      error: 'expected a window in time (samplingDuration) or in calls (samplingCalls), found both',
    })
    .refine(({ breakDuration, maxBreakDuration = Number.POSITIVE_INFINITY }) => (breakDuration ?? 0) <= maxBreakDuration, {
      path: ['maxBreakDuration'],
      error: 'expected no less than breakDuration',
    }),
  example: { failureRatio: 0.5, minimumThroughput: 20, samplingDuration: '10s', breakDuration: '5s' },
});
