/**
 * Envoy: outlier detection, circuit breaking (which is limits without memory, not a timed breaker) and route retries. A reader would get
 * wrong the cap: with its default of 10 per cent, fewer than 10 hosts eject nobody.
 */
import { z } from 'zod';
import { duration, percentage } from '../../core/units.js';
import type { BreakerModel, EjectionModel, EjectionTrigger } from './models.js';
import { exponential } from './pause.js';
import { definePreset } from './preset.js';

const enforcing = (otherwise: number) =>
  percentage().default(otherwise).meta({ description: 'whether what is detected is enforced: anything above 0 is taken as always' });
const count = (otherwise: number) => z.int().min(1).default(otherwise);

const schema = z.strictObject({
  interval: duration({ minMs: 1 }).default(10_000).meta({ description: 'period of the sweep, which also lets hosts back in' }),
  baseEjectionTime: duration({ minMs: 1 }).default(30_000).meta({ description: 'times the number of ejections: how long a host is out' }),
  maxEjectionTime: duration().optional().meta({ description: 'at most; 300s, or the base if that is longer' }),
  maxEjectionTimeJitter: duration().default(0).meta({ description: 'up to so much longer, beyond the maximum too' }),
  maxEjectionPercent: percentage().default(10).meta({ description: 'hosts of the cluster that may be out' }),
  alwaysEjectOneHost: z
    .boolean()
    .default(false)
    .meta({ description: 'one host may be out whatever the percentage; always so before 1.30' }),
  consecutive5xx: count(5).meta({ description: 'server errors in a row' }),
  enforcingConsecutive5xx: enforcing(100),
  consecutiveGatewayFailure: count(5).meta({ description: '502, 503 and 504 in a row' }),
  enforcingConsecutiveGatewayFailure: enforcing(0),
  successRateMinimumHosts: count(5).meta({ description: 'hosts with enough requests, without which none is compared' }),
  successRateRequestVolume: count(100).meta({ description: 'requests to a host in an interval, without which it is not compared' }),
  successRateStdevFactor: z.number().min(0).default(1_900).meta({ description: 'deviations below the mean, in thousandths' }),
  enforcingSuccessRate: enforcing(100),
  failurePercentageThreshold: percentage().default(85).meta({ description: 'failures of a host in an interval' }),
  failurePercentageMinimumHosts: count(5),
  failurePercentageRequestVolume: count(50),
  enforcingFailurePercentage: enforcing(0),
  maxConnections: count(1_024),
  maxPendingRequests: count(1_024),
  maxRequests: count(1_024),
  maxRetries: count(3).meta({ description: 'retries under way at a time' }),
  numRetries: z.int().min(0).default(1).meta({ description: 'retries of one request' }),
});
type Settings = z.output<typeof schema>;

export const envoy = definePreset({
  name: 'envoy',
  summary: 'Eject outliers, limit and retry like Envoy.',
  schema,
  example: { interval: '10s', consecutive5xx: 5, baseEjectionTime: '30s', maxEjectionPercent: 20 },
  models: (settings) => ({
    breaker: limits(settings),
    ejection: ejection(settings),
    retry: {
      attemptsMax: 1 + settings.numRetries,
      pause: exponential({ firstMs: 25, maxMs: 250, spread: [0, 1] }),
      honoursRetryAfter: false,
      methods: 'all',
      budget: { kind: 'concurrent', max: settings.maxRetries },
    },
  }),
});

function ejection(settings: Settings): EjectionModel {
  const { interval, baseEjectionTime, maxEjectionTime = 300_000, maxEjectionTimeJitter, maxEjectionPercent, alwaysEjectOneHost } = settings;
  const maxMs = Math.max(maxEjectionTime, baseEjectionTime);
  return {
    triggers: triggersOf(settings),
    penalty: { kind: 'pauses', law: { kind: 'linear', stepMs: baseEjectionTime, maxMs, addedMs: maxEjectionTimeJitter } },
    tickMs: interval,
    cap: { share: maxEjectionPercent / 100, rounding: 'floor', atLeastOne: alwaysEjectOneHost },
    readmission: { kind: 'fullShare' },
    whenAllAreBad: 'keepsTraffic',
  };
}

function triggersOf(settings: Settings): EjectionTrigger[] {
  const triggers: (EjectionTrigger | false)[] = [
    settings.enforcingConsecutive5xx > 0 && { kind: 'consecutive', failures: settings.consecutive5xx },
    settings.enforcingConsecutiveGatewayFailure > 0 && {
      kind: 'consecutive',
      failures: settings.consecutiveGatewayFailure,
      only: 'gatewayFailures',
    },
    settings.enforcingSuccessRate > 0 && {
      kind: 'peers',
      deviations: settings.successRateStdevFactor / 1_000,
      instancesMin: settings.successRateMinimumHosts,
      requestsMin: settings.successRateRequestVolume,
      everyMs: settings.interval,
    },
    settings.enforcingFailurePercentage > 0 && {
      kind: 'ratio',
      threshold: settings.failurePercentageThreshold / 100,
      comparison: 'atLeast',
      instancesMin: settings.failurePercentageMinimumHosts,
      requestsMin: settings.failurePercentageRequestVolume,
      everyMs: settings.interval,
    },
  ];
  return triggers.filter((trigger) => trigger !== false);
}

function limits({ maxConnections, maxPendingRequests, maxRequests }: Settings): BreakerModel {
  return {
    trips: [
      { kind: 'limit', resource: 'connections', max: maxConnections },
      { kind: 'limit', resource: 'pending', max: maxPendingRequests },
      { kind: 'limit', resource: 'inFlight', max: maxRequests },
    ],
    evaluated: { kind: 'onCompletion', everyMs: 0 },
    leavesOpen: 'onNextCall',
    staleResults: 'ignored',
    windowOnClose: 'reset',
    cancelsOnTimeout: true,
  };
}
