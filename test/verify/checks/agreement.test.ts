/** `agreement`: hosts of one mind, of two, silent ones and ones that nobody asked, of all of which the truth is known. */
import { describe, expect, it } from 'vitest';
import { agreement } from '../../../src/verify/checks/agreement.js';
import { type HistoryExchange, recordOf } from '../../support/histories.js';
import { seeds } from '../../support/simulated-cycles.js';
import { LIAR, LIES, type VoicesScene, voicesCycle } from '../../support/simulated-voices.js';

const asked = { from: 'gateway', to: 'inventory', about: { header: 'X-Round' }, says: { header: 'X-Decision' } };
const params = agreement.schema.parse({ ...asked, during: LIES, except: [LIAR] });

function judged(scene: Omit<VoicesScene, 'seed'> & { seed?: number }, given = params) {
  const { record, truth } = voicesCycle({ seed: 1, ...scene });
  return { record, truth, judgement: agreement.evaluate(given, record) };
}

describe('agreement', () => {
  it('passes 100 groups of one mind, though a tenth of them is silent and one lies that does not count', () => {
    const verdicts = seeds(100).map((seed) => judged({ seed, liarLies: true, silentRatio: 0.1 }).judgement.verdict);
    expect([...new Set(verdicts)]).toEqual(['pass']);
  });

  it('counts exactly the questions on which 100 groups were of two minds', () => {
    const wrong = seeds(100).filter((seed) => {
      const { judgement, truth } = judged({ seed, splitRatio: 0.3, silentRatio: 0.1 });
      return judgement.verdict !== 'fail' || judgement.measurements[0]?.value !== truth.divided;
    });
    expect(wrong).toEqual([]);
  });

  it('finds the liar where its word counts, and says who was on which side', () => {
    const { judgement, record } = judged({ liarLies: true }, { ...params, except: [] });
    expect(judgement.verdict).toBe('fail');
    expect(judgement.summary).toMatch(/80 of 80 questions were answered differently, first 8000: inventory-1, .*, inventory-3 says /);
    const shown = record.exchanges.filter(({ n }) => judgement.evidence.includes(n));
    expect(new Set(shown.map((e) => e.answerTokens?.['x-decision']))).toEqual(new Set(['attack', 'retreat']));
  });

  it('judges nobody who was not asked, not under the fault, or by too few', () => {
    expect(judged({ isIdle: true }).judgement.verdict).toBe('inconclusive');
    expect(judged({ isUnfelt: true }).judgement.verdict).toBe('inconclusive');
    expect(judged({ silentRatio: 0.9 }, { ...params, minVoices: 4 }).judgement).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('20 questions with x-decision in their answers are needed to judge'),
    });
  });

  it('bears as many as it is told to', () => {
    const { truth } = judged({ splitRatio: 0.1 });
    expect(truth.divided).toBeGreaterThan(0);
    expect(judged({ splitRatio: 0.1 }, { ...params, max: truth.divided }).judgement.verdict).toBe('pass');
    expect(judged({ splitRatio: 0.1 }, { ...params, max: truth.divided - 1 }).judgement.verdict).toBe('fail');
  });

  it('takes the path for the question where no header is named', () => {
    const say = (to: string, path: string, answer: string): HistoryExchange => ({
      from: 'gateway-1',
      to,
      path,
      startMs: 100,
      answerTokens: { 'x-decision': answer },
    });
    const exchanges = [say('inventory-1', '/a', 'yes'), say('inventory-2', '/b', 'no'), say('inventory-3', '/a', 'no')];
    const byPath = agreement.schema.parse({ from: 'gateway', to: 'inventory', says: asked.says, minDemand: 1 });
    const { summary, verdict } = agreement.evaluate(byPath, recordOf({ exchanges }));
    expect(verdict).toBe('fail');
    expect(summary).toContain('1 of 1 questions were answered differently, first /a: inventory-1 says yes, inventory-3 says no');
  });
});
