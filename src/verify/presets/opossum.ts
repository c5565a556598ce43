/**
 * opossum: a rolling ratio whose denominator holds calls in flight and rejected ones as well. Its window is kept when it closes, so that one
 * failure can open it again, and a call that timed out goes on unless it was given an AbortController.
 */
import { z } from 'zod';
import { duration, percentage } from '../../core/units.js';
import { definePreset } from './preset.js';

const schema = z.strictObject({
  timeout: z
    .union([duration({ minMs: 1 }), z.literal(false)])
    .default(10_000)
    .meta({ description: 'longest call; false is none' }),
  errorThresholdPercentage: percentage().default(50).meta({ description: 'it opens above' }),
  resetTimeout: duration({ minMs: 1 }).default(30_000).meta({ description: 'how long it stays open' }),
  rollingCountTimeout: duration({ minMs: 1 }).default(10_000).meta({ description: 'how far is looked back' }),
  rollingCountBuckets: z.int().min(1).default(10).meta({ description: 'of the window' }),
  volumeThreshold: z.int().min(0).default(0).meta({ description: 'calls in the window without which it does not open' }),
  abortController: z.boolean().default(false).meta({ description: 'whether calls that timed out are cancelled' }),
});

export const opossum = definePreset({
  name: 'opossum',
  summary: 'Break a circuit like opossum (Node): a rolling error percentage, one trial at a time.',
  schema,
  example: { errorThresholdPercentage: 50, resetTimeout: '30s', volumeThreshold: 10 },
  models: (settings) => {
    const { timeout, abortController: cancels } = settings;
    return {
      breaker: {
        trips: [
          {
            kind: 'ratio',
            window: { kind: 'time', lengthMs: settings.rollingCountTimeout, buckets: settings.rollingCountBuckets },
            callsMin: settings.volumeThreshold,
            threshold: settings.errorThresholdPercentage / 100,
            comparison: 'above',
            denominator: 'issued',
          },
        ],
        evaluated: { kind: 'onFailure' },
        open: { kind: 'fixed', ms: settings.resetTimeout },
        leavesOpen: 'byTimer',
        halfOpen: { kind: 'trials', permits: 1, excess: 'rejected', results: 1, failuresMax: 0 },
        staleResults: 'counted',
        windowOnClose: 'kept',
        cancelsOnTimeout: cancels,
        ...(timeout !== false && { timeoutMs: timeout }),
      },
      ...(timeout !== false && { timeout: { totalMs: timeout, cancels } }),
    };
  },
});
