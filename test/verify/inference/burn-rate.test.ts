/** The worst window is found wherever it lies. */
import { expect, it } from 'vitest';
import { worstBurn } from '../../../src/verify/inference/burn-rate.js';
import { Tallies } from '../../../src/verify/inference/tallies.js';
import { recordOf, times } from '../../support/histories.js';

const { exchanges: requests } = recordOf({
  exchanges: times({ fromMs: 0, toMs: 10_000, everyMs: 10 }).map((startMs) => ({
    from: 'load',
    to: 'gateway-1',
    startMs,
    status: startMs >= 4_350 && startMs < 4_850 ? 500 : 200,
  })),
});
const exchanges = new Tallies({ requests, sums: [] }, { isHit: (e) => e.status === 500, hitsIn: () => 0 });
const scan = { budget: 0.01, lengthMs: 1_000 };

it('reads fifty times the allowed rate when half of a second is bad and 1 % may be', () => {
  expect(worstBurn(exchanges, { ...scan, window: { fromMs: 0, toMs: 10_000 } })).toEqual({ kind: 'seen', rate: 50, scarcest: 100 });
});

it('counts an empty window, and needs a whole one', () => {
  expect(worstBurn(exchanges, { ...scan, window: { fromMs: 0, toMs: 12_000 } })).toMatchObject({ scarcest: 0 });
  expect(worstBurn(exchanges, { ...scan, window: { fromMs: 0, toMs: 500 } })).toEqual({ kind: 'tooShort' });
});
