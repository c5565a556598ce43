/** Which exchanges are data, and which are health checks. */
import { describe, expect, it } from 'vitest';
import { dataExchanges, probeExchanges } from '../../../src/verify/inference/traffic.js';
import { recordOf } from '../../support/histories.js';

const asked = (from: string, path: string, startMs: number) => ({ from, to: 'gateway-1', path, startMs });

describe('a path that is also a health path', () => {
  const record = recordOf({
    exchanges: [
      asked('load', '/health?deep=1', 10),
      asked('load', '/pay', 20),
      asked('balancer-1', '/health', 30),
      asked('balancer-1', '/pay', 40),
    ],
  });
  const startsOf = (list: { map: (of: (one: { startMs: number }) => number) => number[] }) => list.map(({ startMs }) => startMs);

  it('is data where the load asks for it', () => {
    expect(startsOf(dataExchanges(record, { from: ['load', 'balancer-1'], to: ['gateway-1'] }))).toEqual([10, 20, 40]);
  });

  it('is a health check where anybody else does', () => {
    expect(startsOf(probeExchanges(record, 'gateway-1', { fromMs: 0, toMs: 100 }))).toEqual([30]);
  });
});
