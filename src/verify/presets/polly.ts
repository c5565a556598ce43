/** Polly 8 (.NET): a failure ratio over ten rolling windows. A cancelled trial closes it, because cancellation is no failure to it. */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import { definePreset } from './preset.js';

const schema = z.strictObject({
  failureRatio: z.number().min(0).max(1).default(0.1).meta({ description: 'share of failures from which on it opens' }),
  minimumThroughput: z.int().min(2).default(100).meta({ description: 'calls in the window without which it does not open' }),
  samplingDuration: duration({ minMs: 500 }).default(30_000).meta({ description: 'how far is looked back' }),
  breakDuration: duration({ minMs: 500 }).default(5_000).meta({ description: 'how long it stays open' }),
});

export const polly = definePreset({
  name: 'polly',
  summary: 'Break a circuit like Polly 8 (.NET): a failure ratio, one trial at a time.',
  schema,
  example: { failureRatio: 0.5, minimumThroughput: 20, samplingDuration: '10s', breakDuration: '5s' },
  models: ({ failureRatio, minimumThroughput, samplingDuration, breakDuration }) => ({
    breaker: {
      trips: [
        {
          kind: 'ratio',
          window: { kind: 'time', lengthMs: samplingDuration, buckets: 10 },
          callsMin: minimumThroughput,
          threshold: failureRatio,
          comparison: 'atLeast',
          denominator: 'completed',
        },
      ],
      evaluated: { kind: 'onFailure' },
      open: { kind: 'fixed', ms: breakDuration },
      leavesOpen: 'onNextCall',
      halfOpen: { kind: 'trials', permits: 1, excess: 'rejected', results: 1, failuresMax: 0 },
      staleResults: 'counted',
      windowOnClose: 'reset',
      cancelsOnTimeout: true,
    },
  }),
});
