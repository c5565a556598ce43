/** `hedging`: callers that hedge well, badly and not at all; those for whom nothing was slow are not judged. */
import { describe, expect, it } from 'vitest';
import { hedging } from '../../../src/verify/checks/hedging.js';
import { cellSeeds } from '../../support/simulated-cycles.js';
import { type HedgePolicy, type HedgerScene, hedgerCycle, SLOW_HOST } from '../../support/simulated-hedger.js';

const promise = { from: 'gateway', to: 'inventory', during: SLOW_HOST };
const params = hedging.schema.parse({ ...promise, delay: { min: '40ms', max: '60ms' }, amplification: { max: 1.4 } });
const GOOD: HedgePolicy = { kind: 'hedges', delayMs: 50, cancels: true };
const judged = (scene: Partial<HedgerScene>, limits = params) => hedging.evaluate(limits, hedgerCycle({ seed: 1, policy: GOOD, ...scene }));

const GOOD_ONES: Record<string, Partial<HedgerScene>> = {
  'fixed delay': {},
  'spread delay': { policy: { ...GOOD, spread: 0.15 } },
};
const BAD_ONES: Record<string, Partial<HedgerScene>> = {
  never: { policy: { ...GOOD, kind: 'never' } },
  'only now and then': { policy: { ...GOOD, ratio: 0.5 } },
  'too soon': { policy: { ...GOOD, delayMs: 10 } },
  'too late': { policy: { ...GOOD, delayMs: 150 } },
  'both go on': { policy: { ...GOOD, cancels: false } },
  'what must not be done twice': { method: 'POST' },
  'at too much cost': { slowRatio: 0.9 },
  'a timeout instead': { policy: { ...GOOD, kind: 'timeout', cancels: false } },
};

describe('hedging', () => {
  it('passes callers that hedge as promised', () => {
    const wrong = cellSeeds(100).flatMap((seed) =>
      Object.entries(GOOD_ONES).flatMap(([name, scene]) => {
        const { verdict, summary } = judged({ ...scene, seed });
        return verdict === 'pass' ? [] : [`${name} ${seed}: ${summary}`];
      }),
    );
    expect(wrong).toEqual([]);
  }, 60_000);

  it('fails those that do not', () => {
    const wrong = cellSeeds(25).flatMap((seed) =>
      Object.entries(BAD_ONES).flatMap(([name, scene]) => {
        const { verdict, summary } = judged({ ...scene, seed });
        return verdict === 'fail' ? [] : [`${name} ${seed}: ${summary}`];
      }),
    );
    expect(wrong).toEqual([]);
  }, 60_000);

  it('judges nobody for whom nothing was slow', () => {
    const idle: Partial<HedgerScene>[] = [{ isIdle: true }, { isUnfelt: true }];
    const verdicts = cellSeeds(100).flatMap((seed) => idle.map((scene) => judged({ ...scene, seed }).verdict));
    expect(new Set(verdicts)).toEqual(new Set(['inconclusive']));
  }, 60_000);

  it('finds the delay, its law, and the percentile that it stands for', () => {
    const told = (scene: Partial<HedgerScene>) => {
      const { measurements } = judged(scene);
      return (name: string) => measurements.find((m) => m.name === name)?.value;
    };
    for (const seed of cellSeeds(40)) {
      const good = told({ seed });
      expect(good('delay of hedges')).toBeCloseTo(50, 1);
      expect(good('law of the delay')).toBe('fixed');
      expect(told({ seed, policy: { ...GOOD, spread: 0.5 } })('law of the delay')).toMatch(/^spread by 0\.[23]/);
      const percentile = told({ seed, policy: { ...GOOD, delayMs: 20 } })('calm calls that are quicker');
      expect(percentile).toBeGreaterThan(0.95);
      expect(percentile).toBeLessThanOrEqual(1);
    }
  });

  it('says what is wrong, and what else it may have been', () => {
    const says = (name: string) => judged(BAD_ONES[name] ?? {}).summary;
    expect(says('never')).toMatch(
      /^gateway -> inventory during "slow-host": 0 of \d+ slow calls were hedged, the others ran for more than 85ms alone/,
    );
    expect(says('both go on')).toMatch(/\d+ of \d+ losers ran on for more than 100ms after the winner was answered/);
    expect(says('what must not be done twice')).toMatch(/\d+ calls were hedged that are not idempotent/);
    const { alternatives, evidence, correlation } = judged({ policy: { ...GOOD, kind: 'timeout', cancels: false } });
    expect(alternatives?.join('\n')).toMatch(/\d+ calls did not take the first answer when it came/);
    expect(evidence.length).toBe(10);
    expect(correlation).toBe('C2');
  });
});
