/** undici's RetryHandler: doubling waits without any jitter, so that clients that failed together come back together. */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import { exponential } from './pause.js';
import { definePreset } from './preset.js';

const schema = z.strictObject({
  maxRetries: z.int().min(0).default(5).meta({ description: 'repetitions' }),
  minTimeout: duration({ minMs: 1 }).default(500).meta({ description: 'the first wait' }),
  maxTimeout: duration({ minMs: 1 }).default(30_000).meta({ description: 'the longest wait' }),
  timeoutFactor: z.number().min(1).default(2).meta({ description: 'from one wait to the next' }),
});

export const undici = definePreset({
  name: 'undici',
  summary: 'Retry like undici (Node): exponential waits without jitter, idempotent methods alone.',
  schema,
  example: { maxRetries: 5, minTimeout: '500ms' },
  models: ({ maxRetries, minTimeout, maxTimeout, timeoutFactor }) => ({
    retry: {
      attemptsMax: 1 + maxRetries,
      pause: exponential({ firstMs: minTimeout, factor: timeoutFactor, maxMs: maxTimeout }),
      honoursRetryAfter: true,
      methods: 'idempotent',
    },
  }),
});
