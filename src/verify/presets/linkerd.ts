/**
 * Linkerd 2: consecutive failures take an endpoint out, one request tries it. With a single endpoint the balancer has nowhere else to go, and
 * the same mechanism is a breaker to its callers.
 */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import { exponential } from './pause.js';
import { definePreset } from './preset.js';

const schema = z.strictObject({
  maxFailures: z.int().min(1).default(7).meta({ description: 'failures in a row' }),
  minPenalty: duration({ minMs: 1 }).default(1_000).meta({ description: 'how long an endpoint is out the first time; doubles' }),
  maxPenalty: duration({ minMs: 1 }).default(60_000).meta({ description: 'at most, jitter included' }),
  jitterRatio: z.number().min(0).max(100).default(0.5).meta({ description: 'up to this part longer' }),
});

export const linkerd = definePreset({
  name: 'linkerd',
  summary: 'Break the circuit of an endpoint like Linkerd 2: by consecutive failures.',
  schema,
  example: { maxFailures: 7, minPenalty: '1s', maxPenalty: '60s' },
  models: ({ maxFailures, minPenalty, maxPenalty, jitterRatio }) => {
    const trigger = { kind: 'consecutive', failures: maxFailures } as const;
    const law = exponential({ firstMs: minPenalty, maxMs: maxPenalty, spread: [1, 1 + jitterRatio], isCapLast: true });
    return {
      breaker: {
        trips: [trigger],
        evaluated: { kind: 'onFailure' },
        open: law,
        leavesOpen: 'byTimer',
        halfOpen: { kind: 'trials', permits: 1, excess: 'elsewhere', results: 1, failuresMax: 0 },
        staleResults: 'counted',
        windowOnClose: 'reset',
        cancelsOnTimeout: true,
      },
      ejection: {
        triggers: [trigger],
        penalty: { kind: 'pauses', law },
        tickMs: 0,
        readmission: { kind: 'trials', requests: 1 },
        whenAllAreBad: 'refuses',
      },
    };
  },
});
