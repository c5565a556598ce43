/**
 * Traefik 3: passive health checks of servers, and the circuit breaker middleware, which comes back by a ramp instead of a trial. What its
 * expression says is left to the plan: a share of failed requests, the usual one.
 */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import { definePreset } from './preset.js';

/** Its ratios cover ten buckets of a second. */
const RATIO_WINDOW = { kind: 'time', lengthMs: 10_000, buckets: 10 } as const;

const schema = z.strictObject({
  failureWindow: duration({ minMs: 1 }).default(10_000).meta({ description: 'how long failures count, and how long a server is out' }),
  maxFailedAttempts: z.int().min(1).default(1).meta({ description: 'failures in a row within the window' }),
  errorRatio: z
    .number()
    .min(0)
    .max(1)
    .default(0.3)
    .meta({ description: 'the breaker trips above this share, as in `ResponseCodeRatio(…) > 0.30`' }),
  checkPeriod: duration({ minMs: 1 }).default(100).meta({ description: 'how often the expression is looked at, at most' }),
  fallbackDuration: duration({ minMs: 1 }).default(10_000).meta({ description: 'how long it stays tripped' }),
  recoveryDuration: duration({ minMs: 1 }).default(10_000).meta({ description: 'length of the ramp' }),
});

export const traefik = definePreset({
  name: 'traefik',
  summary: 'Take servers out by passive health checks, and break circuits with a ramp, like Traefik 3.',
  schema,
  example: { errorRatio: 0.3, fallbackDuration: '10s', recoveryDuration: '10s' },
  models: ({ failureWindow, maxFailedAttempts, errorRatio, checkPeriod, fallbackDuration, recoveryDuration }) => ({
    breaker: {
      trips: [{ kind: 'ratio', window: RATIO_WINDOW, callsMin: 0, threshold: errorRatio, comparison: 'above', denominator: 'completed' }],
      evaluated: { kind: 'onCompletion', everyMs: checkPeriod },
      open: { kind: 'fixed', ms: fallbackDuration },
      leavesOpen: 'onNextCall',
      halfOpen: { kind: 'ramp', lengthMs: recoveryDuration, shareMax: 0.5 },
      staleResults: 'counted',
      windowOnClose: 'reset',
      cancelsOnTimeout: true,
    },
    ejection: {
      triggers: [{ kind: 'consecutive', failures: maxFailedAttempts, withinMs: failureWindow }],
      penalty: { kind: 'pauses', law: { kind: 'fixed', ms: failureWindow } },
      tickMs: 0,
      readmission: { kind: 'fullShare' },
      whenAllAreBad: 'refuses',
    },
  }),
});
