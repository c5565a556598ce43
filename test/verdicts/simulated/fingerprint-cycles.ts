/**
 * Whether a balancer is known by how it ejects: it plays with the settings that it is shipped with, while one instance fails all that it gets. What a
 * reader gets wrong: settings of the other cycles are made for speed, and nobody could know a product by those.
 */
import { drawStream, keyedDraw } from '../../../src/core/random.js';
import type { Window } from '../../../src/journal/record.js';
import { type Ejection, ejectionHistories, type InstanceHistory, silencesOf } from '../../../src/verify/inference/ejection.js';
import { fingerprintOf } from '../../../src/verify/inference/ejection-fingerprint.js';
import { dataExchanges } from '../../../src/verify/inference/traffic.js';
import { INVENTORY, recordOf } from '../../support/histories.js';
import { NOISY } from '../../support/simulated-traffic.js';
import type { Recognition } from '../product.js';
import { Balancer, type BalancerModel } from './balancer.js';
import { play } from './world.js';

/** A product with its own settings. */
export interface Shipped {
  model: Omit<BalancerModel, 'pick'>;
  /** Long enough for four times out. */
  faultMs: number;
  ratePerSecond?: number;
  /** Share of requests that fail without a fault, where a hundredth would keep it from serving anybody. */
  errorRatio?: number;
  /** Its name, and behind it those of others that eject just like it. */
  names: readonly [string, ...string[]];
}

/** One failure, and then nothing for a time that never changes: several products do so as they are shipped, and nothing tells them apart. */
export function shippedWithOneFailure(names: Shipped['names'], { successClears }: { successClears: boolean }): Shipped {
  return {
    names,
    model: {
      signs: { kind: 'withinTime', errors: 1, windowMs: 10_000, successClears },
      outMs: () => 10_000,
      returnsAt: 'time',
      returnsBy: 'full',
      outAtOnceMax: 5,
    },
    faultMs: 50_000,
    errorRatio: 0.001,
  };
}

const BAD = 'inventory-3';
const BASELINE_MS = 12_000;

/** Names of all products that it looks like. */
export function toldFrom(
  { model, faultMs, ratePerSecond = 60, errorRatio = NOISY.errorRatio }: Omit<Shipped, 'names'>,
  seed: number,
): readonly string[] {
  const draw = drawStream(keyedDraw({ seed, faultId: 'fingerprint' }), 'draw');
  const fromMs = BASELINE_MS + ((seed * 373) % 9_973);
  const fault = { fromMs, toMs: fromMs + faultMs };
  const pick = seed % 2 === 0 ? 'roundRobin' : 'random';
  const defence = new Balancer({ ...model, pick }, { instances: INVENTORY, draw });
  const isHit = (to: string, atMs: number): boolean => to === BAD && atMs >= fault.fromMs && atMs < fault.toMs;
  const exchanges = play({
    seed,
    ratePerSecond,
    toMs: fault.toMs + 5_000,
    route: 'stock',
    noise: { ...NOISY, errorRatio },
    cacheRatio: 0.03,
    callers: [{ name: 'gateway-1', defence }],
    harm: (to, atMs, from) => (isHit(to, atMs) ? { tookMs: seed % 3 === 0 ? 40 + 20 * from() : 1 + 2 * from() } : undefined),
  });
  const record = recordOf({ exchanges, baseline: [0, BASELINE_MS], faults: [{ step: 'fault', ...fault, instances: [BAD] }] });
  const requests = dataExchanges(record, { from: ['gateway-1'], to: INVENTORY });
  const histories = ejectionHistories({ requests, instances: INVENTORY, baseline: { fromMs: 0, toMs: BASELINE_MS } });
  return productsDuring(
    histories.find(({ instance }) => instance === BAD),
    fault,
  );
}

/** By the times that an instance was out, and back, while a fault was on. */
export function productsDuring(history: InstanceHistory | undefined, fault: Window): readonly string[] {
  if (history === undefined) return [];
  const isWhole = ({ started, ended }: Ejection): boolean => started[0] >= fault.fromMs && (ended?.[1] ?? Infinity) < fault.toMs;
  return fingerprintOf(silencesOf(history).filter(isWhole), { requests: history.requests, window: fault }).products;
}

/** None told, or others beside those that are just like it, is unsure; a name that is not its own is wrong. */
export function recognize(told: readonly string[], [name, ...alike]: Shipped['names']): Recognition {
  if (told.length === 0) return 'unsure';
  if (!told.includes(name)) return 'wrong';
  return told.every((one) => one === name || alike.includes(one)) ? 'right' : 'unsure';
}
