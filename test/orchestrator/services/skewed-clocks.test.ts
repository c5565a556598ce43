/** How wrong a clock is when, and that it is set right. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Kept } from '../../../src/orchestrator/services/kept.js';
import { skewAt, skewed } from '../../../src/orchestrator/services/skewed-clocks.js';
import { isSkewed, setClock } from '../../../src/orchestrator/services/steered-clock.js';
import { VirtualClock } from '../../support/clock.js';

const folder = mkdtempSync(join(tmpdir(), 'clocks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('skewAt', () => {
  it.each([
    ['stays where it jumped to', { offsetMs: 5_000, gainMsPerSecond: 0 }, 60_000, 5_000],
    ['drifts from there', { offsetMs: -1_000, gainMsPerSecond: 50 }, 10_000, -500],
    ['loses time', { offsetMs: 0, gainMsPerSecond: -100 }, 30_000, -3_000],
    ['is wrong at first', { offsetMs: 9_000, gainMsPerSecond: 0, jumpEveryMs: 2_000 }, 1_999, 9_000],
    ['is right in its second turn', { offsetMs: 9_000, gainMsPerSecond: 0, jumpEveryMs: 2_000 }, 2_000, 0],
    ['is wrong again in its third', { offsetMs: 9_000, gainMsPerSecond: 0, jumpEveryMs: 2_000 }, 4_500, 9_000],
  ])('%s', (_what, skew, elapsedMs, offsetMs) => {
    expect(skewAt(skew, elapsedMs).offsetMs).toBe(offsetMs);
  });

  it('says when it changes next', () => {
    expect(skewAt({ offsetMs: 1, gainMsPerSecond: 0 }, 0).changesInMs).toBe(Number.POSITIVE_INFINITY);
    expect(skewAt({ offsetMs: 1, gainMsPerSecond: 0, jumpEveryMs: 2_000 }, 4_500).changesInMs).toBe(1_500);
  });
});

it('a clock drifts while it is kept, and is right when the lease has run out', () => {
  const file = join(folder, 's-1');
  setClock(file, 'right');
  const clock = new VirtualClock();
  const skew = { offsetMs: 1_000, gainMsPerSecond: 100, jumpEveryMs: undefined };
  new Kept(clock).keep(file, { leaseMs: 5_000, ...skewed({ file, skew }, clock) });
  expect(readFileSync(file, 'latin1')).toBe('+1.000000\n');
  clock.advance(4_000);
  expect([readFileSync(file, 'latin1'), isSkewed(file)]).toEqual(['+1.400000\n', true]);
  clock.advance(1_000);
  expect([isSkewed(file), clock.pending]).toEqual([false, 0]);
});
