/**
 * Can this breaker open under this fault, and how soon? Reckoned for a steady stream of calls that all succeeded before. What a reader gets
 * wrong: a share of a window that was full of successes is reached late, and never by a fault that fails fewer calls than the threshold.
 */
import { formatMs } from '../../core/units.js';
import type { BreakerModel, BreakerTrip } from '../presets/models.js';
import { best, type Forecast, requestsUntilRun } from './forecast.js';

export interface BreakerScene {
  /** Calls that end in a second, on the breaker's own scope. */
  perSecond: number;
  /** Share of the calls that fail while the fault is on, 0…1. */
  failureShare: number;
  /** How long a failing call takes. */
  failingMs: number;
  /** Calls that take so long, whether they fail or not; none if left out. */
  slow?: { share: number; tookMs: number };
  durationMs: number;
}

export function forecastOpening({ trips, evaluated }: Pick<BreakerModel, 'trips' | 'evaluated'>, scene: BreakerScene): Forecast {
  const lateMs = evaluated.kind === 'onFailure' ? 0 : evaluated.everyMs;
  return best(trips.map((trip) => forecastTrip(trip, { scene, lateMs })));
}

function forecastTrip(trip: BreakerTrip, { scene, lateMs }: { scene: BreakerScene; lateMs: number }): Forecast {
  const { perSecond, failureShare: share, slow = { share: 0, tookMs: 0 } } = scene;
  const within = (afterMs: number, because: string): Forecast => {
    const wholeMs = afterMs + scene.failingMs + lateMs;
    if (wholeMs > scene.durationMs) return { kind: 'unlikely', because, afterMs: wholeMs };
    return { kind: 'expected', because, afterMs: wholeMs, requests: (wholeMs / 1_000) * perSecond };
  };
  switch (trip.kind) {
    case 'consecutive':
      if (share <= 0) return NOTHING_FAILS;
      return within((requestsUntilRun(trip.failures, share) / perSecond) * 1_000, `${trip.failures} failures in a row`);
    case 'limit': {
      const inFlight = perSecond * (Math.max(scene.failingMs, slow.tookMs) / 1_000);
      const because = `about ${Number(inFlight.toPrecision(2))} calls at a time, and ${trip.max} are allowed`;
      return inFlight > trip.max ? within(0, because) : { kind: 'never', because };
    }
    case 'ratio': {
      const failures = forecastShare(trip, { bad: { share, threshold: trip.threshold, what: 'failures' }, perSecond, within });
      if (trip.slow === undefined) return failures;
      const slowShare = slow.tookMs > trip.slow.fromMs ? slow.share : 0;
      const bad = { share: slowShare, threshold: trip.slow.threshold, what: `calls above ${formatMs(trip.slow.fromMs)}` };
      return best([failures, forecastShare(trip, { bad, perSecond, within })]);
    }
  }
}

const NOTHING_FAILS: Forecast = { kind: 'never', because: 'nothing fails that it counts' };

interface Counted {
  bad: { share: number; threshold: number; what: string };
  perSecond: number;
  within: (afterMs: number, because: string) => Forecast;
}

function forecastShare(
  { comparison, window, callsMin }: Extract<BreakerTrip, { kind: 'ratio' }>,
  { bad: { share, threshold, what }, perSecond, within }: Counted,
): Forecast {
  if (share <= 0) return NOTHING_FAILS;
  const reaches = comparison === 'above' ? share > threshold : share >= threshold;
  const because = `${Number((share * 100).toFixed(1))} % of ${what} against a threshold of ${Number((threshold * 100).toFixed(1))} %`;
  if (!reaches) return { kind: 'never', because };
  if (window.kind === 'count') {
    const failures = comparison === 'above' ? Math.floor(threshold * window.calls) + 1 : Math.ceil(threshold * window.calls);
    return within((failures / (share * perSecond)) * 1_000, because);
  }
  const had = perSecond * (window.lengthMs / 1_000);
  if (had < callsMin)
    return {
      kind: 'never',
      because: `about ${Number(had.toPrecision(2))} calls in ${window.lengthMs / 1_000} s, and ${callsMin} are needed before it looks at their share`,
    };
  return within((threshold * window.lengthMs) / share, because);
}
