/**
 * gRPC: outlier detection (A50) and retries (A6). Unlike Envoy's, its ejections last whole ticks, the first host may always be ejected, and
 * the connection to an ejected one stays open.
 */
import { z } from 'zod';
import { duration, percentage } from '../../core/units.js';
import type { EjectionTrigger, RetryModel } from './models.js';
import { exponential } from './pause.js';
import { definePreset } from './preset.js';

const count = (otherwise: number) => z.int().min(1).default(otherwise);
const schema = z.strictObject({
  interval: duration({ minMs: 1 }).default(10_000).meta({ description: 'period of the sweep' }),
  baseEjectionTime: duration({ minMs: 1 })
    .default(30_000)
    .meta({ description: 'times the number of ejections: how long an address is out' }),
  maxEjectionTime: duration().default(300_000).meta({ description: 'at most, or the base if that is longer' }),
  maxEjectionPercent: percentage().default(10).meta({ description: 'addresses that may be out; one always may' }),
  successRateEjection: z
    .strictObject({ stdevFactor: z.number().min(0).default(1_900), minimumHosts: count(5), requestVolume: count(100) })
    .nullable()
    .prefault({})
    .meta({ description: 'compares success rates; null is off' }),
  failurePercentageEjection: z
    .strictObject({ threshold: percentage().default(85), minimumHosts: count(5), requestVolume: count(50) })
    .nullable()
    .default(null)
    .meta({ description: 'looks at the share of failures; null is off' }),
  retryPolicy: z
    .strictObject({
      maxAttempts: z.int().min(2).max(5).meta({ description: 'the first included; more than 5 count as 5' }),
      initialBackoff: duration({ minMs: 1 }),
      maxBackoff: duration({ minMs: 1 }),
      backoffMultiplier: z.number().min(0.001),
    })
    .optional()
    .meta({ description: 'of the service config' }),
  retryThrottling: z
    .strictObject({ maxTokens: z.number().min(1).default(10), tokenRatio: z.number().min(0.001).default(0.1) })
    .optional()
    .meta({ description: 'of the service config' }),
});
type Settings = z.output<typeof schema>;

export const grpc = definePreset({
  name: 'grpc',
  summary: 'Eject outliers (A50) and retry with throttling (A6) like gRPC.',
  schema,
  example: { interval: '10s', retryPolicy: { maxAttempts: 4, initialBackoff: '100ms', maxBackoff: '1s', backoffMultiplier: 2 } },
  models: (settings) => {
    const { interval, baseEjectionTime, maxEjectionTime, maxEjectionPercent } = settings;
    const retry = retryOf(settings);
    return {
      ejection: {
        triggers: triggersOf(settings),
        penalty: {
          kind: 'pauses',
          law: { kind: 'linear', stepMs: baseEjectionTime, maxMs: Math.max(baseEjectionTime, maxEjectionTime), addedMs: 0 },
        },
        tickMs: interval,
        cap: { share: maxEjectionPercent / 100, rounding: 'ceil', atLeastOne: maxEjectionPercent > 0 },
        readmission: { kind: 'fullShare' },
        whenAllAreBad: 'refuses',
      },
      ...(retry && { retry }),
    };
  },
});

function triggersOf({ interval: everyMs, successRateEjection, failurePercentageEjection }: Settings): EjectionTrigger[] {
  const triggers: EjectionTrigger[] = [];
  if (successRateEjection !== null) {
    const { stdevFactor, minimumHosts: instancesMin, requestVolume: requestsMin } = successRateEjection;
    triggers.push({ kind: 'peers', deviations: stdevFactor / 1_000, instancesMin, requestsMin, everyMs });
  }
  if (failurePercentageEjection !== null) {
    const { threshold, minimumHosts: instancesMin, requestVolume: requestsMin } = failurePercentageEjection;
    triggers.push({ kind: 'ratio', threshold: threshold / 100, comparison: 'above', instancesMin, requestsMin, everyMs });
  }
  return triggers;
}

function retryOf({ retryPolicy, retryThrottling }: Settings): RetryModel | undefined {
  if (retryPolicy === undefined) return undefined;
  const { maxAttempts, initialBackoff, maxBackoff, backoffMultiplier: factor } = retryPolicy;
  return {
    attemptsMax: maxAttempts,
    pause: exponential({ firstMs: initialBackoff, factor, maxMs: maxBackoff, spread: [0.8, 1.2] }),
    honoursRetryAfter: true,
    methods: 'all',
    ...(retryThrottling && { budget: { kind: 'tokens', max: retryThrottling.maxTokens, returned: retryThrottling.tokenRatio } }),
  };
}
