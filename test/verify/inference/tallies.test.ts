import { expect, it } from 'vitest';
import { talliesOf, totalOf } from '../../../src/verify/inference/tallies.js';
import { condensed } from '../../support/condensed.js';
import { times } from '../../support/histories.js';

it('requests and sums stand in one row, in order of time, and count alike', () => {
  const faults = [{ step: 'cut', fromMs: 12_000, toMs: 14_000, instances: ['gateway-1'] }];
  const exchanges = times({ fromMs: 0, toMs: 20_000, everyMs: 100 }).map((startMs) => ({
    from: 'load',
    to: 'gateway-1',
    startMs,
    status: startMs % 1_000 === 0 ? 503 : 200,
  }));
  const record = condensed({ exchanges, faults });
  expect(record.exchanges.length).toBeLessThan(200);
  const counting = {
    isHit: (e: { status?: number }) => e.status === 503,
    hitsIn: (s: { outcome: string; count: number }) => (s.outcome === '5xx' ? s.count : 0),
  };
  const tallies = talliesOf({ requests: record.exchanges, sums: record.sums }, counting);
  expect(totalOf(tallies)).toEqual({ hits: 20, samples: 200 });
  expect(tallies.every(({ startMs }, i) => i === 0 || startMs >= (tallies[i - 1]?.startMs ?? 0))).toBe(true);
});
