/**
 * Cycles of a simulated balancer: one of five instances fails most of its requests and gets well again; two callers balance over them, the second
 * by another product. The check judges both.
 */
import { drawStream, keyedDraw } from '../../../src/core/random.js';
import type { RunRecord } from '../../../src/journal/record.js';
import type { Verdict } from '../../../src/verify/check.js';
import { outlierEjection } from '../../../src/verify/checks/outlier-ejection.js';
import { type Ejection, ejectionHistories } from '../../../src/verify/inference/ejection.js';
import { dataExchanges } from '../../../src/verify/inference/traffic.js';
import { INVENTORY, recordOf } from '../../support/histories.js';
import { NOISY } from '../../support/simulated-traffic.js';
import type { Cell, CycleOutcome, SimulatedProduct } from '../product.js';
import { Balancer, type BalancerFlaws, type BalancerModel, type OutTime } from './balancer.js';
import { recognize, type Shipped, toldFrom } from './fingerprint-cycles.js';
import { play } from './world.js';

export interface BalancerProduct {
  name: string;
  summary: string;
  model: BalancerModel;
  detectWithinMs: number;
  returnsWithinMs: number;
  /** With its own settings, by which it is to be known. */
  shipped: Shipped;
}

/** What is judged by. Another one can be put in its place, to see whether the suite finds it wrong. */
export interface EjectionEstimator {
  verdict(record: RunRecord, limits: { detectWithin: string; returnsWithin: string }): { verdict: Verdict; summary: string };
  /** Of the bad instance, as this caller sees it. */
  ejections(record: RunRecord, caller: string): readonly Ejection[];
  /** Which products it may be. */
  products(shipped: Shipped, seed: number): readonly string[];
}

const STEP = 'fault';
const CALLERS = ['gateway-1', 'gateway-2'] as const;
const BAD = 'inventory-3';
const PER_CALLER = 100;
const PER_INSTANCE_MS = (1_000 / PER_CALLER) * INVENTORY.length;
const BASELINE_MS = 8_000;

const OTHER: BalancerModel = {
  pick: 'roundRobin',
  signs: { kind: 'consecutive', errors: 5 },
  outMs: () => 1_500,
  returnsAt: 'time',
  returnsBy: 'full',
  outAtOnceMax: 2,
};

const FLAWS: readonly ((product: BalancerProduct) => BalancerFlaws)[] = [
  () => ({ neverEjects: true }),
  ({ detectWithinMs }) => ({ lateMs: detectWithinMs + 1_000 }),
  () => ({ wrongOne: true }),
  () => ({ neighbourToo: true }),
  () => ({ neverReturns: true }),
];

export const OURS: EjectionEstimator = {
  verdict: (record, limits) => {
    const params = outlierEjection.schema.parse({ from: 'gateway', to: 'inventory', during: STEP, ...limits });
    return outlierEjection.evaluate(params, record);
  },
  ejections: (record, caller) => {
    const requests = dataExchanges(record, { from: [caller], to: INVENTORY });
    const histories = ejectionHistories({ requests, instances: INVENTORY, baseline: { fromMs: 0, toMs: BASELINE_MS } });
    return histories.find(({ instance }) => instance === BAD)?.ejections ?? [];
  },
  products: toldFrom,
};

export function simulatedBalancer(product: BalancerProduct, estimator: EjectionEstimator = OURS): SimulatedProduct {
  return {
    name: product.name,
    summary: product.summary,
    kind: 'ejection',
    errorsMax: { 'time to eject': PER_INSTANCE_MS + 10 },
    cycle: (cell, seed) => cycleOf(product, { cell, seed, estimator }),
  };
}

interface Given {
  cell: Cell;
  seed: number;
  estimator: EjectionEstimator;
}

function cycleOf(product: BalancerProduct, { cell, seed, estimator }: Given): CycleOutcome {
  const draw = drawStream(keyedDraw({ seed, faultId: product.name }), 'draw');
  const { detectWithinMs, returnsWithinMs } = product;
  const fromMs = BASELINE_MS + ((seed * 37) % 997);
  const fault = { fromMs, toMs: fromMs + detectWithinMs + 8_000 };
  const flaw = cell === 'bad' ? (FLAWS[seed % FLAWS.length]?.(product) ?? {}) : {};
  const isUnfelt = cell === 'idle' && seed % 2 === 0;
  const isUnasked = cell === 'idle' && !isUnfelt;
  const badRatio = [0.9, 0.95, 1][seed % 3] ?? 1;
  const balancers = [product.model, OTHER].map(
    (model, i) => new Balancer(model, { instances: INVENTORY, draw, flaws: i === 0 ? flaw : {} }),
  );
  const exchanges = play({
    seed,
    ratePerSecond: PER_CALLER * CALLERS.length,
    toMs: fault.toMs + returnsWithinMs + 2_000,
    route: 'stock',
    noise: NOISY,
    cacheRatio: 0.03,
    callers: CALLERS.flatMap((name, i) => {
      const defence = balancers[i];
      const persistence = { attemptsMax: 2, place: 'outside' as const, waitMs: (from: () => number) => 5 + 10 * from() };
      return defence === undefined ? [] : [{ name, defence, ...(seed % 2 === 0 && { persistence }) }];
    }),
    harm: (to, atMs, from) => {
      const isOn = !isUnfelt && to === BAD && atMs >= fault.fromMs && atMs < fault.toMs && from() < badRatio;
      return isOn ? { tookMs: seed % 4 < 2 ? 1 + 2 * from() : 100 + 100 * from() } : undefined;
    },
    ...(isUnasked && { idle: [fault.fromMs - 100, fault.toMs + 100] as const }),
  });
  const felt = cell === 'idle' ? 0 : 100;
  const faults = [{ step: STEP, ...fault, instances: [BAD], matched: felt, applied: felt }];
  const record = recordOf({ exchanges, faults, gateways: CALLERS });
  const limits = { detectWithin: `${detectWithinMs}ms`, returnsWithin: `${returnsWithinMs}ms` };
  const { verdict, summary } = estimator.verdict(record, limits);
  const kept = balancers.every(({ truth }) => isKept(truth, { fault, product }));
  const isAmbiguous = balancers.some(({ truth }) => isEjectedAsItBegan(truth, fault.fromMs));
  return {
    cell,
    verdict,
    summary: `seed ${seed}: ${summary}`,
    isUnlucky: cell === 'good' ? !kept || isAmbiguous : cell === 'bad' && kept,
    ...(cell === 'good' ? compare(estimator.ejections(record, CALLERS[0]), balancers[0]?.truth ?? []) : NOTHING),
    // Every other time: it takes as long as the rest.
    ...(cell === 'good' && seed % 2 === 0 && { fingerprint: recognize(estimator.products(product.shipped, seed), product.shipped.names) }),
  };
}

interface Scene {
  fault: { fromMs: number; toMs: number };
  product: BalancerProduct;
}

/** By its own log: the bad one in when it began, out in time and back in time, and no other taken out while the check looks. */
function isKept(truth: readonly OutTime[], { fault, product }: Scene): boolean {
  if (truth.some(({ instance, fromMs, toMs }) => instance === BAD && fromMs < fault.fromMs && toMs > fault.fromMs)) return false;
  const during = truth.filter(({ fromMs }) => fromMs >= fault.fromMs && fromMs < fault.toMs + product.returnsWithinMs);
  const bad = during.filter(({ instance }) => instance === BAD);
  const first = bad[0]?.fromMs ?? Number.POSITIVE_INFINITY;
  const isInTime = first - fault.fromMs < product.detectWithinMs - 2 * PER_INSTANCE_MS;
  const isBack = bad.every(({ toMs }) => toMs - fault.toMs < product.returnsWithinMs - 4 * PER_INSTANCE_MS);
  return isInTime && isBack && bad.length === during.length;
}

/** Whether another instance was taken out so shortly before the fault that its last request cannot tell before from after. */
function isEjectedAsItBegan(truth: readonly OutTime[], beganMs: number): boolean {
  return truth.some(({ instance, fromMs }) => instance !== BAD && fromMs < beganMs && beganMs - fromMs < 4 * PER_INSTANCE_MS);
}

const NOTHING = { errors: {}, exact: {} };

function compare(seen: readonly Ejection[], truth: readonly OutTime[]): Pick<CycleOutcome, 'errors' | 'exact'> {
  const bad = truth.filter(({ instance }) => instance === BAD);
  const matched = bad.flatMap((out) => {
    // That it lies between the two is sure to 95 %.
    const ejection = seen.find(({ started }) => started[0] - PER_INSTANCE_MS <= out.fromMs && out.fromMs <= started[1] + PER_INSTANCE_MS);
    return ejection === undefined ? [] : [{ out, ejection }];
  });
  const firstOut = bad[0];
  return {
    errors: {
      'time to eject': matched.slice(0, 1).map(({ out, ejection }) => Math.abs(ejection.started[0] - out.fromMs)),
      'time out': matched.flatMap(({ out, ejection: { started, ended } }) =>
        ended === undefined || !Number.isFinite(out.toMs) ? [] : [Math.abs(ended[1] - started[0] - (out.toMs - out.fromMs))],
      ),
    },
    exact: firstOut === undefined ? {} : { 'first ejection found': [matched[0]?.out === firstOut] },
  };
}
