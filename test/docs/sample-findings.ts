/**
 * A finding of each verdict for each check, from the simulated subjects of its own tests: what a reader of the pages is shown is what the checks say.
 * What a reader gets wrong: the figures are of virtual time, so they are the same on every machine.
 */
import type { Judgement } from '../../src/verify/check.js';
import { agreement } from '../../src/verify/checks/agreement.js';
import { backpressure } from '../../src/verify/checks/backpressure.js';
import { bulkhead } from '../../src/verify/checks/bulkhead.js';
import { circuitBreaker } from '../../src/verify/checks/circuit-breaker.js';
import { detectionCurve } from '../../src/verify/checks/detection-curve.js';
import { differential } from '../../src/verify/checks/differential.js';
import { duplicates } from '../../src/verify/checks/duplicates.js';
import { errorRatio } from '../../src/verify/checks/error-ratio.js';
import { failover } from '../../src/verify/checks/failover.js';
import { failureDetector } from '../../src/verify/checks/failure-detector.js';
import { fallback } from '../../src/verify/checks/fallback.js';
import { faultWasFelt } from '../../src/verify/checks/fault-was-felt.js';
import { fencing } from '../../src/verify/checks/fencing.js';
import { hedging } from '../../src/verify/checks/hedging.js';
import { history } from '../../src/verify/checks/history.js';
import { latency } from '../../src/verify/checks/latency.js';
import { leadership } from '../../src/verify/checks/leadership.js';
import { loadShedding } from '../../src/verify/checks/load-shedding.js';
import { majority } from '../../src/verify/checks/majority.js';
import { metastability } from '../../src/verify/checks/metastability.js';
import { outlierEjection } from '../../src/verify/checks/outlier-ejection.js';
import { recovery } from '../../src/verify/checks/recovery.js';
import { retry } from '../../src/verify/checks/retry.js';
import { slo } from '../../src/verify/checks/slo.js';
import { steadyState } from '../../src/verify/checks/steady-state.js';
import { throughput } from '../../src/verify/checks/throughput.js';
import { timeout } from '../../src/verify/checks/timeout.js';
import { recordOf, times } from '../support/histories.js';
import { CALLER_FAULT, callerCycle } from '../support/simulated-caller.js';
import { BAD_HOST, breaker, ejector, HOST_GOES_GRAY, PAYMENTS_DOWN } from '../support/simulated-cycles.js';
import { failoverCycle, LEADER_LOST } from '../support/simulated-failover.js';
import { heardCycle, STILL_STEP } from '../support/simulated-heard.js';
import { hedgerCycle, SLOW_HOST } from '../support/simulated-hedger.js';
import { holderCycle, STALL } from '../support/simulated-holder.js';
import { CUT_OFF, membersCycle } from '../support/simulated-members.js';
import { GRAY_STEP, observerCycle } from '../support/simulated-observers.js';
import { registersCycle } from '../support/simulated-registers.js';
import { OVERLOAD, serverCycle } from '../support/simulated-server.js';
import { SERVICE_FAULT, type ServiceCycle, serviceCycle } from '../support/simulated-service.js';
import { spiralCycle, TRIGGER } from '../support/simulated-spiral.js';
import { AWAY, standInCycle } from '../support/simulated-stand-in.js';
import { storeCycle } from '../support/simulated-store.js';
import { breakerSweep, STEPS } from '../support/simulated-sweep.js';
import { LIAR, LIES, voicesCycle } from '../support/simulated-voices.js';
import { HANG, waiterCycle } from '../support/simulated-waiter.js';

const seed = 1;
const ends = { from: 'gateway', to: 'payments' };

const opening = circuitBreaker.schema.parse({
  ...ends,
  during: PAYMENTS_DOWN,
  opensWithin: '4s',
  leaksMax: 1,
  openFor: { min: '1s', max: '2s' },
  halfOpenTrials: { max: 3 },
  closesAfterHealWithin: '5s',
});
const opossum = { trip: 'timeWindow', waitMs: () => 1_500, permits: 1 } as const;

const ejecting = outlierEjection.schema.parse({
  from: 'gateway',
  to: 'inventory',
  during: HOST_GOES_GRAY,
  expect: [BAD_HOST],
  detectWithin: '6s',
  returnsWithin: '15s',
});
const threeInARow = { pick: 'roundRobin', errorsInARow: 3, baseMs: 3_000 } as const;

const levels = [10, 75, 100];
const noticing = detectionCurve.schema.parse({
  ...ends,
  during: STEPS(levels),
  defence: 'breaker',
  noticesFrom: 75,
  within: '4s',
  sparesUpTo: 10,
});

const again = retry.schema.parse({
  ...ends,
  during: CALLER_FAULT,
  maxAttempts: 3,
  amplification: { max: 2.2 },
  backoff: { min: '20ms' },
  backoffJitter: { min: 0.1 },
  minRetried: 90,
});
const caller = {
  seed,
  policy: { attemptsMax: 3, waitMs: (n: number, draw: () => number) => 30 * 2 ** (n - 2) * (0.7 + 0.6 * draw()) },
  harm: 'unavailable',
  harmRatio: 0.5,
  method: 'GET',
  ratePerSecond: 40,
} as const;

const twice = duplicates.schema.parse({ at: 'payments', during: CALLER_FAULT });
const inDoubt = { seed, policy: { attemptsMax: 3, waitMs: () => 20 }, harm: 'answerLost' } as const;

const waiting = timeout.schema.parse({ ...ends, during: HANG, perAttempt: '500ms', cancels: true, atLeast: '450ms', inversionsMax: 0 });
const patience = { timeoutMs: 500, kind: 'total', cancels: true } as const;

const asking = hedging.schema.parse({
  from: 'gateway',
  to: 'inventory',
  during: SLOW_HOST,
  delay: { min: '40ms', max: '60ms' },
  amplification: { max: 1.4 },
});
const hedges = { kind: 'hedges', delayMs: 50, cancels: true } as const;

const standing = fallback.schema.parse({ ...ends, during: AWAY, status: [202], min: 99, within: '100ms', errorLeaksMax: 0 });
const standIn = { ratio: 1, status: 202, tookMs: 20, otherwise: 'own' } as const;

const ofOneMind = agreement.schema.parse({
  from: 'gateway',
  to: 'inventory',
  except: [LIAR],
  about: { header: 'x-round' },
  says: { header: 'x-decision' },
  during: LIES,
});
const takingOver = failover.schema.parse({ to: 'gateway', during: LEADER_LOST, within: '3s', maxUnavailable: '2.5s' });
const refusing = fencing.schema.parse({ at: 'payments', token: { header: 'X-Epoch' }, overlap: 'none' });
const agreeing = differential.schema.parse({ from: 'gateway', to: 'inventory', during: GRAY_STEP, maxDisagreement: '2s' });
const apart = bulkhead.schema.parse({ to: 'gateway', route: 'stock', during: SERVICE_FAULT, margin: 2, p95RatioMax: 1.5 });
const holding = backpressure.schema.parse({ to: 'gateway', below: 'payments', during: STALL, heldMax: 100, within: '3s' });
const ending = metastability.schema.parse({ after: TRIGGER, to: 'gateway', within: '12s' });
const leading = leadership.schema.parse({ at: 'inventory', term: { header: 'x-term' } });
const deciding = majority.schema.parse({ at: 'inventory', during: CUT_OFF, within: '2500ms' });
const shedding = loadShedding.schema.parse({ to: 'gateway', during: OVERLOAD, slo: '500ms', goodputKept: 85, rejectsWithin: '50ms' });
const linearizable = history.schema.parse({
  from: 'gateway',
  to: 'inventory',
  holds: { register: {} },
  operations: [
    { f: 'write', method: 'PUT', path: '/registers/{key}', asks: { header: 'x-value' } },
    { f: 'read', method: 'GET', path: '/registers/{key}', told: { answerHeader: 'x-value' } },
  ],
});
const scope = { to: 'gateway', during: SERVICE_FAULT };
const few = errorRatio.schema.parse({ ...scope, max: 5 });
const quick = latency.schema.parse({ ...scope, metric: 'p95', max: '40ms' });
const enough = throughput.schema.parse({ ...scope, min: '80/s' });
const kept = slo.schema.parse({ ...scope, objective: 95, within: '100ms' });
const back = recovery.schema.parse({ after: 'cut', to: 'gateway', metric: 'successRate', value: 99, within: '8s' });

const idle: ServiceCycle = { seed, isIdle: true, ratePerSecond: 20 };

/** Of a load of 100 requests a second, of which all fail from second 9 on, the second in which the fault begins. */
function badFor(badMs: number, seenMs = 26_000): Judgement {
  const exchanges = times({ fromMs: 0, toMs: seenMs, everyMs: 10 }).map((startMs) => {
    const isBad = startMs >= 9_000 && startMs < 9_000 + badMs;
    return { from: 'load', to: 'gateway-1', route: 'stock', startMs, ...(isBad && { status: 504, endMs: startMs + 400 }) };
  });
  return recovery.evaluate(
    back,
    recordOf({ exchanges, faults: [{ step: 'cut', fromMs: 9_000, toMs: 12_000, instances: ['inventory-5'] }] }),
  );
}

function probed({ before, atTheEnd }: { before: boolean; atTheEnd?: boolean }): Judgement {
  const probe = { name: 'shop-is-fast', type: 'wire', mode: 'edge', expectation: 'p99 <= 500ms' } as const;
  const probeResults = [
    { probe: probe.name, phase: 'baseline', met: before } as const,
    ...(atTheEnd === undefined ? [] : [{ probe: probe.name, phase: 'settle', met: atTheEnd } as const]),
  ];
  // Not well before, so the method was never begun: the journal of such a run has no more than its baseline.
  return steadyState.evaluate({}, recordOf({ exchanges: [], probes: [probe], probeResults, ...(atTheEnd === undefined && { cutAt: 4 }) }));
}

const noticed = failureDetector.schema.parse({
  from: 'gateway',
  to: 'inventory',
  using: { fixedTimeout: { timeout: '1s' } },
  during: STILL_STEP,
  within: '2s',
});

function felt(matched: number): Judgement {
  const fault = { step: 'gray', fromMs: 9_000, toMs: 12_000, instances: ['inventory-3'], matched, applied: Math.floor(0.4 * matched) };
  return faultWasFelt.evaluate({ step: 'gray', minMatched: 10 }, recordOf({ exchanges: [], faults: [fault] }));
}

/** Check → one that is kept, one that is broken, and one that cannot be judged; some cannot be broken. */
export const SAMPLE_FINDINGS: Readonly<Record<string, () => readonly Judgement[]>> = {
  agreement: () =>
    [{ liarLies: true }, { splitRatio: 0.3 }, { isUnfelt: true }].map((scene) =>
      agreement.evaluate(ofOneMind, voicesCycle({ seed, ...scene }).record),
    ),
  backpressure: () => {
    const holds = { heldMax: Number.POSITIVE_INFINITY, holdsMs: Number.POSITIVE_INFINITY };
    const scenes = [{ policy: { heldMax: 50, holdsMs: 1_000 } }, { policy: holds }, { policy: holds, isUnfelt: true }];
    return scenes.map((scene) => backpressure.evaluate(holding, holderCycle({ seed, ...scene })));
  },
  bulkhead: () =>
    [{ seed }, { seed, conduct: { errorRatio: 0.2 } }, { seed, ratePerSecond: 4 }].map((cycle) =>
      bulkhead.evaluate(apart, serviceCycle(cycle)),
    ),
  circuitBreaker: () => [
    circuitBreaker.evaluate(opening, breaker(opossum, { seed }).record),
    circuitBreaker.evaluate(opening, breaker({ ...opossum, trip: 'never' }, { seed }).record),
    circuitBreaker.evaluate(opening, breaker(opossum, { seed, isIdle: true }).record),
  ],
  detectionCurve: () => [
    detectionCurve.evaluate(noticing, breakerSweep(opossum, { seed, percentages: levels })),
    detectionCurve.evaluate(noticing, breakerSweep({ ...opossum, trip: 'never' }, { seed, percentages: levels })),
    detectionCurve.evaluate(noticing, breakerSweep(opossum, { seed, percentages: levels, isUnfelt: true })),
  ],
  differential: () =>
    ([{ checks: 'deep' }, { checks: 'shallow' }, { checks: 'none' }] as const).map((cycle) =>
      differential.evaluate(agreeing, observerCycle({ seed, ...cycle })),
    ),
  duplicates: () =>
    [{ ...inDoubt, policy: { attemptsMax: 1 } }, inDoubt, { ...inDoubt, isUnfelt: true }].map((scene) =>
      duplicates.evaluate(twice, callerCycle(scene).record),
    ),
  errorRatio: () =>
    [{ seed, conduct: { errorRatio: 0.02 } }, { seed, conduct: { errorRatio: 0.2 } }, idle].map((cycle) =>
      errorRatio.evaluate(few, serviceCycle(cycle)),
    ),
  failureDetector: () => {
    const scenes = [{}, { silent: 'inventory-1' }, { forMs: 500 }];
    return scenes.map((scene) => failureDetector.evaluate(noticed, heardCycle(scene)));
  },
  failover: () =>
    [
      { seed, tookOverMs: 1_500 },
      { seed, tookOverMs: 1e9 },
      { seed, tookOverMs: 0, isIdle: true },
    ].map((cycle) => failover.evaluate(takingOver, failoverCycle(cycle))),
  fallback: () =>
    [{ policy: standIn }, { policy: { ...standIn, ratio: 0.5, otherwise: 'leak' as const } }, { policy: standIn, isUnfelt: true }].map(
      (scene) => fallback.evaluate(standing, standInCycle({ seed, ...scene })),
    ),
  faultWasFelt: () => [felt(91), felt(3)],
  fencing: () =>
    ([{ fence: 'strict' }, { fence: 'none' }, { fence: 'none', held: 0 }] as const).map((cycle) =>
      fencing.evaluate(refusing, storeCycle({ seed, ...cycle })),
    ),
  hedging: () =>
    [{ policy: hedges }, { policy: { ...hedges, ratio: 0.5 } }, { policy: hedges, isUnfelt: true }].map((scene) =>
      hedging.evaluate(asking, hedgerCycle({ seed, ...scene })),
    ),
  history: () =>
    ([{ replicas: 'one' }, { replicas: 'skewed' }, { replicas: 'one', isUnfelt: true }] as const).map((scene) =>
      history.evaluate(linearizable, registersCycle({ seed, ...scene })),
    ),
  latency: () =>
    [{ seed, conduct: { medianMs: 15 } }, { seed, conduct: { medianMs: 40 } }, idle].map((cycle) =>
      latency.evaluate(quick, serviceCycle(cycle)),
    ),
  leadership: () => (['refuses', 'acts', 'stays'] as const).map((conduct) => leadership.evaluate(leading, membersCycle({ seed, conduct }))),
  loadShedding: () =>
    [{ policy: { queueMax: 20 } }, { policy: { queueMax: Number.POSITIVE_INFINITY } }, { policy: { queueMax: 20 }, isUnfelt: true }].map(
      (scene) => loadShedding.evaluate(shedding, serverCycle({ seed, ...scene })),
    ),
  majority: () =>
    [{ conduct: 'refuses' as const }, { conduct: 'acts' as const }, { conduct: 'refuses' as const, isIdle: true }].map((cycle) =>
      majority.evaluate(deciding, membersCycle({ seed, ...cycle })),
    ),
  metastability: () =>
    [{ policy: { attemptsMax: 1 } }, { policy: { attemptsMax: 4 } }, { policy: { attemptsMax: 1 }, isUnfelt: true }].map((scene) =>
      metastability.evaluate(ending, spiralCycle({ seed, ...scene })),
    ),
  outlierEjection: () => [
    outlierEjection.evaluate(ejecting, ejector(threeInARow, { seed, badRatio: 0.8 }).record),
    outlierEjection.evaluate(ejecting, ejector({ ...threeInARow, errorsInARow: Number.POSITIVE_INFINITY }, { seed }).record),
    outlierEjection.evaluate(ejecting, ejector(threeInARow, { seed, isUnfelt: true }).record),
  ],
  recovery: () => [badFor(5_000), badFor(15_000), badFor(5_000, 13_000)],
  retry: () =>
    [caller, { ...caller, policy: { ...caller.policy, attemptsMax: 5 } }, { ...caller, isUnfelt: true }].map((scene) =>
      retry.evaluate(again, callerCycle(scene).record),
    ),
  slo: () =>
    [{ seed, conduct: { errorRatio: 0.02 } }, { seed, conduct: { medianMs: 80 } }, idle].map((cycle) =>
      slo.evaluate(kept, serviceCycle(cycle)),
    ),
  steadyState: () => [probed({ before: true, atTheEnd: true }), probed({ before: true, atTheEnd: false }), probed({ before: false })],
  throughput: () =>
    [
      { seed, conduct: { errorRatio: 0.1 } },
      { seed, conduct: { errorRatio: 0.4 } },
      { seed, ratePerSecond: 50 },
    ].map((cycle) => throughput.evaluate(enough, serviceCycle(cycle))),
  timeout: () =>
    [{ policy: patience }, { policy: { ...patience, timeoutMs: 900 } }, { policy: patience, isUnfelt: true }].map((scene) =>
      timeout.evaluate(waiting, waiterCycle({ seed, ...scene })),
    ),
};
