/** Retries of a caller: what it sends again, how often, how soon, and how much of that it allows itself. */
import { z } from 'zod';
import { duration, percentage } from '../../core/units.js';
import { defineMechanism } from './mechanism.js';

const backoff = z
  .strictObject({
    base: duration().meta({ description: 'wait before the first retry, jitter left aside' }),
    max: duration().optional().meta({ description: 'longest wait' }),
    factor: z
      .number()
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'what each wait is multiplied by for the next; 1 is always the same' }),
    jitter: z.enum(['none', 'equal', 'full', 'decorrelated']).optional().meta({
      description: 'none; equal: the upper half of the wait; full: 0 to the wait; decorrelated: up to three times the wait before',
    }),
  })
  .refine(({ base, max = Number.POSITIVE_INFINITY }) => base <= max, { path: ['max'], error: 'expected no less than base' });

export const retry = defineMechanism({
  name: 'retry',
  summary: 'Sends a failed request again, so many times, after waits, within a budget.',
  schema: z
    .strictObject({
      maxAttempts: z.int().min(1).max(1_000).optional().meta({ description: 'attempts for one request at most, the first included' }),
      budgetPercent: percentage().optional().meta({ description: 'retries in per cent of the requests, at most' }),
      backoff: backoff.optional().meta({ description: 'waits between attempts' }),
      statuses: z.array(z.int().min(100).max(599)).min(1).max(500).optional().meta({ description: 'statuses after which it tries again' }),
      methods: z
        .array(z.string().regex(/^[A-Z]+$/, 'expected a method, like GET'))
        .min(1)
        .max(100)
        .optional()
        .meta({ description: 'methods that it repeats' }),
      retryAfter: z.enum(['obeyed', 'ignored']).optional().meta({ description: 'what becomes of the callee’s Retry-After' }),
    })
    .refine((settings) => Object.values(settings).some((value) => value !== undefined), {
      error: 'expected at least one setting, found none',
    }),
  example: { maxAttempts: 3, budgetPercent: 20 },
});
