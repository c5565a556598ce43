/**
 * The quick form of `npm run bench:verdicts`: a few cycles of every simulated product, and estimators that are wrong on purpose, each of which the
 * suite must find. With so few cycles no share of a per cent can be told, so here not one may be wrong.
 */
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/verify/check.js';
import type { Call } from '../../src/verify/inference/calls.js';
import { CELLS, type SimulatedProduct } from './product.js';
import { ENVOY_CONSECUTIVE } from './products/envoy-consecutive.js';
import { GRPC_RETRY } from './products/grpc-retry.js';
import { OPOSSUM } from './products/opossum.js';
import * as simulated from './products/simulated-registry.js';
import { type Score, scoreOf } from './score.js';
import { type EjectionEstimator, OURS as OUR_EJECTIONS, simulatedBalancer } from './simulated/balancer-cycles.js';
import { type BreakerEstimator, OURS, simulatedBreaker } from './simulated/breaker-cycles.js';
import { OURS as OUR_RETRIES, type RetryEstimator, simulatedRetries } from './simulated/retry-cycles.js';

const CYCLES = 4;

function scoreQuickly(product: SimulatedProduct): Score {
  return scoreOf(
    product,
    CELLS.flatMap((cell) => Array.from({ length: CYCLES }, (_, i) => product.cycle(cell, i + 1))),
  );
}

describe('what the checks say of products whose defence is known', () => {
  it.each(Object.values(simulated).map((product) => [product.name, product] as const))(
    '%s: what it did is what was found',
    (_name, product) => {
      const { missed, fingerprint } = scoreQuickly(product);
      // Once unsure of few is no share; a wrong name is wrong.
      expect(missed.filter((sentence) => !sentence.startsWith('fingerprint'))).toEqual([]);
      expect(fingerprint?.wrong ?? 0).toBe(0);
    },
  );
});

const always = (verdict: Verdict) => ({ verdict: () => ({ verdict, summary: 'whatever was seen' }) });
const BLIND: Record<string, [ReturnType<typeof always>, RegExp]> = {
  'passes everything': [always('pass'), /known-bad passed/],
  'fails everything': [always('fail'), /known-good failed/],
  'never decides': [always('inconclusive'), /known-good were undecided/],
};

describe('an estimator of breakers that is wrong is found', () => {
  const wrong: Record<string, [Partial<BreakerEstimator>, RegExp]> = {
    ...BLIND,
    'dates the opening 50 ms late': [
      {
        episodes: (record, caller) => OURS.episodes(record, caller).map((e) => ({ ...e, opened: [e.opened[0], e.opened[1] + 50] })),
      },
      /time to open: median error/,
    ],
    'misses a trial': [
      { episodes: (record, caller) => OURS.episodes(record, caller).map((e) => ({ ...e, trials: e.trials.slice(1) })) },
      /trials: exact in 0\.0 %/,
    ],
  };
  it.each(Object.entries(wrong))('%s', (_name, [estimator, sentence]) => {
    expect(scoreQuickly(simulatedBreaker(OPOSSUM, { ...OURS, ...estimator })).missed.join('\n')).toMatch(sentence);
  });
});

describe('an estimator of ejections that is wrong is found', () => {
  const wrong: Record<string, [Partial<EjectionEstimator>, RegExp]> = {
    ...BLIND,
    'dates the ejection 100 ms late': [
      {
        ejections: (record, caller) =>
          OUR_EJECTIONS.ejections(record, caller).map((e) => ({ ...e, started: [e.started[0] + 100, e.started[1] + 100] })),
      },
      /first ejection found: exact in 0\.0 %/,
    ],
    'sees none': [{ ejections: () => [] }, /first ejection found: exact in 0\.0 %/],
    'takes all of them for one product': [{ products: () => ['HAProxy'] }, /fingerprint: right in 0 of 2, wrong in 2/],
  };
  it.each(Object.entries(wrong))('%s', (_name, [estimator, sentence]) => {
    expect(scoreQuickly(simulatedBalancer(ENVOY_CONSECUTIVE, { ...OUR_EJECTIONS, ...estimator })).missed.join('\n')).toMatch(sentence);
  });
});

describe('an estimator of retries that is wrong is found', () => {
  const wrong: Record<string, [Partial<RetryEstimator>, RegExp]> = {
    ...BLIND,
    'misses the last attempt of each call': [
      {
        estimates: (record) => {
          const seen = OUR_RETRIES.estimates(record);
          return seen && { ...seen, calls: seen.calls.map((call): Call => ({ ...call, attempts: [call.attempts[0]] })) };
        },
      },
      /attempts: exact in 0\.0 %/,
    ],
    'takes every wait for 20 ms longer': [
      {
        estimates: (record) => {
          const seen = OUR_RETRIES.estimates(record);
          return seen && { ...seen, waits: seen.waits.map((wait) => ({ ...wait, medianMs: wait.medianMs + 20 })) };
        },
      },
      /first wait: median error/,
    ],
    'takes all waits for alike': [
      {
        estimates: (record) => {
          const seen = OUR_RETRIES.estimates(record);
          return seen && { ...seen, waits: seen.waits.map((wait) => ({ ...wait, medianMs: 100 })) };
        },
      },
      /back-off law: exact in 0\.0 %/,
    ],
  };
  it.each(Object.entries(wrong))('%s', (_name, [estimator, sentence]) => {
    expect(scoreQuickly(simulatedRetries(GRPC_RETRY, { ...OUR_RETRIES, ...estimator })).missed.join('\n')).toMatch(sentence);
  });
});
