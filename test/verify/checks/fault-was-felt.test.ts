/** `faultWasFelt`: green because nothing happened is what it exists to prevent. */
import { describe, expect, it } from 'vitest';
import { Exchanges } from '../../../src/journal/exchanges.js';
import { LOAD } from '../../../src/journal/observations.js';
import { faultWasFelt } from '../../../src/verify/checks/fault-was-felt.js';
import { condensed } from '../../support/condensed.js';
import { type HistoryFault, recordOf, times } from '../../support/histories.js';

const fault: HistoryFault = { step: 'gray', fromMs: 9_000, toMs: 12_000, instances: ['inventory-3'], matched: 40, applied: 16 };

function judged(faults: readonly HistoryFault[], minMatched = 10) {
  return faultWasFelt.evaluate({ step: 'gray', minMatched }, recordOf({ exchanges: [], faults }));
}

describe('faultWasFelt', () => {
  it('passes when enough met the fault and some felt it', () => {
    expect(judged([fault])).toMatchObject({
      verdict: 'pass',
      summary: 'the fault of step "gray" met 40 requests or connections and was applied to 16',
    });
    expect(judged([fault]).evidence.length).toBe(2);
  });

  it.each([
    ['a caller on a link', 'gateway-1', 'inventory-3', 'pass'],
    ['the load', LOAD, 'inventory-3', 'pass'],
    ['nobody but others', LOAD, 'inventory-2', 'inconclusive'],
  ])('says of a fault on processes whether %s called them meanwhile', (_who, from, to, verdict) => {
    const history = { exchanges: [{ from, to, startMs: 10_000 }], faults: [{ ...fault, isOnProcesses: true }] };
    expect(faultWasFelt.evaluate({ step: 'gray', minMatched: 1 }, recordOf(history)).verdict).toBe(verdict);
  });

  it('counts those whose connection broke with the process, before the journal could say that the fault was on', () => {
    const called = { from: LOAD, to: 'inventory-3', startMs: 8_000, endMs: 8_995 };
    const record = recordOf({ exchanges: [called], faults: [{ ...fault, isOnProcesses: true }] });
    const [on] = record.faults;
    const meant = {
      type: 'faultIntended',
      n: 9_999,
      atMs: 8_990,
      fault: on?.fault ?? '',
      step: 'gray',
      links: [],
      performs: 'crash',
    } as const;
    const judgedWith = (events: typeof record.events) =>
      faultWasFelt.evaluate({ step: 'gray', minMatched: 1 }, { ...record, events }).verdict;
    expect([judgedWith([meant]), judgedWith([{ ...meant, atMs: 8_996 }])]).toEqual(['pass', 'inconclusive']);
  });

  it.each([
    ['was at work just before', 7_500, 'pass'],
    ['had long been idle', 2_000, 'inconclusive'],
  ])('says of one who calls others, and whom nobody calls, whether it %s', (_how, endMs, verdict) => {
    const asked = { from: 'inventory-3', to: 'queue', startMs: endMs - 20, endMs };
    const record = recordOf({ exchanges: [asked], faults: [{ ...fault, isOnProcesses: true }] });
    const faults = record.faults.map((on) => ({ ...on, planned: { ...on.planned, links: ['inventory-3->queue'] } }));
    expect(faultWasFelt.evaluate({ step: 'gray', minMatched: 1 }, { ...record, faults }).verdict).toBe(verdict);
  });

  it('finds callers of a long run in the sums that are left of it', () => {
    const exchanges = times({ fromMs: 0, toMs: 30_000, everyMs: 50 }).map((startMs) => ({ from: LOAD, to: 'inventory-3', startMs }));
    const record = condensed({ exchanges, faults: [{ ...fault, toMs: 25_000, isOnProcesses: true }] }, { afterMs: 0, beforeMs: 0 });
    const summedOnly = { ...record, exchanges: new Exchanges() };
    expect(faultWasFelt.evaluate({ step: 'gray', minMatched: 1 }, summedOnly).verdict).toBe('pass');
    expect(faultWasFelt.evaluate({ step: 'gray', minMatched: 1 }, { ...summedOnly, sums: [] }).verdict).toBe('inconclusive');
  });

  it.each([
    ['too few met it', [{ ...fault, matched: 9 }], 'met 9 requests'],
    ['it was applied to none', [{ ...fault, applied: 0 }], 'applied to 0'],
    ['it was never on', [], 'the fault of step "gray" was never on'],
    ['its end is not known', [{ step: 'gray', fromMs: 9_000, instances: ['inventory-3'] }], 'nor what it met'],
  ])('is inconclusive when %s', (_why, faults, reason) => {
    const judgement = judged(faults);
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.summary).toContain(reason);
  });
});
