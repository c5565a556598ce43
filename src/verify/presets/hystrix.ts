/** Hystrix: a rolling window that is looked at twice a second, so it opens up to half a second late. */
import { z } from 'zod';
import { duration, percentage } from '../../core/units.js';
import { definePreset } from './preset.js';

const schema = z.strictObject({
  requestVolumeThreshold: z.int().min(1).default(20).meta({ description: 'calls in the window without which it does not open' }),
  errorThresholdPercentage: percentage().default(50).meta({ description: 'failures from which on it opens' }),
  sleepWindow: duration({ minMs: 1 }).default(5_000).meta({ description: 'how long it stays open' }),
  rollingStats: duration({ minMs: 1 }).default(10_000).meta({ description: 'how far is looked back' }),
  healthSnapshotInterval: duration({ minMs: 1 }).default(500).meta({ description: 'how often is looked' }),
  executionTimeout: duration({ minMs: 1 }).default(1_000).meta({ description: 'longest call' }),
});

export const hystrix = definePreset({
  name: 'hystrix',
  summary: 'Break a circuit like Hystrix (Java): a rolling error percentage, one trial at a time.',
  schema,
  example: { requestVolumeThreshold: 20, sleepWindow: '5s' },
  models: (settings) => ({
    breaker: {
      trips: [
        {
          kind: 'ratio',
          window: {
            kind: 'time',
            lengthMs: settings.rollingStats,
            buckets: Math.max(1, Math.round(settings.rollingStats / settings.healthSnapshotInterval)),
          },
          callsMin: settings.requestVolumeThreshold,
          threshold: settings.errorThresholdPercentage / 100,
          comparison: 'atLeast',
          denominator: 'completed',
        },
      ],
      evaluated: { kind: 'periodically', everyMs: settings.healthSnapshotInterval },
      open: { kind: 'fixed', ms: settings.sleepWindow },
      leavesOpen: 'onNextCall',
      halfOpen: { kind: 'trials', permits: 1, excess: 'rejected', results: 1, failuresMax: 0 },
      staleResults: 'counted',
      windowOnClose: 'reset',
      cancelsOnTimeout: false,
      timeoutMs: settings.executionTimeout,
    },
    timeout: { totalMs: settings.executionTimeout, cancels: false },
  }),
});
