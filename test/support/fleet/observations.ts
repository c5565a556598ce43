/** Observations as an agent has them, for tests of how they travel. */
import type { Exchange, FaultChange } from '../../../src/journal/observations.js';

export function exchangeAt(startMs: number): Exchange {
  return {
    kind: 'exchange',
    link: 'a->b',
    from: 'a',
    to: 'b',
    connection: 1,
    ordinal: 1,
    method: 'GET',
    path: '/',
    startMs,
    requestEndMs: startMs + 0.5,
    responseStartMs: startMs + 1,
    endMs: startMs + 2,
    status: 200,
    end: 'complete',
    bytesUp: 10,
    bytesDown: 20,
  };
}

export function faultAt(atMs: number, change: FaultChange['change']): FaultChange {
  return { kind: 'fault', fault: 'run-1:outage', run: 'run-1', change, atMs, matched: 0, appliedCount: 0, skipped: 0 };
}
