import { describe, expect, it } from 'vitest';
import type { NewEvent } from '../../src/journal/events.js';
import type { Exchange, FaultChange, Observation } from '../../src/journal/observations.js';
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
  const ports = {
    journal: { append: (event: NewEvent) => void events.push(event) },
    run: 'r',
    isSeen: true,
    onExchange: (seen: Exchange) => void exchanges.push(seen),
    onFailure: (error: unknown) => void failures.push(error),
  };
  for (const observation of observations) observe(observation, ports);
  return { events, exchanges, failures };
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
    });
  });
});
