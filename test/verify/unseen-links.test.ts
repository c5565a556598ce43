/** A run whose proxies told nothing: promises about links are inconclusive and say why; those about the load's own requests are judged as ever. */
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/journal/record.js';
import { circuitBreaker } from '../../src/verify/checks/circuit-breaker.js';
import { faultWasFelt } from '../../src/verify/checks/fault-was-felt.js';
import { outlierEjection } from '../../src/verify/checks/outlier-ejection.js';
import { recovery } from '../../src/verify/checks/recovery.js';
import { type HistoryExchange, recordOf, times } from '../support/histories.js';

const WHY = 'nobody told';
/** What such a run leaves: the load's own requests, and faults of which only the times are known. */
function unseen(status: number, toMs: number): RunRecord {
  const exchanges = times({ fromMs: 0, toMs: 26_000, everyMs: 10 }).map(
    (startMs): HistoryExchange => ({
      from: 'load',
      to: 'gateway-1',
      route: 'stock',
      startMs,
      ...(startMs >= 9_000 && startMs < toMs && { status }),
    }),
  );
  const cut = { step: 'cut', fromMs: 9_000, toMs: 12_000, instances: ['inventory-5'], matched: 0, applied: 0 };
  const record = recordOf({ exchanges, faults: [cut] });
  return { ...record, plan: { ...record.plan, linksUnseen: WHY } };
}
const returned = unseen(503, 13_000);

describe('a run whose links were not seen', () => {
  it('does not know whether a fault was felt', () => {
    const judgement = faultWasFelt.evaluate({ step: 'cut', minMatched: 1 }, returned);
    expect(judgement).toMatchObject({ verdict: 'inconclusive', summary: expect.stringContaining(WHY) });
  });

  it.each([
    [
      'recovery',
      recovery.evaluate(
        recovery.schema.parse({ after: 'cut', from: 'gateway', to: 'inventory', metric: 'successRate', value: 99, within: '8s' }),
        returned,
      ),
    ],
    [
      'outlierEjection',
      outlierEjection.evaluate(
        outlierEjection.schema.parse({ from: 'gateway', to: 'inventory', during: 'cut', detectWithin: '2s' }),
        returned,
      ),
    ],
    [
      'circuitBreaker',
      circuitBreaker.evaluate(
        circuitBreaker.schema.parse({ from: 'gateway', to: 'inventory', during: 'cut', opensWithin: '2s' }),
        returned,
      ),
    ],
  ])('leaves %s over a link inconclusive, with the reason', (_name, judgement) => {
    expect(judgement).toMatchObject({ verdict: 'inconclusive', summary: expect.stringContaining(WHY) });
  });

  it('still judges the recovery of what the load itself asked for, both ways', () => {
    const params = recovery.schema.parse({ after: 'cut', to: 'gateway', metric: 'successRate', value: 99, within: '8s' });
    expect(recovery.evaluate(params, returned).verdict).toBe('pass');
    expect(recovery.evaluate(params, unseen(503, 24_000)).verdict).toBe('fail');
  });
});
