/** `fencing` against stores whose fence is known: a strict one passes, a leaky one never does, one that nobody tried is not judged. */
import { describe, expect, it } from 'vitest';
import { fencing } from '../../../src/verify/checks/fencing.js';
import { type HistoryExchange, recordOf, times } from '../../support/histories.js';
import { cellSeeds } from '../../support/simulated-cycles.js';
import { type StoreCycle, storeCycle } from '../../support/simulated-store.js';

const params = fencing.schema.parse({ at: 'payments', token: { header: 'X-Epoch' }, overlap: 'none' });
const judged = (cycle: StoreCycle) => fencing.evaluate(params, storeCycle(cycle));

describe('fencing against simulated stores', () => {
  it('passes strict stores, fails leaky ones, and judges none that nobody tried', () => {
    const cycles = cellSeeds(200);
    const verdicts = (cycle: Omit<StoreCycle, 'seed'>) => [...new Set(cycles.map((seed) => judged({ seed, ...cycle }).verdict))];
    expect(verdicts({ fence: 'strict' })).toEqual(['pass']);
    expect(verdicts({ fence: 'none' })).toEqual(['fail']);
    expect(verdicts({ fence: 'forgetful' })).toEqual(['fail']);
    expect(verdicts({ fence: 'lenient' })).toEqual(['fail']);
    expect(verdicts({ fence: 'strict', isShared: true })).toEqual(['fail']);
    expect(verdicts({ fence: 'strict', held: 0 })).toEqual(['inconclusive']);
    expect(verdicts({ fence: 'none', held: 0 })).toEqual(['inconclusive']);
    expect(verdicts({ fence: 'strict', isIdle: true })).toEqual(['inconclusive']);
  }, 60_000);

  it('names the stale write, the newer one, and both of their events', () => {
    const record = storeCycle({ seed: 3, fence: 'none' });
    const judgement = fencing.evaluate(params, record);
    expect(judgement.summary).toMatch(
      /^payments accepted 4 of 4 stale writes, first token 7 from gateway-1 2\.0\ds after token 8 from gateway-2$/,
    );
    const shown = record.exchanges.filter((e) => judgement.evidence.includes(e.n));
    expect(new Set(shown.map((e) => e.tokens?.['x-epoch']))).toEqual(new Set(['7', '8']));
    expect(shown.length).toBeGreaterThanOrEqual(5);
  });

  it('names two holders of one token, unless that is allowed', () => {
    const record = storeCycle({ seed: 3, fence: 'strict', isShared: true });
    expect(fencing.evaluate(params, record).summary).toBe('payments accepted writes with token 7 from gateway-1 and gateway-2');
    expect(fencing.evaluate({ ...params, overlap: 'allowed' }, record).verdict).toBe('inconclusive');
  });
});

const put = (startMs: number, token: string | undefined, more: Partial<HistoryExchange> = {}): HistoryExchange => ({
  from: 'gateway-1',
  to: 'payments-1',
  method: 'PUT',
  startMs,
  ...(token !== undefined && { tokens: { 'x-epoch': token } }),
  ...more,
});
const oldOnes = times({ fromMs: 0, toMs: 1_000, everyMs: 10 }).map((ms) => put(ms, '9'));
const newOnes = times({ fromMs: 1_000, toMs: 2_000, everyMs: 10 }).map((ms) => put(ms, '10'));
const refusedOne = put(1_505, '9', { status: 412 });
const history = (...more: HistoryExchange[]) => fencing.evaluate(params, recordOf({ exchanges: [...oldOnes, ...newOnes, ...more] }));

describe('fencing on a history written by hand', () => {
  it('compares tokens as numbers, not as text', () => {
    expect(history(refusedOne)).toMatchObject({ verdict: 'pass', summary: expect.stringContaining('it refused 1') });
    expect(history(refusedOne, put(1_600, '9')).verdict).toBe('fail');
  });

  it('calls a pair that overlaps doubtful, and one that was held and let go too late stale', () => {
    const overlapping = put(999, '9', { endMs: 1_200 });
    expect(history(refusedOne, overlapping)).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('nobody knows which was first: token 9 from gateway-1'),
    });
    expect(history({ ...overlapping, requestEndMs: 1_199 }).verdict).toBe('fail');
  });

  it('judges the copy that a fault has sent late as any other write', () => {
    expect(history(refusedOne, put(1_700, '9', { isCopy: true })).verdict).toBe('fail');
    expect(history(put(1_700, '9', { isCopy: true, status: 409 })).verdict).toBe('pass');
  });

  it.each([
    ['an answer that nobody saw', put(1_600, '9', { end: 'upstreamReset', applied: ['r/cut'] }), 'nobody saw'],
    ['an accepted write without a token', put(1_600, undefined), 'without a token'],
    ['a token that is no number', put(1_600, 'nine'), 'without a token'],
  ])('does not pass with %s', (_what, write, reason) => {
    expect(history(refusedOne, write)).toMatchObject({ verdict: 'inconclusive', summary: expect.stringContaining(reason) });
  });

  it.each([
    ['an error', { status: 503 }],
    ['an answer to haste', { status: 429 }],
  ])('does not take %s for a refusal', (_what, more) => {
    expect(history(put(1_600, '9', more))).toMatchObject({ verdict: 'inconclusive', summary: expect.stringContaining('was not tried') });
  });

  it('does not take the answer of a fault for the answer of the store', () => {
    const faults = [{ step: 'f', fromMs: 500, toMs: 1_900, instances: ['payments-1'] }];
    const stale = put(1_600, '9', { status: 409, applied: ['r/f'] });
    const record = recordOf({ exchanges: [...oldOnes, ...newOnes, stale], faults });
    expect(fencing.evaluate(params, record).verdict).toBe('inconclusive');
  });

  it('says what to do when no link notes the header, and when links were not seen', () => {
    const record = recordOf({ exchanges: times({ fromMs: 0, toMs: 2_000, everyMs: 10 }).map((ms) => put(ms, undefined)) });
    expect(fencing.evaluate(params, record)).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('do the links note the header, by `observe.headers`?'),
    });
    const unseen = { ...record, plan: { ...record.plan, linksUnseen: 'nobody told' } };
    expect(fencing.evaluate(params, unseen)).toMatchObject({ verdict: 'inconclusive', summary: expect.stringContaining('nobody told') });
  });
});
