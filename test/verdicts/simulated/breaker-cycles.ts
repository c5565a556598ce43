/**
 * Cycles of a simulated breaker: payments fail and come back, two callers with different breakers need them, and the noise changes from seed to
 * seed. Of the two only the first is the product; the second is always good, so that a bad one must not hide behind it.
 */
import { drawStream, keyedDraw } from '../../../src/core/random.js';
import type { RunRecord } from '../../../src/journal/record.js';
import type { Verdict } from '../../../src/verify/check.js';
import { circuitBreaker } from '../../../src/verify/checks/circuit-breaker.js';
import { breakerEpisodes, type Episode } from '../../../src/verify/inference/breaker.js';
import { demandFor } from '../../../src/verify/inference/demand.js';
import { recordOf } from '../../support/histories.js';
import { NOISY } from '../../support/simulated-traffic.js';
import type { Cell, CycleOutcome, SimulatedProduct } from '../product.js';
import { Breaker, type BreakerFlaws, type BreakerModel, type BreakerTruth } from './breaker.js';
import { type Persistence, play } from './world.js';

export interface BreakerProduct {
  name: string;
  summary: string;
  model: BreakerModel;
  /** The longest it may take by its own law, from the first faulted request on, and some more. */
  opensWithinMs: number;
  /** Longest time open, and some more. */
  closesWithinMs: number;
  /** Requests at a time while half-open; a ramp has no such figure. */
  trialsMax?: number;
}

/** What is judged by. Another one can be put in its place, to see whether the suite finds it wrong. */
export interface BreakerEstimator {
  verdict(record: RunRecord, limits: BreakerLimits): { verdict: Verdict; summary: string };
  episodes(record: RunRecord, caller: string): readonly Episode[];
}

export interface BreakerLimits {
  opensWithin: string;
  closesAfterHealWithin: string;
  leaksMax?: number;
  halfOpenTrials?: { max: number };
}

const STEP = 'fault';
const PER_CALLER = 50;
const EVERY_MS = 1_000 / PER_CALLER;
const BASELINE_MS = 8_000;
const CALLERS = ['gateway-1', 'gateway-2'] as const;

/** The neighbour's breaker: five in a row, half a second. */
const OTHER: BreakerModel = {
  trip: { kind: 'consecutive', failures: 5 },
  evaluation: 'failure',
  openMs: () => 500,
  toHalfOpen: 'nextCall',
  halfOpen: { kind: 'permits', permits: 1, excess: 'reject', closesAfter: 'firstSuccess' },
  staleResults: 'ignored',
  countOnClose: 'reset',
};

export const OURS: BreakerEstimator = {
  verdict: (record, limits) => {
    const params = circuitBreaker.schema.parse({ from: 'gateway', to: 'payments', during: STEP, ...limits });
    return circuitBreaker.evaluate(params, record);
  },
  episodes: (record, instance) => {
    const baseline = { fromMs: 0, toMs: BASELINE_MS };
    const view = demandFor(record, { caller: { service: 'gateway', instance }, callee: 'payments', baseline });
    return view.kind === 'joined' ? breakerEpisodes(view.requests, view.reach) : [];
  },
};

export function simulatedBreaker(product: BreakerProduct, estimator: BreakerEstimator = OURS): SimulatedProduct {
  return {
    name: product.name,
    summary: product.summary,
    kind: 'breaker',
    // From when on a ramp counts as closed is a matter of taste.
    errorsMax: { 'time to open': EVERY_MS + 10, ...(product.trialsMax !== undefined && { 'time to close': EVERY_MS + 10 }) },
    cycle: (cell, seed) => cycleOf(product, { cell, seed, estimator }),
  };
}

function flawsOf({ opensWithinMs, trialsMax }: BreakerProduct): readonly BreakerFlaws[] {
  return [
    { neverTrips: true },
    { lateMs: opensWithinMs + 1_000 },
    { neverCloses: true },
    ...(trialsMax === undefined ? [] : [{ leakRatio: 0.05 }, { permits: 3 * trialsMax + 2 }]),
  ];
}

/** What else happens this time. */
function surroundings(seed: number): { persistence?: Persistence; tookMs: (draw: () => number) => number } {
  const waitMs = (draw: () => number): number => 5 + 10 * draw();
  const places = ['outside', 'inside', undefined] as const;
  const place = places[seed % places.length];
  return {
    ...(place !== undefined && { persistence: { attemptsMax: 2, place, waitMs } }),
    tookMs: (draw) => (seed % 2 === 0 ? 1 + 2 * draw() : 150 + 50 * draw()),
  };
}

interface Given {
  cell: Cell;
  seed: number;
  estimator: BreakerEstimator;
}

function cycleOf(product: BreakerProduct, { cell, seed, estimator }: Given): CycleOutcome {
  const draw = drawStream(keyedDraw({ seed, faultId: product.name }), 'draw');
  const { opensWithinMs, closesWithinMs, trialsMax } = product;
  const fromMs = BASELINE_MS + ((seed * 37) % 997);
  const fault = { fromMs, toMs: fromMs + 2 * opensWithinMs + Math.min(20_000, 2 * closesWithinMs) };
  const flaws = flawsOf(product);
  const flaw = cell === 'bad' ? (flaws[seed % flaws.length] ?? {}) : {};
  const isUnfelt = cell === 'idle' && seed % 2 === 0;
  const isUnasked = cell === 'idle' && !isUnfelt;
  const around = surroundings(seed);
  // More trials than allowed show only while the first is under way.
  const tookMs = flaw.permits === undefined ? around.tookMs : (): number => 100 + EVERY_MS * (flaw.permits ?? 0);
  const breakers = [product.model, OTHER].map((model, i) => new Breaker(model, { to: 'payments-1', draw, flaws: i === 0 ? flaw : {} }));
  const exchanges = play({
    seed,
    ratePerSecond: PER_CALLER * CALLERS.length,
    toMs: fault.toMs + closesWithinMs + 3_000,
    route: 'pay',
    noise: NOISY,
    cacheRatio: 0.03,
    callers: CALLERS.flatMap((name, i) => {
      const defence = breakers[i];
      const { persistence } = around;
      return defence === undefined ? [] : [{ name, defence, ...(persistence && { persistence }) }];
    }),
    harm: (_to, atMs, from) => (!isUnfelt && atMs >= fault.fromMs && atMs < fault.toMs ? { tookMs: tookMs(from) } : undefined),
    ...(isUnasked && { idle: [fault.fromMs - 100, fault.toMs + 100] as const }),
  });
  const felt = cell === 'idle' ? 0 : 100;
  const faults = [{ step: STEP, ...fault, instances: ['payments-1'], matched: felt, applied: felt }];
  const record = recordOf({ exchanges, faults, gateways: CALLERS });
  const limits: BreakerLimits = {
    opensWithin: `${opensWithinMs}ms`,
    closesAfterHealWithin: `${closesWithinMs}ms`,
    ...(trialsMax !== undefined && { leaksMax: 1, halfOpenTrials: { max: trialsMax } }),
  };
  const { verdict, summary } = estimator.verdict(record, limits);
  const kept = breakers.every(({ truth }) => isKept(truth, { fault, product }));
  const truth = breakers[0]?.truth;
  const estimates = cell === 'good' && truth ? compare(estimator.episodes(record, CALLERS[0]), { truth, fault, product }) : NOTHING;
  const isUnlucky = cell === 'good' ? !kept : cell === 'bad' && isBadInVain(flaw, truth, trialsMax);
  return { cell, verdict, summary: `seed ${seed}: ${summary}`, isUnlucky, ...estimates };
}

const NOTHING = { errors: {}, exact: {} };

interface Scene {
  fault: { fromMs: number; toMs: number };
  product: BreakerProduct;
}

/** By its own log, in time and with some room for the resolution of the wire. */
function isKept({ openedMs, closedMs }: BreakerTruth, { fault, product }: Scene): boolean {
  const [first = Number.POSITIVE_INFINITY] = openedMs;
  const last = closedMs.at(-1) ?? Number.POSITIVE_INFINITY;
  const isEarly = first < fault.fromMs;
  return !isEarly && first - fault.fromMs < product.opensWithinMs - 3 * EVERY_MS && last - fault.toMs < product.closesWithinMs - 200;
}

/** It had the flaw, but never the occasion to show it. */
function isBadInVain({ permits, leakRatio }: BreakerFlaws, truth: BreakerTruth | undefined, trialsMax = 0): boolean {
  if (truth === undefined) return true;
  if (permits !== undefined) return !truth.phases.some((phase) => phase.requests.size > trialsMax);
  return leakRatio !== undefined && truth.openedMs.length === 0;
}

function compare(
  episodes: readonly Episode[],
  { truth, fault, product }: Scene & { truth: BreakerTruth },
): Pick<CycleOutcome, 'errors' | 'exact'> {
  const opened = truth.openedMs.find((atMs) => atMs >= fault.fromMs);
  const episode = episodes.find((e) => e.opened[1] >= fault.fromMs);
  const last = episodes.at(-1);
  if (opened === undefined || episode === undefined) return NOTHING;
  const isSimple = product.model.halfOpen.kind === 'permits' && product.model.halfOpen.closesAfter === 'firstSuccess';
  const closed = isSimple || truth.closedMs.length === 0 ? truth.closedMs.at(-1) : truth.servesAllSinceMs;
  // How many trials it took to close is hidden where the successful ones run on into the closed state.
  const phases = truth.phases.filter((phase) => isSimple || !phase.closed);
  const told = episodes.flatMap((e) => (isSimple || e.closed === undefined ? e.trials : e.trials.slice(0, -1)));
  const waits = episode.waitsMs.flatMap((waitMs, i) => {
    const trueMs = truth.phases[i]?.waitMs;
    return trueMs === undefined ? [] : [Math.abs(waitMs - trueMs)];
  });
  return {
    errors: {
      'time to open': [Math.abs(episode.opened[1] - opened)],
      ...(closed !== undefined && last?.closed !== undefined && { 'time to close': [Math.abs(last.closed[1] - closed)] }),
      ...(product.trialsMax !== undefined && { 'open duration': waits }),
    },
    exact:
      product.trialsMax === undefined
        ? {}
        : { trials: [told.map((trial) => trial.passes.length).join() === phases.map((phase) => phase.requests.size).join()] },
  };
}
