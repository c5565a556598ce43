import { expect, test } from 'vitest';
import { RUN_LEASE_MS, RunClaim } from '../../src/dataplane/run-claim.js';
import { VirtualClock } from '../support/clock.js';

function setUp() {
  const clock = new VirtualClock();
  return { clock, claim: new RunClaim(clock) };
}

test('a run keeps others out as long as it renews', () => {
  const { clock, claim } = setUp();
  claim.take('mine');
  clock.advance(RUN_LEASE_MS - 1);
  claim.renew('mine');
  clock.advance(RUN_LEASE_MS - 1);
  expect(claim.run).toBe('mine');
  expect(() => claim.take('theirs')).toThrow(/mine/);
  expect(() => claim.refuse({ run: 'by-hand' })).toThrow(/mine/);
  clock.advance(1);
  expect(claim.run).toBeNull();
  expect(claim.take('theirs').overtaken).toBe('mine');
});

test('a run that was overtaken has a stale epoch, and can renew nothing', () => {
  const { clock, claim } = setUp();
  const old = claim.take('old');
  clock.advance(RUN_LEASE_MS);
  const { epoch } = claim.take('new');
  expect(epoch).toBeGreaterThan(old.epoch);
  expect(() => claim.refuse({ run: 'old', epoch: old.epoch })).toThrow(/older/);
  claim.renew('old');
  claim.release('old');
  expect(claim.run).toBe('new');
});

test('an epoch from before the daemon was started is stale, one from later is the newest', () => {
  const { clock, claim } = setUp();
  expect(() => claim.refuse({ run: 'r', epoch: clock.wallMs() - 1 })).toThrow(/older/);
  claim.refuse({ run: 'r', epoch: clock.wallMs() + 5 });
  expect(() => claim.refuse({ run: 'r', epoch: clock.wallMs() + 4 })).toThrow(/older/);
});

test('a run may take the daemon again, and gets a newer epoch', () => {
  const { claim } = setUp();
  const first = claim.take('r');
  const again = claim.take('r');
  expect(again).toEqual({ epoch: first.epoch + 1, overtaken: undefined });
  claim.release('r');
  expect(claim.run).toBeNull();
});
