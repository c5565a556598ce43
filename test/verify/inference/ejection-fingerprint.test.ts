/** Whether a product is known by how it ejects, as it is shipped, and whether those that look alike are told as such. In virtual time, under noise. */
import { describe, expect, it } from 'vitest';
import { drawStream, keyedDraw } from '../../../src/core/random.js';
import { ejectionHistories } from '../../../src/verify/inference/ejection.js';
import { fingerprintOf } from '../../../src/verify/inference/ejection-fingerprint.js';
import { dataExchanges, within } from '../../../src/verify/inference/traffic.js';
import { rangeOfPause } from '../../../src/verify/presets/pause.js';
import { INVENTORY, recordOf } from '../../support/histories.js';
import { seeds } from '../../support/simulated-cycles.js';
import { NOISY } from '../../support/simulated-traffic.js';
import { Balancer, type BalancerModel } from '../../verdicts/simulated/balancer.js';
import { play } from '../../verdicts/simulated/world.js';

const BAD = 'inventory-3';
const BASELINE_MS = 12_000;

interface Shipped {
  model: Omit<BalancerModel, 'pick' | 'outAtOnceMax'>;
  /** Long enough for four times out. */
  faultMs: number;
  ratePerSecond?: number;
}

const finagle = { kind: 'equalJitter', firstMs: 5_000, maxMs: 300_000 } as const;
const between = ([low, high]: readonly [number, number], draw: () => number): number => low + (high - low) * draw();

const ENVOY_OUT = { outMs: (time: number) => 30_000 * (time + 1), returnsAt: { tickMs: 10_000 }, returnsBy: 'full' } as const;
const KNOWN: Record<string, Shipped> = {
  'Envoy by failures in a row': { model: { signs: { kind: 'consecutive', errors: 5 }, ...ENVOY_OUT }, faultMs: 230_000, ratePerSecond: 30 },
  'Envoy or gRPC by rates': {
    model: { signs: { kind: 'successRate', everyMs: 10_000, requestsMin: 25, deviations: 1.9 }, ...ENVOY_OUT },
    faultMs: 280_000,
    ratePerSecond: 30,
  },
  HAProxy: {
    model: { signs: { kind: 'consecutive', errors: 10 }, outMs: () => 2_000, returnsAt: { tickMs: 2_000 }, returnsBy: 'full' },
    faultMs: 25_000,
    ratePerSecond: 150,
  },
  nginx: {
    model: {
      signs: { kind: 'gap', errors: 3, gapMs: 10_000 },
      outMs: (_, draw) => 10_000 + 1_000 * draw(),
      returnsAt: 'time',
      returnsBy: 'trial',
    },
    faultMs: 50_000,
  },
  Finagle: {
    model: {
      signs: { kind: 'consecutive', errors: 5 },
      outMs: (time, draw) => between(rangeOfPause(finagle, time + 1), draw),
      returnsAt: 'time',
      returnsBy: 'trial',
    },
    faultMs: 90_000,
  },
  Linkerd: {
    model: {
      signs: { kind: 'consecutive', errors: 7 },
      outMs: (time, draw) => 1_000 * 2 ** time * (1 + 0.5 * draw()),
      returnsAt: 'time',
      returnsBy: 'trial',
    },
    faultMs: 26_000,
    ratePerSecond: 150,
  },
};
const CONSTANT = { outMs: () => 10_000, returnsAt: 'time', returnsBy: 'full' } as const;
/** As they are shipped they look like each other: one failure, and then nothing for the same time. */
const ALIKE: Record<string, Shipped> = {
  nginx: { model: { signs: { kind: 'gap', errors: 1, gapMs: 10_000 }, ...CONSTANT, returnsBy: 'trial' }, faultMs: 50_000 },
  Traefik: { model: { signs: { kind: 'withinTime', errors: 1, windowMs: 10_000, successClears: true }, ...CONSTANT }, faultMs: 50_000 },
  Caddy: { model: { signs: { kind: 'withinTime', errors: 1, windowMs: 10_000, successClears: false }, ...CONSTANT }, faultMs: 50_000 },
};

function told({ model, faultMs, ratePerSecond = 60 }: Shipped, seed: number): readonly string[] {
  const draw = drawStream(keyedDraw({ seed, faultId: 'fingerprint' }), 'draw');
  const fault = { fromMs: BASELINE_MS + ((seed * 373) % 9_973), toMs: 0 };
  fault.toMs = fault.fromMs + faultMs;
  const defence = new Balancer(
    { ...model, pick: seed % 2 === 0 ? 'roundRobin' : 'random', outAtOnceMax: 2 },
    { instances: INVENTORY, draw },
  );
  const exchanges = play({
    seed,
    ratePerSecond,
    toMs: fault.toMs + 5_000,
    route: 'stock',
    noise: NOISY,
    cacheRatio: 0.03,
    callers: [{ name: 'gateway-1', defence }],
    harm: (to, atMs, from) =>
      to === BAD && atMs >= fault.fromMs && atMs < fault.toMs ? { tookMs: seed % 3 === 0 ? 40 + 20 * from() : 1 + 2 * from() } : undefined,
  });
  const record = recordOf({ exchanges, baseline: [0, BASELINE_MS], faults: [{ step: 'fault', ...fault, instances: [BAD] }] });
  const requests = dataExchanges(record, { from: ['gateway-1'], to: INVENTORY });
  const histories = ejectionHistories({ requests, instances: INVENTORY, baseline: { fromMs: 0, toMs: BASELINE_MS } });
  const history = histories.find(({ instance }) => instance === BAD);
  if (history === undefined) return [];
  const during = history.ejections.filter(({ started, ended }) => started[0] >= fault.fromMs && (ended?.[1] ?? Infinity) < fault.toMs);
  return fingerprintOf(during, within(history.requests, fault)).products;
}

describe('the fingerprint of an ejecting product', () => {
  it('names the product as it is shipped in 95 % of 60 noisy cycles', () => {
    const cycles = seeds(10).flatMap((seed) =>
      Object.entries(KNOWN).map(([product, shipped]) => ({ product, seed, products: told(shipped, seed) })),
    );
    const wrong = cycles.filter(({ product, products }) => products.length !== 1 || products[0] !== product);
    const summary = Object.keys(KNOWN).map(
      (name) =>
        `${name}: ${wrong
          .filter(({ product }) => product === name)
          .map(({ seed, products }) => `${seed} ${products.join(' or ')}`)
          .join('; ')}`,
    );
    expect(wrong.length / cycles.length, summary.join('\n')).toBeLessThanOrEqual(0.05);
  }, 120_000);

  it('never names one where several look alike, and the true one is among them', () => {
    for (const [product, shipped] of Object.entries(ALIKE)) {
      for (const seed of seeds(5)) {
        const products = told(shipped, seed);
        expect(products.length, `${product} ${seed}: ${products.join(', ')}`).not.toBe(1);
        if (products.length > 0) expect(products).toContain(product);
      }
    }
  }, 60_000);

  it('says nothing of fewer than three times out, nor of times that fit no product', () => {
    const envoy = KNOWN['Envoy by failures in a row'];
    expect(envoy && told({ ...envoy, faultMs: 60_000 }, 1)).toEqual([]);
    const odd = {
      signs: { kind: 'consecutive', errors: 5 },
      outMs: (time: number) => [12_000, 3_000, 9_000, 3_000][time % 4] ?? 0,
      returnsAt: 'time',
      returnsBy: 'full',
    } as const;
    expect(told({ model: odd, faultMs: 60_000, ratePerSecond: 150 }, 1)).toEqual([]);
  });
});
