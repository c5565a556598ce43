/**
 * The quick form of `npm run bench:verdicts`: a few cycles of every simulated product, and estimators that are wrong on purpose, each of which the
 * suite must find. With so few cycles no share of a per cent can be told, so here not one may be wrong.
 */
import { describe, expect, it } from 'vitest';
import { CELLS, type SimulatedProduct } from './product.js';
import { OPOSSUM } from './products/opossum.js';
import * as simulated from './products/simulated-registry.js';
import { type Score, scoreOf } from './score.js';
import { type BreakerEstimator, OURS, simulatedBreaker } from './simulated/breaker-cycles.js';

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
      expect(scoreQuickly(product).missed).toEqual([]);
    },
  );
});

describe('an estimator that is wrong is found', () => {
  const wrong: Record<string, [Partial<BreakerEstimator>, RegExp]> = {
    'passes everything': [{ verdict: () => ({ verdict: 'pass', summary: 'fine' }) }, /known-bad passed/],
    'fails everything': [{ verdict: () => ({ verdict: 'fail', summary: 'bad' }) }, /known-good failed/],
    'never decides': [{ verdict: () => ({ verdict: 'inconclusive', summary: 'who knows' }) }, /known-good were undecided/],
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
