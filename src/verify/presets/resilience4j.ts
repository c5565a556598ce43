/**
 * resilience4j: failure and slow-call rates over the last calls or seconds. Ten trials at a time, and it decides already when as many results
 * are in as it needs at least.
 */
import { z } from 'zod';
import { duration, percentage } from '../../core/units.js';
import { definePreset } from './preset.js';

const schema = z.strictObject({
  slidingWindowType: z.enum(['COUNT_BASED', 'TIME_BASED']).default('COUNT_BASED').meta({ description: 'calls, or whole seconds' }),
  slidingWindowSize: z.int().min(1).default(100).meta({ description: 'how many of them' }),
  minimumNumberOfCalls: z.int().min(1).default(100).meta({ description: 'calls in the window without which it does not open' }),
  failureRateThreshold: percentage().default(50).meta({ description: 'failures from which on it opens' }),
  slowCallDurationThreshold: duration().default(60_000).meta({ description: 'longer calls are slow' }),
  slowCallRateThreshold: percentage().default(100).meta({ description: 'slow calls from which on it opens' }),
  waitDurationInOpenState: duration({ minMs: 1 }).default(60_000).meta({ description: 'how long it stays open' }),
  permittedNumberOfCallsInHalfOpenState: z.int().min(1).default(10).meta({ description: 'trials' }),
  automaticTransitionFromOpenToHalfOpenEnabled: z.boolean().default(false).meta({ description: 'whether it needs no call to leave open' }),
});

export const resilience4j = definePreset({
  name: 'resilience4j',
  summary: 'Break a circuit like resilience4j (Java): failure and slow-call rates, several trials at a time.',
  schema,
  example: { slidingWindowSize: 20, minimumNumberOfCalls: 10, waitDurationInOpenState: '10s', permittedNumberOfCallsInHalfOpenState: 3 },
  models: (settings) => {
    const { slidingWindowSize: size, permittedNumberOfCallsInHalfOpenState: permits, minimumNumberOfCalls } = settings;
    const isCount = settings.slidingWindowType === 'COUNT_BASED';
    const threshold = settings.failureRateThreshold / 100;
    return {
      breaker: {
        trips: [
          {
            kind: 'ratio',
            window: isCount ? { kind: 'count', calls: size } : { kind: 'time', lengthMs: 1_000 * size, buckets: size },
            callsMin: isCount ? Math.min(minimumNumberOfCalls, size) : minimumNumberOfCalls,
            threshold,
            comparison: 'atLeast',
            denominator: 'completed',
            slow: { fromMs: settings.slowCallDurationThreshold, threshold: settings.slowCallRateThreshold / 100 },
          },
        ],
        evaluated: { kind: 'onCompletion', everyMs: 0 },
        open: { kind: 'fixed', ms: settings.waitDurationInOpenState },
        leavesOpen: settings.automaticTransitionFromOpenToHalfOpenEnabled ? 'byTimer' : 'onNextCall',
        halfOpen: { kind: 'trials', permits, excess: 'rejected', results: Math.min(minimumNumberOfCalls, permits), failuresMax: threshold },
        staleResults: 'counted',
        windowOnClose: 'reset',
        cancelsOnTimeout: false,
      },
    };
  },
});
