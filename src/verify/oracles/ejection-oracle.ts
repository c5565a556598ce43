/**
 * Can this outlier detection eject these instances, and how soon? What a reader gets wrong: comparison with peers looks only at how many are
 * bad, not how bad they are, and in a small cluster its cap may leave nobody to be ejected.
 */
import type { EjectionModel, EjectionTrigger } from '../presets/models.js';
import { best, type Forecast, requestsUntilRun } from './forecast.js';

export interface EjectionScene {
  /** All instances of the callee, as the caller sees them. */
  instances: number;
  /** Of them, the equally bad ones. */
  bad: number;
  /** Share of the requests to a bad instance that fail, 0…1; those to the others succeed. */
  failureShare: number;
  /** Requests to each instance. */
  perSecond: number;
  /** How long it goes on. */
  durationMs: number;
}

/** Of the first bad instance. */
export function forecastEjection(model: EjectionModel, scene: EjectionScene): Forecast {
  const allowed = mayBeOut(model, scene.instances);
  if (allowed === 0) {
    const share = `${Math.round((model.cap?.share ?? 0) * 100)} % of ${scene.instances} instances is nobody`;
    return { kind: 'never', because: `the cap keeps everybody in: ${share}` };
  }
  return best(model.triggers.map((trigger) => forecastTrigger(trigger, scene)));
}

/** How many instances may be out at a time. */
export function mayBeOut({ cap }: EjectionModel, instances: number): number {
  if (cap === undefined) return instances;
  const most = cap.rounding === 'floor' ? Math.floor(cap.share * instances + 1e-9) : Math.ceil(cap.share * instances - 1e-9);
  return Math.min(instances, Math.max(most, cap.atLeastOne ? 1 : 0));
}

function forecastTrigger(trigger: EjectionTrigger, scene: EjectionScene): Forecast {
  const { failureShare, perSecond } = scene;
  if (failureShare <= 0) return { kind: 'never', because: 'nothing fails that it counts' };
  switch (trigger.kind) {
    case 'consecutive':
      return timed(requestsUntilRun(trigger.failures, failureShare), scene, `${trigger.failures} failures in a row`);
    case 'gaps':
      return spaced(trigger, scene);
    case 'leaky': {
      const kept = failureShare * perSecond * (trigger.forgottenAfterMs / 1_000);
      const what = `${trigger.failures} failures within ${trigger.forgottenAfterMs / 1_000} s`;
      if (kept < trigger.failures)
        return { kind: 'unlikely', because: `${what}, where about ${round(kept)} are to be expected`, afterMs: Number.POSITIVE_INFINITY };
      return timed(trigger.failures / failureShare, scene, what);
    }
    case 'peers':
      return amongPeers(trigger, scene);
    case 'ratio': {
      const reaches = trigger.comparison === 'above' ? failureShare > trigger.threshold : failureShare >= trigger.threshold;
      const what = `${percent(failureShare)} of failures against a threshold of ${percent(trigger.threshold)}`;
      if (!reaches) return { kind: 'never', because: what };
      return swept(trigger, scene, what);
    }
    case 'fading': {
      const what = `a success rate of ${percent(1 - failureShare)} against one of ${percent(trigger.successRateMin)}`;
      if (1 - failureShare >= trigger.successRateMin) return { kind: 'never', because: what };
      return inTime(Math.max(trigger.windowMs, (trigger.requestsMin / Math.max(perSecond, 1e-9)) * 1_000), scene, what);
    }
  }
}

/** One more failure within the time after each, whatever succeeds in between. */
function spaced({ failures, withinMs }: Extract<EjectionTrigger, { kind: 'gaps' }>, scene: EjectionScene): Forecast {
  // Arrivals of failures are taken as Poisson: each gap is short enough with probability 1 − e^(−λt).
  const near = -Math.expm1(-scene.failureShare * scene.perSecond * (withinMs / 1_000));
  const what = `${failures} failures, each within ${withinMs / 1_000} s after the one before`;
  return timed(requestsUntilRun(failures - 1, near) / scene.failureShare, scene, what);
}

/** k of n that are equally bad stand sqrt((n − k) / k) deviations below the mean, however bad they are. */
function amongPeers(trigger: Extract<EjectionTrigger, { kind: 'peers' }>, scene: EjectionScene): Forecast {
  const { instances, bad } = scene;
  const deviations = Math.sqrt((instances - bad) / bad);
  if (bad === 0 || deviations <= trigger.deviations) {
    const stand = `${bad} bad of ${instances} instances stand ${round(deviations)} deviations below the mean`;
    return { kind: 'never', because: `${stand}, and ${trigger.deviations} are needed` };
  }
  return swept(
    trigger,
    scene,
    `${bad} bad of ${instances} stand ${round(deviations)} deviations below the mean, above ${trigger.deviations}`,
  );
}

/** Judged at the end of an interval that had enough requests, to enough instances. */
function swept(
  { instancesMin, requestsMin, everyMs }: { instancesMin: number; requestsMin: number; everyMs: number },
  scene: EjectionScene,
  what: string,
): Forecast {
  if (scene.instances < instancesMin)
    return { kind: 'never', because: `${scene.instances} instances are compared from ${instancesMin} on` };
  const had = (scene.perSecond * everyMs) / 1_000;
  if (had < requestsMin)
    return {
      kind: 'never',
      because: `an instance has about ${round(had)} requests in ${everyMs / 1_000} s, and ${requestsMin} are needed to compare it`,
    };
  // The interval in which it begins may be good for the most part; the next is not.
  return inTime(2 * everyMs, scene, what);
}

function timed(requests: number, scene: EjectionScene, what: string): Forecast {
  return inTime((requests / Math.max(scene.perSecond, 1e-9)) * 1_000, scene, `${what}: about ${round(requests)} requests to it`);
}

function inTime(afterMs: number, { durationMs, perSecond }: EjectionScene, because: string): Forecast {
  if (afterMs > durationMs) return { kind: 'unlikely', because, afterMs };
  return { kind: 'expected', because, afterMs, requests: (afterMs / 1_000) * perSecond };
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

function round(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(2)));
}
