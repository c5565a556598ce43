/**
 * Models of what a policy declares: of its product, and over that, mechanism by mechanism, of its own settings. What these leaves unsaid is taken as the simplest that it can mean: a fixed pause, one trial at a time, a whole
 * window; only settings that were said are held against anybody.
 */
import type { z } from 'zod';
import type { RecordedPlan } from '../../journal/events.js';
import { circuitBreaker } from '../mechanisms/circuit-breaker.js';
import { declared } from '../mechanisms/mechanism.js';
import { outlierDetection } from '../mechanisms/outlier-detection.js';
import { retry } from '../mechanisms/retry.js';
import { timeout } from '../mechanisms/timeout.js';
import { envoy } from './envoy.js';
import type { BreakerModel, BreakerTrip, Models, RetryModel } from './models.js';
import { exponential, type PauseLaw } from './pause.js';
import { modelsOfProduct } from './product.js';

type Breaker = z.output<typeof circuitBreaker.schema>;
type Outliers = z.output<typeof outlierDetection.schema>;
type Retry = z.output<typeof retry.schema>;

/** Windows and intervals that a policy does not state. */
const WINDOW_MS = 10_000;

/** Of the policy of that name; empty if the plan has none. */
export function modelsOfPolicy(plan: RecordedPlan, policy: string): Models {
  const breaker = declared(plan, policy, circuitBreaker)?.settings;
  const outliers = declared(plan, policy, outlierDetection)?.settings;
  const retries = declared(plan, policy, retry)?.settings;
  const times = declared(plan, policy, timeout)?.settings;
  return {
    ...modelsOfProduct(plan.policies?.find(({ name }) => name === policy)?.preset),
    ...(breaker && { breaker: breakerOf(breaker) }),
    ...(outliers && ejectionOf(outliers)),
    ...(retries && { retry: retryOf(retries) }),
    ...(times && {
      timeout: {
        ...(times.total !== undefined && { totalMs: times.total }),
        ...(times.perAttempt !== undefined && { perAttemptMs: times.perAttempt }),
        ...(times.idle !== undefined && { idleMs: times.idle }),
        ...(times.cancels !== undefined && { cancels: times.cancels }),
      },
    }),
  };
}

function breakerOf(settings: Breaker): BreakerModel {
  const { breakDuration, maxBreakDuration, halfOpenTrials, successesToClose = 1 } = settings;
  return {
    trips: tripsOf(settings),
    evaluated: { kind: 'onCompletion', everyMs: 0 },
    ...(breakDuration !== undefined && { open: exponential({ firstMs: breakDuration, maxMs: maxBreakDuration ?? breakDuration }) }),
    leavesOpen: 'onNextCall',
    ...(halfOpenTrials !== undefined && {
      halfOpen: { kind: 'trials', permits: halfOpenTrials, excess: 'rejected', results: successesToClose, failuresMax: 0 },
    }),
    staleResults: 'counted',
    windowOnClose: 'reset',
    cancelsOnTimeout: false,
  };
}

function tripsOf({
  failureRatio,
  consecutiveFailures,
  minimumThroughput = 0,
  samplingDuration = WINDOW_MS,
  samplingCalls,
}: Breaker): BreakerTrip[] {
  const trips: BreakerTrip[] = [];
  if (consecutiveFailures !== undefined) trips.push({ kind: 'consecutive', failures: consecutiveFailures });
  if (failureRatio !== undefined) {
    trips.push({
      kind: 'ratio',
      window:
        samplingCalls === undefined ? { kind: 'time', lengthMs: samplingDuration, buckets: 10 } : { kind: 'count', calls: samplingCalls },
      callsMin: minimumThroughput,
      threshold: failureRatio,
      comparison: 'atLeast',
      denominator: 'completed',
    });
  }
  return trips;
}

/** Declared in Envoy's words, with its defaults for the rest; its factor is in thousandths, ours in deviations. */
function ejectionOf(settings: Outliers): Pick<Models, 'ejection'> {
  const { successRateStdevFactor: deviations = 1.9, failurePercentageThreshold, consecutiveGatewayErrors } = settings;
  const said = Object.entries(settings).filter(([key, value]) => value !== undefined && Object.hasOwn(envoy.schema.shape, key));
  const { ejection } = envoy.models({
    ...envoy.schema.parse({}),
    ...Object.fromEntries(said),
    successRateStdevFactor: 1_000 * deviations,
    ...(consecutiveGatewayErrors !== undefined && {
      consecutiveGatewayFailure: consecutiveGatewayErrors,
      enforcingConsecutiveGatewayFailure: 100,
    }),
    enforcingFailurePercentage: failurePercentageThreshold === undefined ? 0 : 100,
  });
  return ejection === undefined ? {} : { ejection };
}

const SPREAD = { none: [1, 1], equal: [0.5, 1], full: [0, 1], decorrelated: [0, 3] } as const;

function retryOf({ maxAttempts, budgetPercent, backoff, methods, retryAfter }: Retry): RetryModel {
  const { base, max = Number.POSITIVE_INFINITY, factor = 1, jitter = 'none' } = backoff ?? { base: 0 };
  const pause: PauseLaw = exponential({ firstMs: base, factor, maxMs: max, spread: SPREAD[jitter], isCapLast: true });
  return {
    attemptsMax: maxAttempts ?? Number.POSITIVE_INFINITY,
    ...(backoff && { pause }),
    honoursRetryAfter: retryAfter === 'obeyed',
    methods: methods?.some((method) => method === 'POST' || method === 'PATCH') ? 'all' : 'idempotent',
    ...(budgetPercent !== undefined && { budget: { kind: 'share', ofCalls: budgetPercent / 100, perSecondAtLeast: 0 } }),
  };
}
