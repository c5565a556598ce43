/**
 * cockatiel: three ways to trip, one way to come back. While half-open it holds the calls beyond its sample and lets them go as a burst; only
 * a call finds out that the time is over.
 */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import type { BreakerTrip, RetryModel } from './models.js';
import { definePreset } from './preset.js';

const DECORRELATED = { kind: 'decorrelated', initialMs: 128, maxMs: 30_000 } as const;

const schema = z
  .strictObject({
    breaker: z.enum(['consecutive', 'count', 'sampling']).default('consecutive').meta({ description: 'which breaker it is given' }),
    failures: z.int().min(1).default(5).meta({ description: 'consecutive: failures in a row' }),
    threshold: z.number().min(0.001).max(1).default(0.5).meta({ description: 'count, sampling: it opens above this share' }),
    size: z.int().min(1).default(100).meta({ description: 'count: calls that are looked back on' }),
    minimumNumberOfCalls: z.int().min(1).optional().meta({ description: 'count: calls without which it does not open; `size` if omitted' }),
    duration: duration({ minMs: 1 }).default(10_000).meta({ description: 'sampling: how far is looked back' }),
    minimumRps: z.number().min(0).optional().meta({ description: 'sampling: calls a second without which it does not open; 5/threshold' }),
    halfOpenAfter: z
      .union([duration(), z.literal('exponential')])
      .default(10_000)
      .meta({ description: 'how long it stays open, or the default exponential backoff' }),
    halfOpenCalls: z.int().min(1).default(1).meta({ description: 'calls of the sample while half-open; always 1 before version 4' }),
    maxAttempts: z.int().min(0).optional().meta({ description: 'retry: repetitions at most, with the default backoff' }),
  })
  .meta({ description: 'settings of circuitBreaker() and retry()' });
type Settings = z.output<typeof schema>;

export const cockatiel = definePreset({
  name: 'cockatiel',
  summary: 'Break a circuit like cockatiel 3 or 4 (Node): consecutive, count or sampling; and retry.',
  schema,
  example: { breaker: 'sampling', threshold: 0.5, duration: '10s', halfOpenAfter: '5s' },
  models: (settings) => {
    const { halfOpenAfter, halfOpenCalls, maxAttempts } = settings;
    const retry: RetryModel | undefined =
      maxAttempts === undefined
        ? undefined
        : { attemptsMax: maxAttempts + 1, pause: DECORRELATED, honoursRetryAfter: false, methods: 'all' };
    return {
      breaker: {
        trips: [tripOf(settings)],
        evaluated: { kind: 'onFailure' },
        open: halfOpenAfter === 'exponential' ? DECORRELATED : { kind: 'fixed', ms: halfOpenAfter },
        leavesOpen: 'onNextCall',
        halfOpen: { kind: 'trials', permits: halfOpenCalls, excess: 'queued', results: halfOpenCalls, failuresMax: 0 },
        staleResults: 'failuresCounted',
        windowOnClose: 'reset',
        cancelsOnTimeout: true,
      },
      ...(retry && { retry }),
    };
  },
});

function tripOf({ breaker, failures, threshold, size, minimumNumberOfCalls, duration: lengthMs, minimumRps }: Settings): BreakerTrip {
  const ratio = { kind: 'ratio', threshold, comparison: 'above', denominator: 'completed' } as const;
  switch (breaker) {
    case 'consecutive':
      return { kind: 'consecutive', failures };
    case 'count':
      return { ...ratio, window: { kind: 'count', calls: size }, callsMin: minimumNumberOfCalls ?? size };
    case 'sampling': {
      const buckets = Math.max(5, Math.ceil(lengthMs / 1_000));
      const callsMin = Math.ceil((lengthMs / 1_000) * (minimumRps ?? 5 / threshold));
      return { ...ratio, window: { kind: 'time', lengthMs, buckets }, callsMin };
    }
  }
}
