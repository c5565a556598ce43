import { describe, expect, it } from 'vitest';
import type { JournalEvent, RecordedPlan } from '../../src/journal/events.js';
import { foldJournal } from '../../src/journal/record.js';

const plan: RecordedPlan = {
  title: 't',
  file: 'f.yaml',
  environment: 'local',
  seed: 1,
  inputs: {},
  services: [],
  links: [],
  probes: [],
  steps: [
    {
      name: 's',
      kind: 'fault',
      startAfter: [],
      fault: { type: 'partition', performs: 'blackhole', links: ['a->b'], instances: ['b'], durationMs: 50, minMatched: 1, summary: 'cut' },
    },
  ],
  checks: [],
};

/** Numbers the events and sets their instant to ten times the number. */
function journal(...events: Record<string, unknown>[]): JournalEvent[] {
  return events.map((event, i) => ({ n: i + 1, atMs: (i + 1) * 10, ...event }) as unknown as JournalEvent);
}
const started = { type: 'runStarted', run: 'r', epoch: 1, version: '0', wallMs: 0, plan };
const ended = { type: 'runEnded', status: 'completed', steadyState: 'met', cleanup: 'confirmed' };

describe('the fold', () => {
  it('is as long as the run, however long people think about their answers', () => {
    const record = foldJournal(
      journal({ ...started, briefedBy: 'ann' }, ended, { type: 'answer', question: 'q', text: 'a', atMs: 90_000 }),
    );
    expect(record).toMatchObject({ toMs: 20, status: 'completed', briefedBy: 'ann', gaps: [] });
  });

  it('pairs what began with what ended: phases, steps and faults', () => {
    const record = foldJournal(
      journal(
        started,
        { type: 'phaseStarted', phase: 'method' },
        { type: 'stepStarted', step: 's' },
        { type: 'faultIntended', fault: 'r/s', step: 's', links: ['a->b'], performs: 'blackhole' },
        { type: 'faultApplied', fault: 'r/s', step: 's', atMs: 41 },
        { type: 'faultEnded', fault: 'r/s', step: 's', atMs: 91, reason: 'duration', matched: 7, applied: 5, skipped: 2 },
        { type: 'stepEnded', step: 's', outcome: 'completed' },
        { type: 'phaseEnded', phase: 'method' },
        ended,
      ),
    );
    expect(record.phases).toEqual([{ phase: 'method', fromMs: 20, toMs: 80 }]);
    expect(record.steps).toEqual([{ step: 's', fromMs: 30, toMs: 70, outcome: 'completed' }]);
    expect(record.faults).toMatchObject([
      { fault: 'r/s', fromMs: 41, toMs: 91, matched: 7, applied: 5, endedBy: 'duration', evidence: [5, 6] },
    ]);
    expect([record.status, record.cleanup, record.gaps]).toEqual(['completed', 'confirmed', []]);
  });

  it('tells the levels of a fault, from when it was applied', () => {
    const level = { fault: 'r/s', step: 's' };
    const record = foldJournal(
      journal(
        started,
        { type: 'faultApplied', ...level, isOn: true, percentage: 10 },
        { type: 'faultTurned', ...level, change: 'turned', isOn: true, percentage: 20 },
        { type: 'faultTurned', ...level, change: 'turned', isOn: false, percentage: 20, untold: 3 },
        { type: 'faultTurned', ...level, change: 'changed', isOn: true, percentage: 5 },
        { type: 'faultEnded', ...level, reason: 'healed', matched: 7, applied: 4, skipped: 2, overflow: 1 },
        { type: 'faultTurned', ...level, change: 'turned', isOn: true, percentage: 99 },
        ended,
      ),
    );
    expect(record.faults[0]?.levels).toEqual([
      { atMs: 20, isOn: true, percentage: 10 },
      { atMs: 30, isOn: true, percentage: 20 },
      { atMs: 40, isOn: false, percentage: 20 },
      { atMs: 50, isOn: true, percentage: 5 },
    ]);
    expect(record.faults[0]?.overflow).toBe(1);
    expect(record.gaps).toEqual([]);
  });

  it('of a journal of before there were levels, has none, and no overflow', () => {
    const record = foldJournal(
      journal(
        started,
        { type: 'faultApplied', fault: 'r/s', step: 's' },
        { type: 'faultEnded', fault: 'r/s', step: 's', reason: 'healed', matched: 7, applied: 5, skipped: 2 },
        ended,
      ),
    );
    expect(record.faults[0]).toMatchObject({ levels: [], overflow: 0, matched: 7 });
  });

  it('leaves windows open where the journal ends in the middle, and says so', () => {
    const record = foldJournal(
      journal(started, { type: 'phaseStarted', phase: 'method' }, { type: 'faultApplied', fault: 'r/s', step: 's' }),
    );
    expect(record.phases[0]?.toMs).toBe(Number.POSITIVE_INFINITY);
    expect(record.faults[0]).toMatchObject({ toMs: Number.POSITIVE_INFINITY, endedBy: 'unknown' });
    expect(record.gaps).toEqual(['the journal ends before the run did']);
  });

  it('notices missing numbers, lost observations and faults that no plan asked for', () => {
    const events = journal(
      started,
      { type: 'observationsLost', count: 12, reason: 'too slow' },
      { type: 'faultApplied', fault: 'r/x', step: 'x' },
      ended,
    ).filter((event) => event.n !== 2);
    events.splice(1, 0, { n: 2, atMs: 20, type: 'observationsLost', count: 12, reason: 'too slow' });
    expect(foldJournal(events).gaps).toEqual([
      '12 observations were lost: too slow',
      'event 3 applies a fault of step "x", which the plan does not have',
    ]);
    expect(foldJournal(events.filter((event) => event.n !== 2)).gaps[0]).toBe('events 2…2 are missing');
  });

  it('sorts exchanges by their start and survives events of unknown types', () => {
    const exchange = {
      type: 'exchange',
      link: 'a->b',
      from: 'a',
      to: 'b',
      connection: 1,
      ordinal: 1,
      method: 'GET',
      path: '/',
      end: 'complete',
      bytesUp: 1,
      bytesDown: 1,
    };
    const record = foldJournal(
      journal(started, { ...exchange, startMs: 9, endMs: 10 }, { ...exchange, startMs: 3, endMs: 12 }, { type: 'fromTheFuture' }, ended),
    );
    expect(record.exchanges.map((e) => [e.startMs, e.n])).toEqual([
      [3, 3],
      [9, 2],
    ]);
    expect(record.gaps).toEqual([]);
  });
});
