import { describe, expect, it } from 'vitest';
import { type AgentEvent, type AgentState, decide, firstState, ORPHAN_MS } from '../../src/agent/tenancy.js';

const REGISTRATION = 7;
const orders = (epoch: number, revision: number, registration = REGISTRATION): AgentEvent => ({
  kind: 'orders',
  orders: { run: `run-${epoch}`, epoch, lease: `lease-${epoch}`, registration },
  revision,
});
const proof = (epoch: number, askedMs: number, remainingMs: number | undefined = 5_000): AgentEvent => ({
  kind: 'proof',
  lease: `lease-${epoch}`,
  askedMs,
  remainingMs,
});

/** Feeds events to a fresh agent, and says what it did at each. */
function live(...events: readonly (readonly [atMs: number, event: AgentEvent])[]): {
  acts: readonly (readonly string[])[];
  state: AgentState;
} {
  let state = firstState(REGISTRATION);
  const acts = events.map(([atMs, event]) => {
    const decision = decide(state, event, atMs);
    state = decision.state;
    return decision.acts.map((act) => [act.act, ...('reason' in act ? [act.reason] : []), ...('why' in act ? [act.why] : [])].join(' '));
  });
  return { acts, state };
}

describe('an agent', () => {
  it('does nothing for a run before etcd has said that its lease lives, then follows every newer order at once', () => {
    const { acts } = live([0, orders(10, 11)], [1, { kind: 'tick' }], [5, proof(10, 2)], [6, orders(10, 12)], [7, { kind: 'tick' }]);
    expect(acts).toEqual([['take'], [], ['renew', 'follow'], ['follow'], ['renew']]);
  });

  it('refuses orders that are not newer than the newest it has seen, of that run or of one before', () => {
    const { acts } = live(
      [0, orders(10, 11)],
      [1, proof(10, 0)],
      [2, orders(10, 11)],
      [3, orders(9, 12)],
      [4, orders(12, 13)],
      [5, orders(10, 14)],
    );
    expect(acts.slice(2)).toEqual([['refuse older'], ['refuse older'], ['heal ended', 'forget', 'take'], ['refuse older']]);
  });

  it('refuses orders that were meant for it before it was started anew', () => {
    expect(live([0, orders(10, 11, REGISTRATION - 1)]).acts).toEqual([['refuse anotherLife']]);
  });

  it('heals when the lease of its run is gone, whether it is told or asks', () => {
    const begin = [[0, orders(10, 11)] as const, [1, proof(10, 0)] as const];
    expect(live(...begin, [100, { kind: 'gone', run: 'run-10' }]).acts.at(-1)).toEqual(['heal leaseGone', 'forget']);
    expect(live(...begin, [100, { kind: 'proof', lease: 'lease-10', askedMs: 50, remainingMs: undefined }]).acts.at(-1)).toEqual([
      'heal leaseGone',
      'forget',
    ]);
    expect(live(...begin, [100, { kind: 'gone', run: 'run-9' }]).acts.at(-1)).toEqual([]);
  });

  it('heals by itself when etcd has not said for a lease that the run lives, counted from the question and not from the answer', () => {
    const begin = [[0, orders(10, 11)] as const, [900, proof(10, 0)] as const];
    expect(live(...begin, [4_999, { kind: 'tick' }]).acts.at(-1)).toEqual(['renew']);
    const { acts, state } = live(...begin, [5_000, { kind: 'tick' }], [5_001, orders(10, 12)], [5_002, proof(10, 5_001)]);
    expect(acts.slice(2)).toEqual([['heal unproven'], ['refuse left'], []]);
    expect(state.tenancy.kind).toBe('left');
  });

  it('believes no answer that came later than what it promises, and none that is older than one it has', () => {
    expect(live([0, orders(10, 11)], [6_000, proof(10, 0)]).acts.at(-1)).toEqual([]);
    const { acts } = live(
      [0, orders(10, 11)],
      [10, proof(10, 5)],
      [20, proof(10, 0)],
      [5_004, { kind: 'tick' }],
      [5_005, { kind: 'tick' }],
    );
    expect(acts.slice(2)).toEqual([[], ['renew'], ['heal unproven']]);
  });

  it('that slept past the lease heals before it looks at the orders that came meanwhile', () => {
    const { acts } = live([0, orders(10, 11)], [1, proof(10, 0)], [60_000, orders(10, 12)]);
    expect(acts.at(-1)).toEqual(['heal unproven', 'refuse left']);
  });

  it('obeys the lever without any run: heals, takes nobody, and is free again when it is lifted', () => {
    const halt = (isHalted: boolean): AgentEvent => ({ kind: 'halt', isHalted });
    const { acts } = live(
      [0, orders(10, 11)],
      [1, proof(10, 0)],
      [2, halt(true)],
      [3, orders(12, 13)],
      [4, halt(false)],
      [5, orders(12, 14)],
    );
    expect(acts.slice(2)).toEqual([['heal halted'], ['refuse halted'], [], ['forget', 'take']]);
  });

  it('keeps links and services of a run of which nothing can be heard for a minute, and then lets go of them', () => {
    const { acts, state } = live([0, orders(10, 11)], [1, proof(10, 0)], [5_000, { kind: 'tick' }], [5_000 + ORPHAN_MS, { kind: 'tick' }]);
    expect(acts.slice(2)).toEqual([['heal unproven'], ['forget']]);
    expect(state.tenancy).toEqual({ kind: 'free' });
  });
});
