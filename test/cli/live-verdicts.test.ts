import { describe, expect, it } from 'vitest';
import { LiveVerdicts } from '../../src/cli/live-verdicts.js';
import type { JournalEvent } from '../../src/journal/events.js';
import type { JudgedSoFar } from '../../src/verify/so-far.js';
import { VirtualClock } from '../support/clock.js';

const event = (type: string): JournalEvent => ({ type, n: 1, atMs: 0 }) as unknown as JournalEvent;
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** A judge who needs `tookMs` each time. */
function watched({ tookMs = 100, fails = false, isWatched = (): boolean => true } = {}) {
  const clock = new VirtualClock();
  const judgedSoFar: JudgedSoFar = { soFar: [{ name: 'a', check: 'retry', severity: 'fail', summary: '', state: 'pass' }], lanes: [] };
  const seen: JudgedSoFar[] = [];
  let judged = 0;
  const verdicts = new LiveVerdicts({
    clock,
    journal: 'j',
    onVerdicts: (judged) => seen.push(judged),
    isWatched,
    judge: () => {
      judged += 1;
      return new Promise((resolve, reject) => {
        clock.after(tookMs, () => (fails ? reject(new Error('no memory')) : resolve({ ...judgedSoFar, tookMs })));
      });
    },
  });
  const pass = async (seconds: number): Promise<void> => {
    for (let i = 0; i < seconds * 10; i++) {
      clock.advance(100);
      await settled();
    }
  };
  return { verdicts, seen, judgedSoFar, judged: () => judged, pass };
}

describe('verdicts as they form', () => {
  it('begin when the first fault is on', async () => {
    const { verdicts, seen, judgedSoFar, pass } = watched();
    verdicts.heed(event('faultIntended'));
    await pass(5);
    expect(seen).toEqual([]);
    verdicts.heed(event('faultApplied'));
    await pass(2);
    expect(seen).toMatchObject([judgedSoFar]);
  });

  it('begin with a fault by hand as well, once it is on', async () => {
    const { verdicts, seen, pass } = watched();
    verdicts.heed({ ...event('handFault'), change: 'intended' } as JournalEvent);
    await pass(5);
    expect(seen).toEqual([]);
    verdicts.heed({ ...event('handFault'), change: 'applied' } as JournalEvent);
    await pass(2);
    expect(seen.length).toBeGreaterThan(0);
  });

  it('have read what there is when the first fault is on, and told nothing of it', async () => {
    const { verdicts, seen, judged, pass } = watched();
    verdicts.heed(event('phaseStarted'));
    await pass(5);
    expect(judged()).toBeGreaterThan(0);
    expect(seen).toEqual([]);
  });

  it('are not worked out while nobody looks', async () => {
    let isWatched = false;
    const { verdicts, judged, pass } = watched({ isWatched: () => isWatched });
    verdicts.heed(event('faultApplied'));
    await pass(5);
    expect(judged()).toBe(0);
    isWatched = true;
    await pass(2);
    expect(judged()).toBe(1);
  });

  it('take a twentieth of the time at most', async () => {
    const { verdicts, judged, pass } = watched({ tookMs: 500 });
    verdicts.heed(event('faultApplied'));
    await pass(60);
    expect(judged()).toBeGreaterThan(3);
    expect(judged()).toBeLessThanOrEqual(7);
  });

  it('are done without when nobody can judge', async () => {
    const { verdicts, seen, judged, pass } = watched({ fails: true });
    verdicts.heed(event('faultApplied'));
    await pass(20);
    expect(judged()).toBeGreaterThan(1);
    expect(seen).toEqual([]);
  });

  it('end with the run', async () => {
    const { verdicts, judged, pass } = watched();
    verdicts.heed(event('faultApplied'));
    verdicts.heed(event('runEnded'));
    await pass(20);
    expect(judged()).toBe(0);
  });
});
