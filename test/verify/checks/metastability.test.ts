/** `metastability`: a backlog that drains, and such as are fed by retries or by a cold cache; where no harm was done, none is judged. */
import { describe, expect, it } from 'vitest';
import { drawStream, keyedDraw } from '../../../src/core/random.js';
import { metastability } from '../../../src/verify/checks/metastability.js';
import { type HistoryExchange, recordOf, times } from '../../support/histories.js';
import { cellSeeds } from '../../support/simulated-cycles.js';
import { type SpiralScene, spiralCycle, TRIGGER } from '../../support/simulated-spiral.js';

const params = metastability.schema.parse({ after: TRIGGER, to: 'gateway', within: '12s' });
const judged = (scene: Partial<SpiralScene>, limits = params) =>
  metastability.evaluate(limits, spiralCycle({ seed: 1, policy: { attemptsMax: 1 }, ...scene }));

const GOOD_ONES: Record<string, Partial<SpiralScene>> = {
  'no retries': {},
  'retries at little load': { policy: { attemptsMax: 2 }, ratePerSecond: 15 },
};
const BAD_ONES: Record<string, Partial<SpiralScene>> = {
  'retries at much load': { policy: { attemptsMax: 4 } },
  'a cache that only answers refill': { policy: { attemptsMax: 1, losesCache: true } },
};

describe('metastability', () => {
  it('passes systems whose backlog drains', () => {
    const wrong = cellSeeds(100).flatMap((seed) =>
      Object.entries(GOOD_ONES).flatMap(([name, scene]) => {
        const { verdict, summary } = judged({ ...scene, seed });
        return verdict === 'pass' ? [] : [`${name} ${seed}: ${summary}`];
      }),
    );
    expect(wrong).toEqual([]);
  }, 60_000);

  it('fails those that feed their own harm, and names the loop', () => {
    const loops: Record<string, RegExp> = {
      'retries at much load': /kept going by .*retries of gateway at payments \([234]\.\d\d attempts per request, 1\.00 before\)/,
      'a cache that only answers refill':
        /kept going by .*requests of gateway that need payments, as behind a cold cache \(.*, 0\.[12]\d before\)/,
    };
    const wrong = cellSeeds(100).flatMap((seed) =>
      Object.entries(BAD_ONES).flatMap(([name, scene]) => {
        const { verdict, summary } = judged({ ...scene, seed });
        return verdict === 'fail' && loops[name]?.test(summary) ? [] : [`${name} ${seed}: ${verdict} ${summary}`];
      }),
    );
    expect(wrong).toEqual([]);
  }, 60_000);

  it('judges none that took no harm, or whose load has changed', () => {
    const idle: Partial<SpiralScene>[] = [{ isIdle: true }, { isUnfelt: true }, { isHarmless: true }, { laterPerSecond: 10 }];
    const verdicts = cellSeeds(75).flatMap((seed) => idle.map((scene) => judged({ ...scene, seed }).verdict));
    expect(new Set(verdicts)).toEqual(new Set(['inconclusive']));
  }, 60_000);

  it('does not call the loop by name where no token tells retries from misses', () => {
    expect(judged({ ...BAD_ONES['retries at much load'], token: false }).summary).toContain('not told apart without a token');
  });

  it('says how long harm stayed, and with what', () => {
    expect(judged(BAD_ONES['retries at much load'] ?? {}).summary).toMatch(
      /^load -> gateway after "trigger": harm stays 1\d\.\d\ds after its cause, kept going by a queue at payments \(.*\) and retries .*: \d+\.\d\d % answered well, \d+\.\d\d % in the baseline \(promised: <= 12\.00s\)$/,
    );
  });
});

describe('metastability and chance', () => {
  const limits = metastability.schema.parse({ after: TRIGGER, to: 'gateway', within: '6s' });
  /** 20 a second, of which 1 % fail anyway; all while the fault is on, and from its end so many. */
  const run = (seed: number, shareAfter: (sinceMs: number) => number) => {
    const draw = drawStream(keyedDraw({ seed, faultId: 'chance' }), 'load');
    const exchanges = times({ fromMs: 0, toMs: 64_000, everyMs: 50 }).map((startMs): HistoryExchange => {
      const share = startMs < 20_000 ? 0.01 : startMs < 24_000 ? 1 : shareAfter(startMs - 24_000);
      return { from: 'load', to: 'gateway-1', startMs, ...(draw() < share && { status: 503 }) };
    });
    const fault = { step: TRIGGER, fromMs: 20_000, toMs: 24_000, instances: ['payments-1'] };
    return metastability.evaluate(limits, recordOf({ exchanges, faults: [fault], baseline: [0, 20_000] }));
  };
  const verdictsOf = (shareAfter: (sinceMs: number) => number): string[] => cellSeeds(200).map((seed) => run(seed, shareAfter).verdict);

  it('does not call it harm that a few failures of a healthy system fall together', () => {
    const verdicts = verdictsOf(() => 0.01);
    expect(verdicts.filter((verdict) => verdict === 'pass').length / verdicts.length).toBeGreaterThan(0.95);
  }, 60_000);

  it.each([
    ['stays collapsed', () => 0.9],
    ['collapses again', (sinceMs: number) => (sinceMs >= 20_000 && sinceMs < 24_000 ? 0.9 : 0.01)],
    ['collapses again and stays so', (sinceMs: number) => (sinceMs >= 20_000 ? 0.9 : 0.01)],
    ['stays worse by too little for one window to show', () => 0.1],
  ])(
    'fails who %s',
    (_who, shareAfter) => {
      expect([...new Set(verdictsOf(shareAfter))]).toEqual(['fail']);
    },
    60_000,
  );

  it('says so where harm is too little for one window and stays', () => {
    expect(run(1, () => 0.08).summary).toMatch(/then \d+ of \d+ were answered well \(promised: >= 9\d\.\d\d %\)|harm (stays|ended)/);
  });
});
