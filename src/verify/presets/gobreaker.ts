/** gobreaker 2 (Go): opens at the sixth failure in a row, and forgets results of an older state. */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import { definePreset } from './preset.js';

const schema = z.strictObject({
  maxRequests: z.int().min(1).default(1).meta({ description: 'requests while half-open, and successes in a row that close it' }),
  timeout: duration({ minMs: 1 }).default(60_000).meta({ description: 'how long it stays open' }),
  consecutiveFailures: z.int().min(1).default(6).meta({ description: 'ReadyToTrip: failures in a row; more than 5 by default' }),
});

export const gobreaker = definePreset({
  name: 'gobreaker',
  summary: 'Break a circuit like sony/gobreaker 2 (Go): failures in a row, one state at a time.',
  schema,
  example: { timeout: '60s', maxRequests: 1 },
  models: ({ maxRequests, timeout, consecutiveFailures }) => ({
    breaker: {
      trips: [{ kind: 'consecutive', failures: consecutiveFailures }],
      evaluated: { kind: 'onFailure' },
      open: { kind: 'fixed', ms: timeout },
      leavesOpen: 'onNextCall',
      halfOpen: { kind: 'trials', permits: maxRequests, excess: 'rejected', results: maxRequests, failuresMax: 0 },
      staleResults: 'ignored',
      windowOnClose: 'reset',
      cancelsOnTimeout: false,
    },
  }),
});
