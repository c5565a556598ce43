/** Joining attempts to the requests behind them, by the strongest mark that crosses the wire. */
import { describe, expect, it } from 'vitest';
import { demandFor } from '../../../src/verify/inference/demand.js';
import { type HistoryExchange, recordOf, times } from '../../support/histories.js';

const baseline = { fromMs: 0, toMs: 8_000 };
const caller = { service: 'gateway' };

/** Pays and stocks in turn; a pay leads to one attempt on payments, a stock to none. */
function traffic(mark: (i: number) => Partial<HistoryExchange>, attempts = 1): HistoryExchange[] {
  return times({ fromMs: 0, toMs: 10_000, everyMs: 50 }).flatMap((startMs, i): HistoryExchange[] => {
    const route = i % 2 === 0 ? 'pay' : 'stock';
    const load: HistoryExchange = { from: 'load', to: 'gateway-1', route, startMs, path: `/${route}`, ...mark(i) };
    const wire = { from: 'gateway-1', to: 'payments-1', path: '/pay', ...mark(i) };
    return [load, ...Array.from({ length: route === 'pay' ? attempts : 0 }, (_, k) => ({ ...wire, startMs: startMs + 1 + k }))];
  });
}
const view = (exchanges: readonly HistoryExchange[], callee = 'payments') =>
  demandFor(recordOf({ exchanges }), { caller, callee, baseline });

describe('demandFor', () => {
  it('joins by token, and takes only the routes that reach the dependency for demand', () => {
    const found = view(traffic((i) => ({ token: `t${i}` }), 2));
    expect(found).toMatchObject({ kind: 'joined', correlation: 'C2' });
    if (found.kind !== 'joined') return;
    expect(found.requests.length).toBe(100);
    expect(found.requests.every((request) => request.attempts.length === 2)).toBe(true);
    expect(found.routes).toEqual([
      { route: 'pay', requests: 80, reach: 1, fanOut: 2 },
      { route: 'stock', requests: 80, reach: 0, fanOut: 0 },
    ]);
  });

  it('joins by the unique part of the path when there is no token', () => {
    expect(view(traffic((i) => ({ path: `/pay/key-${i}?amount=42` })))).toMatchObject({ kind: 'joined', correlation: 'C1' });
  });

  it('joins by a key that a path says twice', () => {
    expect(view(traffic((i) => ({ path: `/orders/key-${i}/items/key-${i}` })))).toMatchObject({ kind: 'joined', correlation: 'C1' });
  });

  it('asks only the names that join enough about clocks: a token of something else is no attempt that came too early', () => {
    const paths = (i: number) => ({ path: `/pay/key-${i}?amount=42` });
    const strays = times({ fromMs: 1_000, toMs: 2_000, everyMs: 100 }).map((startMs, k): HistoryExchange[] => [
      { from: 'gateway-1', to: 'payments-1', path: '/tick', token: `job-${k}-of-many`, startMs },
      { from: 'load', to: 'gateway-1', route: 'jobs', path: '/jobs', token: `job-${k}-of-many`, startMs: startMs + 900 },
    ]);
    expect(view([...traffic(paths), ...strays.flat()])).toMatchObject({ kind: 'joined', correlation: 'C1' });
  });

  it('takes no token that several requests share', () => {
    expect(view(traffic(() => ({ token: 'same' })))).toMatchObject({ kind: 'counted', correlation: 'C0', fanOut: 0.5 });
  });

  it('falls back to counts when nothing joins', () => {
    expect(view(traffic(() => ({})))).toMatchObject({ kind: 'counted', correlation: 'C0' });
  });

  it('says why there is nothing to calibrate by', () => {
    expect(view([])).toMatchObject({ kind: 'none', reason: expect.stringContaining('fewer than 20 load requests') });
    expect(
      view(
        traffic((i) => ({ token: `t${i}` })),
        'inventory',
      ),
    ).toMatchObject({
      kind: 'none',
      reason: 'no data request from gateway to inventory crossed the wire in the baseline',
    });
  });
});
