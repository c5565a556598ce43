import { describe, expect, it, test } from 'vitest';
import type { FaultChange } from '../../src/journal/observations.js';
import { faultEventOf } from '../../src/orchestrator/fault-event.js';

const counts = { matched: 9, appliedCount: 4, skipped: 3, overflow: 2, unread: 1 };
const change = (given: Partial<FaultChange>): FaultChange => ({
  kind: 'fault',
  fault: 'r/s',
  run: 'r',
  change: 'applied',
  atMs: 5,
  ...counts,
  ...given,
});
const eventOf = (given: Partial<FaultChange>, isSeen = true) => faultEventOf(change(given), { step: 's', isSeen });
const base = { fault: 'r/s', step: 's', atMs: 5 };

test('a fault that came', () => {
  expect(eventOf({ isOn: true, percentage: 40 })).toEqual({ type: 'faultApplied', ...base, isOn: true, percentage: 40 });
});

test.each(['turned', 'changed'] as const)('a fault that %s', (how) => {
  expect(eventOf({ change: how, isOn: false, percentage: 40, untold: 3 })).toEqual({
    type: 'faultTurned',
    ...base,
    change: how,
    isOn: false,
    percentage: 40,
    untold: 3,
  });
});

describe('a fault that ended', () => {
  it('is written with what it met', () => {
    const event = { type: 'faultEnded', ...base, reason: 'duration', matched: 9, applied: 4, skipped: 3, overflow: 2, unread: 1 };
    expect(eventOf({ change: 'duration' })).toEqual(event);
    expect(eventOf({ change: 'healed', overflow: 0 })).not.toHaveProperty('overflow');
  });

  it('on a data plane that does not tell, is written with unknown figures', () => {
    expect(eventOf({ change: 'healed' }, false)).toMatchObject({ matched: null, applied: null, skipped: null });
  });
});

test('a data plane that tells no level leaves it out', () => {
  expect(eventOf({})).toEqual({ type: 'faultApplied', ...base });
});
