import { expect, it } from 'vitest';
import { finalVerdicts, verdictsSoFar } from '../../src/orchestrator/verdict-news.js';
import type { Finding } from '../../src/verify/check.js';
import type { StateLane } from '../../src/verify/state-lane.js';

const segment = { state: 'open', fromMs: 1, toMs: 2 };
const lane = (subject: string, segments = 1): StateLane => ({
  subject,
  kind: 'breaker',
  segments: Array.from({ length: segments }, () => segment),
});
const promise = { name: 'n', check: 'retry', severity: 'fail', summary: 'as promised' } as const;

it('verdicts so far are without words where nothing is known yet, and each subject has one lane of bounded length', () => {
  const lanes = [lane('a'), lane('a', 2), lane('b', 500), ...Array.from({ length: 300 }, (_, index) => lane(`c${index}`))];
  const told = verdictsSoFar(
    {
      soFar: [
        { ...promise, state: 'open' },
        { ...promise, state: 'pass' },
      ],
      lanes,
    },
    5,
  );
  expect(told).toMatchObject({ atMs: 5, final: null });
  expect(told.findings.map(({ state, summary }) => [state, summary])).toEqual([
    ['open', ''],
    ['pass', 'as promised'],
  ]);
  expect(told.lanes).toHaveLength(200);
  expect(told.lanes.slice(0, 2).map(({ segments }) => segments.length)).toEqual([1, 200]);
});

it('the final ones say the verdict of the run and its exit code', () => {
  const finding: Finding = { ...promise, verdict: 'inconclusive', measurements: [], evidence: [], lanes: [lane('a')] };
  expect(finalVerdicts({ findings: [finding], verdict: 'inconclusive', exit: { code: 2, reason: 'too little' } }, 9)).toEqual({
    atMs: 9,
    final: { verdict: 'inconclusive', exitCode: 2, reason: 'too little' },
    findings: [{ ...promise, state: 'inconclusive' }],
    lanes: [lane('a')],
  });
});
