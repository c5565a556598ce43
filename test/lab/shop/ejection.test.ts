import { describe, expect, it } from 'vitest';
import { type HostState, newHost, observe, defaultEjectionPolicy as policy, readmit } from '../../../src/lab/shop/ejection.js';

const failAt = (state: HostState, nowMs: number, mayEject = true): HostState => observe(state, { failed: true, mayEject, nowMs }, policy);
const succeedAt = (state: HostState, nowMs: number): HostState => observe(state, { failed: false, mayEject: true, nowMs }, policy);
const failTimes = (state: HostState, times: number, nowMs: number): HostState =>
  Array.from({ length: times }).reduce<HostState>((now) => failAt(now, nowMs), state);

describe('ejection', () => {
  it('takes a host out at the third error in a row and not before', () => {
    expect(failTimes(newHost, 2, 1_000).kind).toBe('in');
    expect(failTimes(newHost, 3, 1_000)).toEqual({ kind: 'out', ejectionsInARow: 1, sinceMs: 1_000, untilMs: 4_000 });
  });

  it('starts the count again after a success', () => {
    const almost = succeedAt(failTimes(newHost, 2, 1_000), 1_000);
    expect(failTimes(almost, 2, 1_000).kind).toBe('in');
  });

  it('lets a host back in when its time is served, with a clean count', () => {
    const out = failTimes(newHost, 3, 1_000);
    expect(readmit(out, 3_999.9)).toBe(out);
    expect(readmit(out, 4_000)).toMatchObject({ kind: 'in', errorsInARow: 0, sinceMs: 4_000 });
  });

  it('keeps a relapsing host out longer each time, up to ten seconds', () => {
    let state: HostState = newHost;
    let nowMs = 1_000;
    const lengths: number[] = [];
    for (let i = 0; i < 5; i++) {
      state = failTimes(state, 3, nowMs);
      if (state.kind !== 'out') throw new Error('the host was not ejected');
      lengths.push(state.untilMs - nowMs);
      nowMs = state.untilMs;
      state = readmit(state, nowMs);
    }
    expect(lengths).toEqual([3_000, 6_000, 9_000, 10_000, 10_000]);
  });

  it('forgets earlier ejections when the host has behaved for ten seconds', () => {
    const back = readmit(failTimes(newHost, 3, 1_000), 4_000);
    expect(failTimes(back, 3, 13_999)).toMatchObject({ ejectionsInARow: 2 });
    expect(failTimes(back, 3, 14_000)).toMatchObject({ ejectionsInARow: 1 });
  });

  it('ignores what a host still answers while it is out', () => {
    const out = failTimes(newHost, 3, 1_000);
    expect(failAt(out, 2_000)).toBe(out);
    expect(succeedAt(out, 2_000)).toBe(out);
  });

  it('starts the count again when an ejection is refused', () => {
    const refused = failAt(failTimes(newHost, 2, 1_000), 1_000, false);
    expect(refused).toMatchObject({ kind: 'in', errorsInARow: 0 });
  });
});
