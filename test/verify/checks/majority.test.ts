/** `majority` against members whose conduct is known: a minority that refuses passes, one that accepts is found, and where there is none nothing is judged. */
import { describe, expect, it } from 'vitest';
import { majority } from '../../../src/verify/checks/majority.js';
import { seeds } from '../../support/simulated-cycles.js';
import { CUT_OFF, type MembersCycle, membersCycle } from '../../support/simulated-members.js';

const params = majority.schema.parse({ at: 'inventory', during: CUT_OFF, within: '2500ms' });
const judged = (cycle: MembersCycle) => majority.evaluate(params, membersCycle(cycle));
const verdicts = (cycle: Omit<MembersCycle, 'seed'>) => [...new Set(seeds(60).map((seed) => judged({ seed, ...cycle }).verdict))];

describe('majority against simulated members', () => {
  it('passes a minority that refuses, fails one that accepts, and judges none that nobody asked', () => {
    expect(verdicts({ conduct: 'refuses' })).toEqual(['pass']);
    expect(verdicts({ conduct: 'acts' })).toEqual(['fail']);
    expect(verdicts({ conduct: 'refuses', isIdle: true })).toEqual(['inconclusive']);
  }, 60_000);

  it('finds the smaller side by the links that are cut, whichever it is', () => {
    expect(judged({ seed: 1, conduct: 'refuses', apart: 2 }).summary).toMatch(/^inventory-1, inventory-2, without a majority/);
    expect(judged({ seed: 1, conduct: 'refuses', apart: 3 }).summary).toMatch(/^inventory-4, inventory-5, without a majority/);
    expect(judged({ seed: 1, conduct: 'refuses', apart: 0 })).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('leaves each of inventory a majority'),
    });
  });

  it('names the instance that accepted, with its events', () => {
    const record = membersCycle({ seed: 3, conduct: 'acts' });
    const judgement = majority.evaluate(params, record);
    expect(judgement.summary).toMatch(/accepted \d+ of \d+ requests; inventory-1 was the first to$/);
    const shown = record.exchanges.filter(({ n }) => judgement.evidence.includes(n));
    expect(new Set(shown.map(({ to }) => to))).toEqual(new Set(['inventory-1']));
  });

  it('judges neither a fault that never was nor links that nobody saw', () => {
    const record = membersCycle({ seed: 1, conduct: 'acts' });
    expect(majority.evaluate({ ...params, during: 'another' }, record).verdict).toBe('inconclusive');
    expect(majority.evaluate(params, { ...record, plan: { ...record.plan, linksUnseen: 'nobody told' } }).verdict).toBe('inconclusive');
  });
});
