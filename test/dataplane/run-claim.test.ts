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

test('a run that has not renewed in time is refused, even if nobody took its place, until it claims anew', () => {
  const { clock, claim } = setUp();
  const { epoch } = claim.take('r');
  clock.advance(RUN_LEASE_MS - 1);
  claim.refuse({ run: 'r', epoch });
  clock.advance(1);
  expect(() => claim.refuse({ run: 'r', epoch })).toThrow(/not renewed/);
  const again = claim.take('r');
  claim.refuse({ run: 'r', epoch: again.epoch });
});

test('epochs grow although the wall clock jumps back', () => {
  let wallMs = 1_700_000_000_000;
  const claim = new RunClaim({ nowMs: () => 0, wallMs: () => wallMs, after: () => ({ cancel: () => {} }) });
  const { epoch } = claim.take('r');
  wallMs -= 3_600_000;
  expect(claim.take('r').epoch).toBeGreaterThan(epoch);
  expect(() => claim.refuse({ run: 'r', epoch })).toThrow(/older/);
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

test('a run that let a lease run out steers no longer, and nobody is kept out by it; the lapse of another changes nothing', () => {
  const { claim } = setUp();
  const { epoch } = claim.take('r');
  claim.lapse('other');
  claim.refuse({ run: 'r', epoch });
  claim.lapse('r');
  expect(claim.run).toBeNull();
  expect(() => claim.refuse({ run: 'r', epoch })).toThrow(/not renewed/);
  expect(claim.take('next').overtaken).toBe('r');
});
