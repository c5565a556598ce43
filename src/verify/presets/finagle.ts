/**
 * Finagle: failure accrual of each endpoint, and its retry budget. It fails open: where every endpoint is dead, all of them get their traffic
 * again.
 */
import { z } from 'zod';
import { duration, percentage } from '../../core/units.js';
import { definePreset } from './preset.js';

const schema = z.strictObject({
  consecutiveFailures: z.int().min(1).default(5).meta({ description: 'failures in a row' }),
  requiredSuccessRate: percentage().default(80).meta({ description: 'of a rate that fades over the window' }),
  window: duration({ minMs: 1 }).default(30_000).meta({ description: 'over which the success rate fades; a whole one must have passed' }),
  minRequestThreshold: z.int().min(1).default(5).meta({ description: 'requests in the window, without which the rate does not count' }),
  percentCanRetry: percentage().default(20).meta({ description: 'retries in per cent of the requests' }),
  minRetriesPerSec: z.int().min(0).default(10).meta({ description: 'retries a second that are always allowed' }),
});

export const finagle = definePreset({
  name: 'finagle',
  summary: 'Accrue failures of endpoints like Finagle, with equal jitter from 5 s to 300 s, and keep its retry budget.',
  schema,
  example: { consecutiveFailures: 5, requiredSuccessRate: 80 },
  models: ({ consecutiveFailures, requiredSuccessRate, window, minRequestThreshold, percentCanRetry, minRetriesPerSec }) => ({
    ejection: {
      triggers: [
        { kind: 'fading', successRateMin: requiredSuccessRate / 100, windowMs: window, requestsMin: minRequestThreshold },
        { kind: 'consecutive', failures: consecutiveFailures },
      ],
      penalty: { kind: 'pauses', law: { kind: 'equalJitter', firstMs: 5_000, maxMs: 300_000 } },
      tickMs: 0,
      readmission: { kind: 'trials', requests: 1 },
      whenAllAreBad: 'keepsTraffic',
    },
    retry: {
      attemptsMax: Number.POSITIVE_INFINITY,
      honoursRetryAfter: false,
      methods: 'idempotent',
      budget: { kind: 'share', ofCalls: percentCanRetry / 100, perSecondAtLeast: minRetriesPerSec },
    },
  }),
});
