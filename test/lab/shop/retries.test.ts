import { describe, expect, it } from 'vitest';
import { createRetries } from '../../../src/lab/shop/retries.js';
import { VirtualClock } from '../../support/clock.js';

/** Calls whose attempts all fail, one after the other; how many attempts each took, and when the attempts were made. */
async function fail(calls: number, { restraint, attemptsMax }: { restraint: boolean; attemptsMax: number }) {
  const clock = new VirtualClock({ startMs: 0 });
  const retries = createRetries({ name: 'co-1', attemptsMax, restraint, clock });
  const attempts: number[] = [];
  const atMs: number[] = [];
  for (let call = 0; call < calls; call++) {
    let made = 0;
    const attempt = (): Promise<'failed'> => {
      made += 1;
      atMs.push(clock.nowMs());
      return Promise.resolve('failed');
    };
    let isOver = false;
    void retries.run({ attempt, isFailure: () => true }).then(() => {
      isOver = true;
    });
    for (let turn = 0; turn < 1_000 && !isOver; turn++) {
      for (let i = 0; i < 5; i++) await Promise.resolve();
      clock.advance(1);
    }
    attempts.push(made);
  }
  return { attempts, atMs };
}

describe('retries', () => {
  it('without restraint come at once, as often as allowed', async () => {
    const { attempts, atMs } = await fail(1, { restraint: false, attemptsMax: 4 });
    expect([attempts, atMs]).toEqual([[4], [0, 0, 0, 0]]);
  });

  it('with restraint are spread over waits of 50 to 150 ms', async () => {
    const { atMs } = await fail(1, { restraint: true, attemptsMax: 3 });
    const waits = atMs.slice(1).map((ms, i) => ms - (atMs[i] ?? 0));
    expect(waits).toHaveLength(2);
    for (const wait of waits) {
      expect(wait).toBeGreaterThanOrEqual(50);
      expect(wait).toBeLessThanOrEqual(151);
    }
    expect(waits[0]).not.toBe(waits[1]);
  });

  it('with restraint stay within a fifth of the calls, beyond what was saved up', async () => {
    const { attempts } = await fail(200, { restraint: true, attemptsMax: 10 });
    const retries = attempts.reduce((sum, made) => sum + made - 1, 0);
    expect(retries).toBeGreaterThanOrEqual(40);
    expect(retries).toBeLessThanOrEqual(60);
  });

  it('are not made for somebody who has left', async () => {
    const retries = createRetries({ name: 'co-1', attemptsMax: 4, restraint: false, clock: new VirtualClock() });
    const left = new AbortController();
    let made = 0;
    await retries.run({
      attempt: () => {
        made += 1;
        left.abort();
        return Promise.resolve('failed');
      },
      isFailure: () => true,
      left: left.signal,
    });
    expect(made).toBe(1);
  });
});
