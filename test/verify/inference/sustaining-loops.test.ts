import { describe, expect, it } from 'vitest';
import { sustainingLoops } from '../../../src/verify/inference/sustaining-loops.js';
import { baselineOf } from '../../../src/verify/inference/traffic.js';
import { spiralCycle } from '../../support/simulated-spiral.js';

/** The loops of one second, near the end, of a system whose retries keep it from recovering. */
function loopsOfOneSecond(policy: { attemptsMax: number; losesCache?: boolean }) {
  const record = spiralCycle({ seed: 1, policy });
  const calm = baselineOf(record);
  if (calm === undefined) throw new Error('the simulated cycle has no baseline');
  const lastMs = record.exchanges.at(-1)?.startMs ?? 0;
  const loops = sustainingLoops(record, { calm, now: { fromMs: lastMs - 3_000, toMs: lastMs - 2_000 } });
  return loops.map(({ kind }) => kind);
}

describe('what keeps harm going', () => {
  it('is retries, and no cold cache, where most attempts are for requests of seconds before', () => {
    const kinds = loopsOfOneSecond({ attemptsMax: 4 });
    expect(kinds).toContain('retries');
    expect(kinds).not.toContain('misses');
  });

  it('is a cold cache where requests need the dependency that did not need it before', () => {
    expect(loopsOfOneSecond({ attemptsMax: 1, losesCache: true })).toContain('misses');
  });
});
