/** `loadShedding`: servers of known capacity under a load that rises to three times of it; those that were never overloaded are not judged. */
import { describe, expect, it } from 'vitest';
import { loadShedding } from '../../../src/verify/checks/load-shedding.js';
import { cellSeeds } from '../../support/simulated-cycles.js';
import { type ServerPolicy, type ServerScene, SHEDDING_PROMISE, serverCycle } from '../../support/simulated-server.js';

const params = loadShedding.schema.parse(SHEDDING_PROMISE);
const GOOD: ServerPolicy = { queueMax: 20 };
const judged = (scene: Partial<ServerScene>, limits = params) =>
  loadShedding.evaluate(limits, serverCycle({ seed: 1, policy: GOOD, ...scene }));

const GOOD_ONES: Record<string, Partial<ServerScene>> = {
  'short queue': { policy: { queueMax: 5 } },
  'longer queue': {},
};
const BAD_ONES: Record<string, Partial<ServerScene>> = {
  'everybody waits': { policy: { queueMax: Number.POSITIVE_INFINITY } },
  'chokes on its queue': { policy: { queueMax: 400, chokes: 5 } },
  'says no too late': { policy: { ...GOOD, rejectMs: 400 } },
  'sheds one route alone': { policy: { ...GOOD, unfairTo: 'pay' } },
  'asks before it says no': { policy: { ...GOOD, asksFirst: true } },
};

describe('loadShedding', () => {
  it('passes servers that do what they can and turn the rest away', () => {
    const wrong = cellSeeds(100).flatMap((seed) =>
      Object.entries(GOOD_ONES).flatMap(([name, scene]) => {
        const { verdict, summary } = judged({ ...scene, seed });
        return verdict === 'pass' ? [] : [`${name} ${seed}: ${summary}`];
      }),
    );
    expect(wrong).toEqual([]);
  }, 60_000);

  it('fails those that do not', () => {
    const wrong = cellSeeds(40).flatMap((seed) =>
      Object.entries(BAD_ONES).flatMap(([name, scene]) => {
        const { verdict, summary } = judged({ ...scene, seed });
        return verdict === 'fail' ? [] : [`${name} ${seed}: ${summary}`];
      }),
    );
    expect(wrong).toEqual([]);
  }, 60_000);

  it('judges none that was never asked for too much', () => {
    const idle: Partial<ServerScene>[] = [{ isIdle: true }, { isUnfelt: true }, { ramp: [30, 45] }];
    const verdicts = cellSeeds(100).flatMap((seed) => idle.map((scene) => judged({ ...scene, seed }).verdict));
    expect(new Set(verdicts)).toEqual(new Set(['inconclusive']));
  }, 60_000);

  it('finds the capacity within a tenth', () => {
    for (const seed of cellSeeds(40)) {
      const { measurements } = judged({ seed });
      const told = (name: string) => measurements.find((m) => m.name === name)?.value;
      expect(told('best goodput per second')).toBeGreaterThan(54);
      expect(told('best goodput per second')).toBeLessThan(66);
      expect(told('knee')).toBeGreaterThan(52);
      expect(told('knee')).toBeLessThan(68);
    }
  });

  it('says what is wrong', () => {
    const says = (name: string) => judged(BAD_ONES[name] ?? {}).summary;
    expect(says('everybody waits')).toMatch(
      /^load -> gateway during "overload": \d\d\.\d\/s good answers at best, \d+\.\d\/s at 1\d\d\.\d\/s offered/,
    );
    expect(says('everybody waits')).toContain('nobody was rejected although there was more than could be done');
    expect(says('says no too late')).toMatch(/\d+ of \d+ rejections took longer than 50ms/);
    expect(says('sheds one route alone')).toMatch(/of pay were shed and .* of stock/);
    expect(says('asks before it says no')).toMatch(/\d+ of \d+ rejected requests had been sent on before they were rejected/);
  });
});
