import { expect, it } from 'vitest';
import { Tallies } from '../../../src/verify/inference/tallies.js';
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
  const tallies = new Tallies({ requests: record.exchanges, sums: record.sums }, counting);
  expect(tallies.total).toEqual({ hits: 20, samples: 200 });
  const perSecond = times({ fromMs: 0, toMs: 20_000, everyMs: 1_000 }).map((fromMs) => tallies.totalIn({ fromMs, toMs: fromMs + 1_000 }));
  expect(perSecond).toEqual(perSecond.map(() => ({ hits: 1, samples: 10 })));
  expect(tallies.totalIn({ fromMs: 30_000, toMs: 40_000 })).toEqual({ hits: 0, samples: 0 });
});
