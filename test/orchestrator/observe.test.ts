import { describe, expect, it } from 'vitest';
import type { NewEvent } from '../../src/journal/events.js';
import type { Exchange, FaultChange, Observation } from '../../src/journal/observations.js';
import type { HandWord } from '../../src/orchestrator/hand-faults.js';
import { observe } from '../../src/orchestrator/observe.js';

const exchange: Exchange = {
  kind: 'exchange',
  link: 'a->b',
  from: 'a',
  to: 'b',
  connection: 1,
  ordinal: 1,
  method: 'GET',
  path: '/',
  startMs: 0,
  endMs: 1,
  end: 'complete',
  bytesUp: 0,
  bytesDown: 0,
};
const fault = (change: FaultChange['change'], run = 'r'): Observation => ({
  kind: 'fault',
  fault: `${run}/slow`,
  run,
  change,
  atMs: 5,
  matched: 2,
  appliedCount: 1,
  skipped: 0,
});

function observed(...observations: Observation[]) {
  const events: NewEvent[] = [];
  const exchanges: Exchange[] = [];
  const failures: unknown[] = [];
  const words: HandWord[] = [];
  const ports = {
    journal: { append: (event: NewEvent) => void events.push(event) },
    run: 'r',
    plan: { links: [] },
    traffic: { add: (seen: Exchange) => void exchanges.push(seen) },
    byHand: { heed: async (word: HandWord) => void words.push(word) },
    onFailure: (error: unknown) => void failures.push(error),
  };
  for (const observation of observations) observe(observation, ports);
  return { events, exchanges, failures, words };
}

describe('what a run is told', () => {
  it('is written down, and traffic is kept for the probes', () => {
    const { events, exchanges, failures } = observed(exchange, fault('applied'), fault('duration'));
    expect(events).toMatchObject([
      { type: 'exchange', link: 'a->b' },
      { type: 'faultApplied', step: 'slow', atMs: 5 },
      { type: 'faultEnded', step: 'slow', reason: 'duration', matched: 2 },
    ]);
    expect([exchanges, failures]).toEqual([[exchange], []]);
  });

  it('is a failure when a fault was halted, or ended for want of renewal', () => {
    const { events, failures } = observed(fault('halted'), fault('expired'));
    expect(events).toMatchObject([{ reason: 'halted' }, { reason: 'expired' }]);
    expect(failures).toMatchObject([{ code: 'HALTED' }, { code: 'LEASE_LOST' }]);
  });

  it('is left out where it is another run’s, or somebody else’s to write down', () => {
    const word = { run: 'other', by: 'ann', atMs: 1 };
    const gate: Observation = { kind: 'gate', gate: 'g', decision: 'approved', ...word, run: 'r' };
    expect(observed(fault('expired', 'other'), { kind: 'note', text: 'hello', ...word }, gate)).toEqual({
      events: [],
      exchanges: [],
      failures: [],
      words: [],
    });
  });

  it('of a fault that somebody put on beside it is written down with his name, and fails nobody when it lapses', () => {
    const byHand = { by: 'ann', performs: 'latency', on: ['a->b'] };
    const lapsed = { ...fault('expired'), byHand } as Observation;
    const { events, failures } = observed({ ...fault('applied'), byHand } as Observation, lapsed);
    expect(events).toMatchObject([
      { type: 'handFault', change: 'applied', by: 'ann', performs: 'latency', links: ['a->b'] },
      { type: 'handFault', change: 'expired', matched: 2, applied: 1 },
    ]);
    expect(failures).toEqual([]);
  });

  it('to do to processes goes to who does it, unless another run is meant', () => {
    const begin = { kind: 'beginByHand', by: 'ann', atMs: 1, fault: 'f', performs: 'pause', on: ['b'], spec: {} } as const;
    const { words, events } = observed({ ...begin, run: 'r' }, { ...begin, run: 'other' });
    expect(words).toMatchObject([{ fault: 'f', run: 'r' }]);
    expect(events).toEqual([]);
  });
});
