/** `timeout`: callers whose patience is known, with cancellation and without; those that never had to wait are not judged. */
import { describe, expect, it } from 'vitest';
import { timeout } from '../../../src/verify/checks/timeout.js';
import { cellSeeds } from '../../support/simulated-cycles.js';
import { HANG, type WaiterPolicy, type WaiterScene, waiterCycle } from '../../support/simulated-waiter.js';

const promise = { from: 'gateway', to: 'payments', during: HANG };
const params = timeout.schema.parse({ ...promise, perAttempt: '500ms', cancels: true, atLeast: '450ms', inversionsMax: 0 });
const GOOD: WaiterPolicy = { timeoutMs: 500, kind: 'total', cancels: true };
const judged = (scene: Partial<WaiterScene>, limits = params) => timeout.evaluate(limits, waiterCycle({ seed: 1, policy: GOOD, ...scene }));
const fact = (scene: Partial<WaiterScene>, name: string) => judged(scene).measurements.find((m) => m.name === name);

const GOOD_ONES: Record<string, Partial<WaiterScene>> = {
  'for the whole': {},
  'tries again': { policy: { ...GOOD, attemptsMax: 2 } },
  'trickling answers': { trickleRatio: 0.5 },
  'below a patient load': { loadTimeoutMs: 1_500 },
};
const BAD_ONES: Record<string, Partial<WaiterScene>> = {
  'waits too long': { policy: { ...GOOD, timeoutMs: 900 } },
  'waits for ever': { policy: { ...GOOD, timeoutMs: 60_000 } },
  'sometimes waits too long': { leakRatio: 0.1 },
  'gives up at once': { policy: { ...GOOD, timeoutMs: 200 } },
  'tells nobody': { policy: { ...GOOD, cancels: false } },
  'tells nobody and tries again': { policy: { ...GOOD, cancels: false, attemptsMax: 2 } },
  'only counts silence': { policy: { ...GOOD, kind: 'idle' }, trickleRatio: 0.5 },
  'below a load that waits for less': { loadTimeoutMs: 300 },
};

describe('timeout', () => {
  it('passes callers that give up in time', () => {
    const wrong = cellSeeds(50).flatMap((seed) =>
      Object.entries(GOOD_ONES).flatMap(([name, scene]) => {
        const { verdict, summary } = judged({ ...scene, seed });
        return verdict === 'pass' ? [] : [`${name} ${seed}: ${summary}`];
      }),
    );
    expect(wrong).toEqual([]);
  }, 60_000);

  it('fails those that do not, or tell nobody, or work for nobody', () => {
    const wrong = cellSeeds(25).flatMap((seed) =>
      Object.entries(BAD_ONES).flatMap(([name, scene]) => {
        const { verdict, summary } = judged({ ...scene, seed });
        return verdict === 'fail' ? [] : [`${name} ${seed}: ${summary}`];
      }),
    );
    expect(wrong).toEqual([]);
  }, 60_000);

  it('judges nobody who never had to wait', () => {
    const idle: Partial<WaiterScene>[] = [{ isIdle: true }, { isUnfelt: true }, { answerMs: 100 }];
    const verdicts = cellSeeds(100).flatMap((seed) => idle.map((scene) => judged({ ...scene, seed }).verdict));
    expect(new Set(verdicts)).toEqual(new Set(['inconclusive']));
  }, 60_000);

  it('finds the timeout to a few milliseconds, and what it times', () => {
    for (const seed of cellSeeds(40)) {
      const timed = fact({ seed, trickleRatio: 0.3 }, 'effective timeout');
      expect(timed?.value).toBeGreaterThanOrEqual(500);
      expect(timed?.value).toBeLessThanOrEqual(503);
      expect(timed?.interval?.[1]).toBeLessThanOrEqual(505);
      expect(fact({ seed, trickleRatio: 0.3 }, 'what it times')?.value).toBe('the whole answer');
      expect(fact({ seed, trickleRatio: 0.3, policy: { ...GOOD, kind: 'idle' } }, 'what it times')?.value).toBe('silence');
      expect(fact({ seed }, 'what it times')?.value).toBeNull();
      expect(fact({ seed, policy: { ...GOOD, cancels: false } }, 'effective timeout')?.value).toBeCloseTo(501, -1);
    }
  });

  it('says what is wrong', () => {
    const says = (name: string) => judged(BAD_ONES[name] ?? {}).summary;
    expect(says('waits too long')).toMatch(
      /^gateway -> payments during "hang": given up after 90\dms; \d+ of \d+ were waited for longer, up to .*\(promised: <= 500ms\)$/,
    );
    expect(says('tells nobody')).toMatch(/\d+ of \d+ attempts that were given up ran on, and nobody told the callee/);
    expect(says('gives up at once')).toMatch(/\d+ of \d+ were given up sooner than after 450ms/);
    expect(says('below a load that waits for less')).toMatch(/ran on after whoever had asked for them was gone/);
  });

  it('holds all attempts together against the total', () => {
    const total = timeout.schema.parse({ ...promise, total: '1200ms' });
    const twice = { ...GOOD, attemptsMax: 2 };
    expect(judged({ policy: twice }, total).verdict).toBe('pass');
    expect(judged({ policy: { ...twice, attemptsMax: 4 } }, total)).toMatchObject({
      verdict: 'fail',
      summary: expect.stringContaining('took longer with all their attempts'),
    });
  });

  it('takes an answer that began late for silence that was waited for', () => {
    const idle = timeout.schema.parse({ ...promise, idle: '500ms' });
    const silence = { ...GOOD, kind: 'idle' } as const;
    expect(judged({ policy: silence, trickleRatio: 0.3 }, idle).verdict).toBe('pass');
    expect(judged({ policy: silence, trickleRatio: 0.3, leakRatio: 0.1 }, idle).verdict).toBe('fail');
    expect(judged({ policy: { ...silence, timeoutMs: 60_000 }, trickleRatio: 0.3 }, idle)).toMatchObject({
      verdict: 'fail',
      summary: expect.stringContaining('up to 3.00s'),
    });
  });

  it('without correlation passes what it sees cut in time, and does not know what runs on', () => {
    const wait = timeout.schema.parse({ ...promise, perAttempt: '500ms' });
    expect(judged({ token: false }, wait)).toMatchObject({ verdict: 'pass', correlation: 'C0' });
    expect(judged({ token: false, policy: { ...GOOD, timeoutMs: 900 } }, wait)).toMatchObject({ verdict: 'fail', correlation: 'C0' });
    const silent = { ...GOOD, cancels: false };
    expect(judged({ token: false, policy: silent }, wait)).toMatchObject({ verdict: 'inconclusive', correlation: 'C0' });
    expect(judged({ token: false })).toMatchObject({ verdict: 'inconclusive' });
  });

  describe('that leaves what it gives up running, and asks again', () => {
    const policy: WaiterPolicy = { timeoutMs: 300, kind: 'total', cancels: false, attemptsMax: 5 };
    const prompt = timeout.schema.parse({ ...promise, perAttempt: '300ms' });

    it('has waited until it asked again, where the answer to the one before came and was not taken', () => {
      const { verdict, measurements } = judged({ policy, answerMs: 1_000 }, prompt);
      expect(verdict).toBe('pass');
      expect(measurements.find(({ name }) => name === 'effective timeout')?.value).toBeCloseTo(301, -1);
      expect(judged({ policy: { ...policy, timeoutMs: 600 }, answerMs: 2_000 }, prompt).verdict).toBe('fail');
    });

    it('has told nobody of any of them', () => {
      const cancels = timeout.schema.parse({ ...promise, cancels: true });
      const { verdict, measurements } = judged({ policy, answerMs: 1_000 }, cancels);
      expect(verdict).toBe('fail');
      const [abandoned] = measurements;
      expect(abandoned?.value).toBe(abandoned?.samples);
    });
  });

  it('asks for a promise', () => {
    expect(timeout.schema.safeParse(promise).error?.message).toContain('expected a promise');
  });
});
