/** `leadership` against members whose conduct is known: one that steps down passes, one that acts on is found, one that nobody replaced is not judged. */
import { describe, expect, it } from 'vitest';
import { leadership } from '../../../src/verify/checks/leadership.js';
import { type HistoryExchange, recordOf, times } from '../../support/histories.js';
import { cellSeeds } from '../../support/simulated-cycles.js';
import { CUT_OFF, type MembersCycle, membersCycle } from '../../support/simulated-members.js';

const params = leadership.schema.parse({ at: 'inventory', term: { header: 'X-Term' } });
const steady = leadership.schema.parse({ at: 'inventory', term: { header: 'x-term' }, during: CUT_OFF, maxChanges: 1 });
const verdicts = (given: typeof params, cycle: Omit<MembersCycle, 'seed'>) => [
  ...new Set(cellSeeds(60).map((seed) => leadership.evaluate(given, membersCycle({ seed, ...cycle })).verdict)),
];

describe('leadership against simulated members', () => {
  it('passes who steps down, fails who acts on or shares a term, and judges none that nobody replaced or asked', () => {
    expect(verdicts(params, { conduct: 'refuses' })).toEqual(['pass']);
    expect(verdicts(params, { conduct: 'acts' })).toEqual(['fail']);
    expect(verdicts(params, { conduct: 'sameTerm' })).toEqual(['fail']);
    expect(verdicts(params, { conduct: 'stays' })).toEqual(['inconclusive']);
    expect(verdicts(params, { conduct: 'refuses', isIdle: true })).toEqual(['inconclusive']);
  }, 60_000);

  it('bears as many changes as are promised, and no more', () => {
    expect(verdicts(steady, { conduct: 'refuses' })).toEqual(['pass']);
    expect(verdicts(steady, { conduct: 'stays' })).toEqual(['pass']);
    expect(verdicts(steady, { conduct: 'flaps' })).toEqual(['fail']);
  }, 60_000);

  it('names who acted on, and the events of both', () => {
    const record = membersCycle({ seed: 3, conduct: 'acts' });
    const judgement = leadership.evaluate(params, record);
    expect(judgement.summary).toMatch(
      /^\d+ answers of inventory came from who had been replaced, first inventory-1 in term 7, [\d.]+m?s after inventory-2 in term 8$/,
    );
    const shown = record.exchanges.filter(({ n }) => judgement.evidence.includes(n));
    expect(new Set(shown.map(({ answerTokens }) => answerTokens?.['x-term']))).toEqual(new Set(['7', '8']));
  });
});

const answer = (to: string, startMs: number, term: string | undefined, more: Partial<HistoryExchange> = {}): HistoryExchange => ({
  from: 'gateway-1',
  to,
  startMs,
  ...(term !== undefined && { answerTokens: { 'x-term': term } }),
  ...more,
});
const older = times({ fromMs: 0, toMs: 1_000, everyMs: 20 }).map((ms) => answer('inventory-1', ms, '9'));
const newer = times({ fromMs: 1_000, toMs: 2_000, everyMs: 20 }).map((ms) => answer('inventory-2', ms, '10'));
const judged = (...more: HistoryExchange[]) => leadership.evaluate(params, recordOf({ exchanges: [...older, ...newer, ...more] }));

describe('leadership on a history written by hand', () => {
  it('compares terms as numbers, and leaves alone who was asked before the change and answered after it', () => {
    expect(judged().verdict).toBe('pass');
    expect(judged(answer('inventory-1', 990, '9', { endMs: 1_500 })).verdict).toBe('pass');
    expect(judged(answer('inventory-1', 1_500, '9')).verdict).toBe('fail');
  });

  it.each([
    ['an answer without a term', answer('inventory-2', 1_700, undefined), 'no term'],
    ['a term that is no number', answer('inventory-2', 1_700, 'ten'), 'no term'],
  ])('does not pass with %s', (_what, more, reason) => {
    expect(judged(more)).toMatchObject({ verdict: 'inconclusive', summary: expect.stringContaining(reason) });
  });

  it('leaves out what others answer as well, where it is told by which methods leaders are asked', () => {
    const audit = answer('inventory-3', 1_700, undefined, { method: 'POST' });
    const record = recordOf({ exchanges: [...older, ...newer, audit] });
    expect(leadership.evaluate({ ...params, methods: ['GET'] }, record).verdict).toBe('pass');
  });

  it('does not take the answer of a fault for the answer of a leader', () => {
    const faults = [{ step: 'f', fromMs: 500, toMs: 1_900, instances: ['inventory-1'] }];
    const record = recordOf({ exchanges: [...older, ...newer, answer('inventory-1', 1_500, '9', { applied: ['r/f'] })], faults });
    expect(leadership.evaluate(params, record).verdict).toBe('pass');
  });

  it('says what to do when no link notes the header, and when links were not seen', () => {
    const record = recordOf({ exchanges: older.map(({ startMs }) => answer('inventory-1', startMs, undefined)) });
    expect(leadership.evaluate(params, record)).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('by `observe.answerHeaders`'),
    });
    expect(leadership.evaluate(params, { ...record, plan: { ...record.plan, linksUnseen: 'nobody told' } }).verdict).toBe('inconclusive');
  });

  it('wants the step and the number of changes together', () => {
    expect(leadership.schema.safeParse({ at: 'inventory', term: { header: 'x-term' }, maxChanges: 1 }).success).toBe(false);
  });
});
