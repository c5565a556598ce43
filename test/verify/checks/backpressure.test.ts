/** `backpressure`: gateways that hold back and such that hold on; where the dependency took what it was given, none is judged. */
import { describe, expect, it } from 'vitest';
import { backpressure } from '../../../src/verify/checks/backpressure.js';
import { cellSeeds } from '../../support/simulated-cycles.js';
import { type HolderPolicy, type HolderScene, holderCycle, STALL } from '../../support/simulated-holder.js';

const params = backpressure.schema.parse({ to: 'gateway', below: 'payments', during: STALL, heldMax: 100, within: '3s' });
const GOOD: HolderPolicy = { heldMax: 50, holdsMs: 1_000 };
const judged = (scene: Partial<HolderScene>, limits = params) =>
  backpressure.evaluate(limits, holderCycle({ seed: 1, policy: GOOD, ...scene }));

const GOOD_ONES: Record<string, Partial<HolderScene>> = {
  'a bound and a timeout': {},
  'a small bound': { policy: { heldMax: 8, holdsMs: 1_500 } },
  'a short timeout alone': { policy: { heldMax: Number.POSITIVE_INFINITY, holdsMs: 500 } },
};
const BAD_ONES: Record<string, Partial<HolderScene>> = {
  'holds everything': { policy: { heldMax: Number.POSITIVE_INFINITY, holdsMs: Number.POSITIVE_INFINITY } },
  'holds what its callers have given up': {
    policy: { heldMax: Number.POSITIVE_INFINITY, holdsMs: Number.POSITIVE_INFINITY },
    patienceMs: 1_000,
  },
  'a bound that is too large': { policy: { heldMax: 150, holdsMs: Number.POSITIVE_INFINITY } },
  'waits for too long': { policy: { heldMax: Number.POSITIVE_INFINITY, holdsMs: 5_000 } },
};

describe('backpressure', () => {
  it('passes gateways that hold back', () => {
    const wrong = cellSeeds(67).flatMap((seed) =>
      Object.entries(GOOD_ONES).flatMap(([name, scene]) => {
        const { verdict, summary } = judged({ ...scene, seed });
        return verdict === 'pass' ? [] : [`${name} ${seed}: ${summary}`];
      }),
    );
    expect(wrong).toEqual([]);
  }, 60_000);

  it('fails those that hold on', () => {
    const wrong = cellSeeds(50).flatMap((seed) =>
      Object.entries(BAD_ONES).flatMap(([name, scene]) => {
        const { verdict, summary } = judged({ ...scene, seed });
        return verdict === 'fail' ? [] : [`${name} ${seed}: ${summary}`];
      }),
    );
    expect(wrong).toEqual([]);
  }, 60_000);

  it('judges none whose dependency took what it was given', () => {
    const idle: Partial<HolderScene>[] = [{ isIdle: true }, { isUnfelt: true }, { takesRatio: 0.9 }];
    const verdicts = cellSeeds(100).flatMap((seed) => idle.map((scene) => judged({ ...scene, seed }).verdict));
    expect(new Set(verdicts)).toEqual(new Set(['inconclusive']));
  }, 60_000);

  it('says what grew, how far, and who was not told', () => {
    const { summary, alternatives, measurements } = judged(BAD_ONES['holds everything'] ?? {});
    expect(summary).toMatch(
      /^load -> gateway during "stall": what it held grew by (?:39|40)\.\d requests a second, of 40\.\d that came; it held up to 4\d\d requests at a time \(promised: <= 100\); \d+ of \d+ callers were not told within 3\.00s$/,
    );
    expect(alternatives?.[0]).toBe('no pressure: ruled out, payments took 0 % of what it took before');
    expect(measurements.find((m) => m.name === 'most held')?.value).toBeGreaterThan(400);
  });

  it('needs a fault that lasts twice as long as is allowed', () => {
    const patient = backpressure.schema.parse({ to: 'gateway', below: 'payments', during: STALL, within: '7s' });
    expect(judged({}, patient)).toMatchObject({ verdict: 'inconclusive', summary: expect.stringContaining('it takes 14.00s to see') });
  });
});
