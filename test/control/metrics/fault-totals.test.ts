import { expect, test } from 'vitest';
import { decisionsOf, FaultTotals } from '../../../src/control/metrics/fault-totals.js';
import type { FaultChange } from '../../../src/journal/observations.js';

const change = (over: Partial<FaultChange>): FaultChange => ({
  kind: 'fault',
  fault: 'gray',
  run: 'r',
  change: 'healed',
  atMs: 0,
  matched: 0,
  appliedCount: 0,
  skipped: 0,
  ...over,
});

test('what a fault has decided stays counted when it ends and another of its name begins', () => {
  const totals = new FaultTotals();
  totals.note(change({ appliedCount: 3, skipped: 2, overflow: 1 }));
  const live = [{ id: 'gray', decisions: decisionsOf({ appliedCount: 4, skipped: 0 }) }];
  expect(totals.with(live).get('gray')).toEqual({ applied: 7, skipped: 2, overflow: 1, unread: 0 });
  expect(totals.with([]).get('gray')?.applied).toBe(3);
});

test('a turn of a pulse is no end: its counts are still those of the fault', () => {
  const totals = new FaultTotals();
  totals.note(change({ change: 'turned', appliedCount: 3 }));
  expect(totals.with([]).size).toBe(0);
});
