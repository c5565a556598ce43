/** Order of writes as the wire bounds it: surely after, perhaps after, and never more than that. */
import { describe, expect, it } from 'vitest';
import { fencingHistory, sharedTokens, type TokenWrite } from '../../../src/verify/inference/fencing.js';
import { exchange } from '../../support/histories.js';

const write = (token: bigint, [startMs, endMs]: readonly [number, number], more: Partial<TokenWrite> = {}): TokenWrite => ({
  token,
  outcome: 'accepted',
  exchange: { ...exchange({ from: 'a', to: 's', startMs, endMs }), n: startMs },
  ...more,
});

describe('fencingHistory', () => {
  it('finds a write stale only when the newer one was answered before it began', () => {
    const { stale, doubtful } = fencingHistory([write(2n, [0, 10]), write(1n, [11, 20]), write(1n, [5, 12])]);
    expect(stale.map((found) => [found.exchange.startMs, found.newer.exchange.startMs])).toEqual([[11, 0]]);
    expect(doubtful.map((found) => found.exchange.startMs)).toEqual([5]);
  });

  it('measures against what was accepted, not against what was tried', () => {
    expect(fencingHistory([write(2n, [0, 10], { outcome: 'refused' }), write(1n, [11, 20])]).stale).toEqual([]);
  });

  it('finds nothing in writes whose tokens only grow, however they overlap', () => {
    const growing = Array.from({ length: 50 }, (_, i) => write(BigInt(i), [i, i + 1]));
    expect(fencingHistory(growing)).toEqual({ stale: [], doubtful: [] });
  });
});

it('sharedTokens names each token with its holders, of accepted writes alone', () => {
  const other = { ...write(1n, [5, 6]).exchange, from: 'b' };
  expect(sharedTokens([write(1n, [0, 1]), write(1n, [5, 6], { exchange: other, outcome: 'refused' })])).toEqual([]);
  expect(sharedTokens([write(1n, [0, 1]), write(1n, [5, 6], { exchange: other })]).map(({ token }) => token)).toEqual([1n]);
});
