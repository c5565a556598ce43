import { describe, expect, it } from 'vitest';
import type { FaultState } from '../../../src/orchestrator/fleet/orders.js';
import type { Member, Roster } from '../../../src/orchestrator/fleet/roster.js';
import { startSkew } from '../../../src/orchestrator/fleet/start-skew.js';

function rosterOf(states: Readonly<Record<string, FaultState>>): Pick<Roster, 'statesOf' | 'offsetOf'> {
  return {
    statesOf: () => Object.entries(states).map(([name, state]) => ({ member: { name } as Member, state })),
    offsetOf: (name) => (name === 'far' ? { offsetMs: -1_000, boundMs: 2.5 } : { offsetMs: 0, boundMs: 0 }),
  };
}

describe('how far apart hosts began', () => {
  it('is reckoned on one clock, also for those on which it is over already', () => {
    const states: Record<string, FaultState> = {
      near: { state: 'on', atMs: 100, lateMs: 0 },
      far: { state: 'ended', atMs: 9_000, beganMs: 1_112 },
      never: { state: 'ended', atMs: 50 },
    };
    expect(startSkew('f', rosterOf(states))).toBe('f began on 2 hosts within 12.0 ms, by clocks that are known to 2.5 ms');
  });

  it('is nothing to tell of one host', () => {
    expect(startSkew('f', rosterOf({ near: { state: 'on', atMs: 100, lateMs: 0 }, other: { state: 'armed' } }))).toBeUndefined();
  });
});
