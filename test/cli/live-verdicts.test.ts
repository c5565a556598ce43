import { describe, expect, it } from 'vitest';
import { LiveVerdicts } from '../../src/cli/live-verdicts.js';
import type { JournalEvent } from '../../src/journal/events.js';
import type { SoFar } from '../../src/verify/so-far.js';
import { VirtualClock } from '../support/clock.js';

const event = (type: string): JournalEvent => ({ type, n: 1, atMs: 0 }) as unknown as JournalEvent;
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** A judge who needs `tookMs` each time. */
function watched({ tookMs = 100, fails = false } = {}) {
  const clock = new VirtualClock();
  const seen: (readonly SoFar[])[] = [];
  let judged = 0;
  const verdicts = new LiveVerdicts({
    clock,
    journal: 'j',
    onVerdicts: (soFar) => seen.push(soFar),
    judge: () => {
      judged += 1;
      return new Promise((resolve, reject) => {
        clock.after(tookMs, () => (fails ? reject(new Error('no memory')) : resolve([{ name: 'a', state: 'pass' }])));
      });
    },
  });
  const pass = async (seconds: number): Promise<void> => {
    for (let i = 0; i < seconds * 10; i++) {
      clock.advance(100);
      await settled();
    }
  };
  return { verdicts, seen, judged: () => judged, pass };
}

describe('verdicts as they form', () => {
  it('begin when the first fault has ended', async () => {
    const { verdicts, seen, pass } = watched();
    verdicts.heed(event('faultApplied'));
    await pass(5);
    expect(seen).toEqual([]);
    verdicts.heed(event('faultEnded'));
    await pass(2);
    expect(seen).toEqual([[{ name: 'a', state: 'pass' }]]);
  });

  it('take a twentieth of the time at most', async () => {
    const { verdicts, judged, pass } = watched({ tookMs: 500 });
    verdicts.heed(event('faultEnded'));
    await pass(60);
    expect(judged()).toBeGreaterThan(3);
    expect(judged()).toBeLessThanOrEqual(7);
  });

  it('are done without when nobody can judge', async () => {
    const { verdicts, seen, judged, pass } = watched({ fails: true });
    verdicts.heed(event('faultEnded'));
    await pass(20);
    expect(judged()).toBeGreaterThan(1);
    expect(seen).toEqual([]);
  });

  it('end with the run', async () => {
    const { verdicts, judged, pass } = watched();
    verdicts.heed(event('faultEnded'));
    verdicts.heed(event('runEnded'));
    await pass(20);
    expect(judged()).toBe(0);
  });
});
