import { describe, expect, it } from 'vitest';
import { LabError } from '../../src/core/errors.js';
import type { JournalEvent } from '../../src/journal/events.js';
import type { Exchange } from '../../src/journal/observations.js';
import type { RunNews } from '../../src/orchestrator/run-news.js';
import { RunTeller } from '../../src/orchestrator/run-teller.js';
import { VirtualClock } from '../support/clock.js';
import { exchange } from '../support/histories.js';

const started = { n: 1, atMs: 0, type: 'runStarted', run: 'r', plan: { services: [] } } as unknown as JournalEvent;
const note = (n: number, text = 'x'): JournalEvent => ({ n, atMs: n, type: 'note', text });
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** `fails` is asked before each news. */
function teller({ fails = () => undefined }: { fails?: (news: RunNews) => Error | undefined } = {}) {
  const clock = new VirtualClock();
  const teller = new RunTeller(clock);
  const told: RunNews[] = [];
  const tell = async (news: RunNews): Promise<void> => {
    const failure = fails(news);
    if (failure !== undefined) throw failure;
    told.push(news);
  };
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 50) {
      clock.advance(50);
      await settled();
    }
  };
  const numbers = (): number[] => told.flatMap(({ events }) => events.map(({ n }) => n));
  return { clock, teller, tell, told, numbers, pass };
}

describe('a run that tells', () => {
  it('tells from its beginning once somebody looks on, in order, in few batches, and no traffic', async () => {
    const { teller: run, tell, told, numbers, pass } = teller();
    run.heed(started);
    run.heed(note(2));
    run.heed({ ...exchange({ from: 'a', to: 'b', startMs: 1 }), type: 'exchange', n: 3, atMs: 3 } as JournalEvent);
    await pass(1_000);
    expect(told).toEqual([]);
    run.open({ epoch: 7, tell });
    await pass(300);
    for (let n = 4; n < 104; n++) run.heed(note(n));
    await pass(600);
    expect(told).toHaveLength(2);
    expect(told[0]).toMatchObject({ epoch: 7, events: [{ n: 1 }, { n: 2 }], lost: 0 });
    expect(numbers()).toEqual([1, 2, ...Array.from({ length: 100 }, (_, index) => index + 4)]);
  });

  it('sums the load that only the run sees', async () => {
    const { teller: run, tell, told, pass } = teller();
    run.open({ epoch: 7, tell });
    const seen = (from: string): Exchange => ({
      kind: 'exchange',
      ...exchange({ from, to: 'a', startMs: 1_100, endMs: 1_200, status: 200 }),
    });
    run.observe(seen('load'));
    run.observe(seen('a'));
    await pass(2_500);
    expect(told.flatMap(({ seconds }) => seconds)).toMatchObject([{ second: 1, requests: 1 }]);
  });

  it('sums what hosts of a fleet have seen, tells of them and of their faults, and draws nothing that came much too late', async () => {
    const { teller: run, tell, told, pass } = teller();
    const hosts = { agents: [], agentsTotal: 0 };
    run.open({ epoch: 7, tell, hosts: () => hosts });
    await pass(1_500);
    expect(told, 'nothing is told before the run has begun').toEqual([]);
    run.heed(started);
    const change = { kind: 'fault', fault: 'r/f', run: 'r', atMs: 0, matched: 0, appliedCount: 0, skipped: 0 } as const;
    run.observe({ ...change, change: 'applied', performs: 'abort', proxies: ['a->b'] });
    const seen = (endMs: number) => exchange({ from: 'a', to: 'b', startMs: endMs - 1, endMs, matched: ['r/f'], applied: ['r/f'] });
    await pass(6_000);
    run.observe({ kind: 'exchange', ...seen(100) });
    run.observe({ kind: 'exchange', ...seen(7_000) });
    await pass(2_500);
    expect(told.flatMap(({ seconds }) => seconds)).toMatchObject([{ link: 'a->b', second: 7, requests: 1 }]);
    expect(told.flatMap(({ faultChanges }) => faultChanges)).toHaveLength(1);
    expect(told.flatMap(({ fleet }) => fleet ?? []).at(-1)?.faults).toMatchObject([{ id: 'r/f', type: 'abort', matched: 2, applied: 2 }]);
    run.observe({ ...change, change: 'healed' });
    await pass(1_500);
    expect(told.flatMap(({ fleet }) => fleet ?? []).at(-1)).toEqual({ ...hosts, faults: [] });
  });

  it('says the same again to a daemon that did not answer, and nothing is lost', async () => {
    let isAway = true;
    const {
      teller: run,
      tell,
      numbers,
      pass,
    } = teller({
      fails: () => (isAway ? new LabError('DAEMON_UNREACHABLE', { url: '', reason: 'away' }) : undefined),
    });
    run.open({ epoch: 7, tell });
    for (const event of [started, note(2)]) run.heed(event);
    await pass(1_000);
    run.heed(note(3));
    isAway = false;
    await pass(300);
    expect(numbers()).toEqual([1, 2, 3]);
  });

  it('says how many were lost: dropped at the bound, or refused', async () => {
    const {
      teller: run,
      tell,
      told,
      pass,
    } = teller({
      fails: ({ events }) => (events.some(({ n }) => n === 500) ? new LabError('REQUEST_INVALID', { problems: '' }) : undefined),
    });
    run.open({ epoch: 7, tell });
    run.heed(started);
    await pass(300);
    for (let n = 2; n < 22; n++) run.heed(note(n, 'y'.repeat(500_000)));
    await pass(10_000);
    run.heed(note(500));
    await pass(300);
    run.heed(note(501));
    await pass(300);
    const events = told.flatMap((news) => news.events).length;
    const lost = told.reduce((sum, news) => sum + news.lost, 0);
    expect(lost).toBeGreaterThan(1);
    expect(events + lost).toBe(23);
  });

  it('tells no more where its beginning was refused', async () => {
    let asked = 0;
    const {
      teller: run,
      tell,
      pass,
    } = teller({
      fails: () => {
        asked += 1;
        return new LabError('RUN_ACTIVE', { run: 'other' });
      },
    });
    run.open({ epoch: 7, tell });
    run.heed(started);
    await pass(1_000);
    run.heed(note(2));
    await pass(1_000);
    expect([asked, run.isHeard]).toEqual([1, false]);
  });

  it('ends with the last word told, and waits two seconds at most for a daemon that has gone', async () => {
    const well = teller();
    well.teller.open({ epoch: 7, tell: well.tell });
    well.teller.heed(started);
    well.teller.verdicts({ atMs: 1, final: null, findings: [], lanes: [] });
    await well.teller[Symbol.asyncDispose]();
    expect(well.told).toMatchObject([{ verdicts: { atMs: 1 }, events: [{ n: 1 }] }]);
    expect(well.clock.pending).toBe(0);

    const gone = teller();
    gone.teller.open({ epoch: 7, tell: () => new Promise<void>(() => {}) });
    gone.teller.heed(started);
    let hasEnded = false;
    void gone.teller[Symbol.asyncDispose]().then(() => {
      hasEnded = true;
    });
    await gone.pass(1_500);
    expect(hasEnded).toBe(false);
    await gone.pass(1_000);
    expect(hasEnded).toBe(true);
  });
});
