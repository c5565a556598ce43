/** Every combination of how a run can end, held against the table of exit codes and its order of precedence; a judge with another order is found. */
import { describe, expect, it } from 'vitest';
import type { RunStatus } from '../../src/journal/events.js';
import type { RunRecord } from '../../src/journal/record.js';
import type { Verdict } from '../../src/verify/check.js';
import { exitOf, worstExit } from '../../src/verify/judge.js';
import { type History, recordOf } from '../support/histories.js';

interface Ending {
  cleanup: RunRecord['cleanup'];
  status: RunStatus;
  steadyState: RunRecord['steadyState'];
  verdict: Verdict;
}
type Judge = (ending: Ending) => number;

/** What each circumstance calls for by itself, worst first: 5 > 70 > 4 > 1 > 3 > 2 > 0. */
const TABLE: readonly { code: number; applies: (ending: Ending) => boolean }[] = [
  { code: 5, applies: ({ cleanup }) => cleanup === 'dirty' },
  { code: 70, applies: ({ status, verdict }) => status === 'error' || verdict === 'error' },
  { code: 4, applies: ({ status }) => status === 'stopped' || status === 'interrupted' },
  { code: 1, applies: ({ verdict }) => verdict === 'fail' },
  { code: 3, applies: ({ steadyState }) => steadyState === 'notMet' },
  { code: 2, applies: ({ verdict }) => verdict === 'inconclusive' },
  { code: 0, applies: ({ verdict }) => verdict === 'pass' },
];

const endings: readonly Ending[] = (['confirmed', 'dirty'] as const).flatMap((cleanup) =>
  (['completed', 'stopped', 'interrupted', 'error'] as const).flatMap((status) =>
    (['met', 'notMet', 'unchecked'] as const).flatMap((steadyState) =>
      (['pass', 'fail', 'inconclusive', 'error'] as const).map((verdict) => ({ cleanup, status, steadyState, verdict })),
    ),
  ),
);

const expected: Judge = (ending) => TABLE.find(({ applies }) => applies(ending))?.code ?? Number.NaN;
const shipped: Judge = ({ verdict, ...ending }) => {
  const history: History = { exchanges: [], faults: [], checks: [], ...ending };
  return exitOf({ record: recordOf(history), verdict }).code;
};
const breaches = (judge: Judge): readonly Ending[] => endings.filter((ending) => judge(ending) !== expected(ending));

describe('the exit code of a run', () => {
  it('is the worst that applies, for each of all combinations', () => {
    expect(endings).toHaveLength(96);
    expect(breaches(shipped)).toEqual([]);
  });

  it('covers every row of the table', () => {
    expect(new Set(endings.map(expected))).toEqual(new Set(TABLE.map(({ code }) => code)));
  });

  it.each([
    { title: 'says pass for a run that was not healed', judge: (e: Ending) => (e.verdict === 'pass' ? 0 : shipped(e)) },
    {
      title: 'lets a broken promise hide that the run was stopped',
      judge: (e: Ending) => (e.verdict === 'fail' && e.status !== 'error' ? 1 : shipped(e)),
    },
    {
      title: 'says inconclusive before a steady state that was not met',
      judge: (e: Ending) => (e.verdict === 'inconclusive' ? 2 : shipped(e)),
    },
  ])('a judge that $title is found out', ({ judge }) => {
    expect(breaches(judge)).not.toEqual([]);
  });
});

describe('the exit code of several runs', () => {
  /** A run that could not be started at all is worse than one that was stopped or failed. */
  const order = [5, 70, 69, 64, 4, 1, 3, 2, 0];

  it('is the worse one of each pair, whichever came first', () => {
    for (const [i, worse] of order.entries())
      for (const better of order.slice(i)) {
        expect(worstExit([worse, better]), `${worse} and ${better}`).toBe(worse);
        expect(worstExit([better, worse]), `${better} and ${worse}`).toBe(worse);
      }
  });
});
