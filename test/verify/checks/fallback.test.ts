/** `fallback`: gateways that stand in for a dependency that is away, or do not; where it was not away, none is judged. */
import { describe, expect, it } from 'vitest';
import { fallback } from '../../../src/verify/checks/fallback.js';
import { cellSeeds } from '../../support/simulated-cycles.js';
import { AWAY, type StandInPolicy, type StandInScene, standInCycle } from '../../support/simulated-stand-in.js';

const promise = { from: 'gateway', to: 'payments', during: AWAY };
const params = fallback.schema.parse({ ...promise, status: [202], min: 99, within: '100ms', errorLeaksMax: 0 });
const GOOD: StandInPolicy = { ratio: 1, status: 202, tookMs: 20, otherwise: 'own' };
const judged = (scene: Partial<StandInScene>, limits = params) =>
  fallback.evaluate(limits, standInCycle({ seed: 1, policy: GOOD, ...scene }));

const GOOD_ONES: Record<string, Partial<StandInScene>> = {
  always: {},
  'behind a breaker': { policy: { ...GOOD, unaskedRatio: 0.95 } },
  'of a host that is only partly away': { awayRatio: 0.5 },
  'but once in a thousand': { policy: { ...GOOD, ratio: 0.999 } },
};
const BAD_ONES: Record<string, Partial<StandInScene>> = {
  none: { policy: { ...GOOD, ratio: 0 } },
  'too few': { policy: { ...GOOD, ratio: 0.9 } },
  'too slow': { policy: { ...GOOD, tookMs: 300 } },
  'of the wrong status': { policy: { ...GOOD, status: 200 } },
  'the failure itself': { policy: { ...GOOD, ratio: 0.97, otherwise: 'leak' } },
};

describe('fallback', () => {
  it('passes gateways with a stand-in', () => {
    const wrong = cellSeeds(50).flatMap((seed) =>
      Object.entries(GOOD_ONES).flatMap(([name, scene]) => {
        const { verdict, summary } = judged({ ...scene, seed });
        return verdict === 'pass' ? [] : [`${name} ${seed}: ${summary}`];
      }),
    );
    expect(wrong).toEqual([]);
  }, 60_000);

  it('fails those without, or with a bad one', () => {
    const wrong = cellSeeds(40).flatMap((seed) =>
      Object.entries(BAD_ONES).flatMap(([name, scene]) => {
        const { verdict, summary } = judged({ ...scene, seed });
        return verdict === 'fail' ? [] : [`${name} ${seed}: ${summary}`];
      }),
    );
    expect(wrong).toEqual([]);
  }, 60_000);

  it('judges none whose dependency was not away, or was not asked for', () => {
    const idle: Partial<StandInScene>[] = [{ isIdle: true }, { isUnfelt: true }, { awayRatio: 0 }];
    const verdicts = cellSeeds(100).flatMap((seed) => idle.map((scene) => judged({ ...scene, seed }).verdict));
    expect(new Set(verdicts)).toEqual(new Set(['inconclusive']));
  }, 60_000);

  it('takes the load’s own marker for a stand-in where it is asked to, whatever the status says', () => {
    const marked = fallback.schema.parse({ ...promise, marked: true, min: 99 });
    const verdicts = (scene: Partial<StandInScene>) => [
      ...new Set(cellSeeds(40).map((seed) => judged({ ...scene, seed }, marked).verdict)),
    ];
    const disguised = { ...GOOD, status: 200 };
    expect(verdicts({ policy: disguised, markedRatio: 1 })).toEqual(['pass']);
    expect(verdicts({ policy: disguised, markedRatio: 0.5 })).toEqual(['fail']);
    expect(verdicts({ policy: disguised, markedRatio: 0 })).toEqual(['fail']);
    expect(judged({ policy: disguised }, marked)).toMatchObject({ verdict: 'inconclusive', summary: expect.stringContaining('`standIn`') });
  });

  it('asks for no stand-in where a cache answers as it always does, and spares no more than that', () => {
    const cached = (scene: Partial<StandInScene>) => judged({ isDisturbed: true, awayRatio: 0.5, ...scene }, { ...params, min: 95 });
    const { verdict, measurements } = cached({});
    expect(verdict).toBe('pass');
    expect(measurements.find(({ name }) => name === 'answered as ever, and not counted')?.value).toBeGreaterThan(5);
    expect(cached({ awayRatio: 1, policy: { ...GOOD, status: 200, unaskedRatio: 1 } }).verdict).toBe('fail');
  });

  it('says how many got one, what the others were told, and how it knows', () => {
    const judgement = judged({ policy: { ...GOOD, ratio: 0.5, otherwise: 'leak' } });
    expect(judgement.summary).toMatch(
      /^gateway without payments during "away": \d+ of \d+ requests that had to do without it got a stand-in, [45]\d\.\d\d % .*; \d+ of \d+ requests were told the dependency’s own failure$/,
    );
    expect(judgement).toMatchObject({ correlation: 'C2', evidence: { length: 10 } });
    expect(judgement.alternatives?.[0]).toContain('no attempt of any of these requests succeeded');
  });

  it('without correlation judges only where nothing at all came back', () => {
    expect(judged({ token: false })).toMatchObject({ verdict: 'pass', correlation: 'C0' });
    expect(judged({ token: false, awayRatio: 0.8 })).toMatchObject({ verdict: 'inconclusive', correlation: 'C0' });
  });

  it('judges nobody whom the load does not call', () => {
    const other = fallback.schema.parse({ ...promise, from: 'inventory' });
    expect(judged({}, other)).toMatchObject({ verdict: 'inconclusive', summary: expect.stringContaining('nobody saw what it answered') });
  });
});
