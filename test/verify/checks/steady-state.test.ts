/** `steadyState`: before, after, and all along. Not well before the method is no failure under fault. */
import { describe, expect, it } from 'vitest';
import type { RecordedProbe } from '../../../src/journal/events.js';
import { steadyState } from '../../../src/verify/checks/steady-state.js';
import { type History, recordOf } from '../../support/histories.js';

type Results = NonNullable<History['probeResults']>;
const edge: RecordedProbe = { name: 'fast', type: 'wire', mode: 'edge', expectation: 'p99 <= 500ms' };
const continuous: RecordedProbe = {
  name: 'answers',
  type: 'wire',
  mode: 'continuous',
  expectation: 'successRate >= 95',
  failureThreshold: 3,
};
const asked = (probe: string, phase: Results[number]['phase'], ...met: (boolean | null)[]): Results =>
  met.map((m) => ({ probe, phase, met: m }));

function judged(probes: readonly RecordedProbe[], ...results: Results[]) {
  return steadyState.evaluate({}, recordOf({ exchanges: [], probes, probeResults: results.flat() }));
}

describe('steadyState', () => {
  it('passes when met before and at the end; earlier answers of a gate do not count', () => {
    expect(judged([edge], asked('fast', 'baseline', false, true), asked('fast', 'settle', true))).toMatchObject({
      verdict: 'pass',
      summary: 'fast: met before, at the end, and whenever it was asked',
    });
  });

  it('fails when not met at the end, and shows the answer that says so', () => {
    const judgement = judged([edge], asked('fast', 'baseline', true), asked('fast', 'settle', true, false));
    expect(judgement).toMatchObject({ verdict: 'fail', summary: 'fast was not met at the end: as told' });
    expect(judgement.evidence.length).toBe(1);
  });

  it('is inconclusive when not met before the method, because nothing was injected', () => {
    expect(judged([edge], asked('fast', 'baseline', false))).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('fast was not met before the method'),
    });
  });

  it.each([
    ['nobody asked', []],
    ['the end was not reached', asked('fast', 'baseline', true)],
    ['there was no traffic to judge by', [...asked('fast', 'baseline', true), ...asked('fast', 'settle', null)]],
  ])('is inconclusive when %s', (_why, results) => {
    expect(judged([edge], results).verdict).toBe('inconclusive');
  });

  it('forgives a continuous probe fewer failures in a row than its threshold', () => {
    const around = [...asked('answers', 'baseline', true), ...asked('answers', 'settle', true)];
    expect(judged([continuous], around, asked('answers', 'method', true, false, false, true, false, false)).verdict).toBe('pass');
    expect(judged([continuous], around, asked('answers', 'method', true, false, false, false, true))).toMatchObject({
      verdict: 'fail',
      summary: 'answers was not met 3 times in a row while faults were on: as told',
    });
    expect(judged([continuous], around, asked('answers', 'method', false, false, null, false)).verdict).toBe('fail');
  });

  it('judges only the probes that it was told of, and says so when there is no such probe', () => {
    const record = recordOf({
      exchanges: [],
      probes: [edge],
      probeResults: [...asked('fast', 'baseline', true), ...asked('fast', 'settle', true)],
    });
    expect(steadyState.evaluate({ probes: ['fast'] }, record).verdict).toBe('pass');
    expect(steadyState.evaluate({ probes: ['slow'] }, record)).toMatchObject({
      verdict: 'inconclusive',
      summary: 'the plan has no probe named "slow"',
    });
  });

  it('says no more than that when the method was never begun', () => {
    const whole = recordOf({ exchanges: [], probes: [edge], probeResults: asked('fast', 'baseline', false) });
    const record = { ...whole, phases: whole.phases.filter((phase) => phase.phase !== 'method') };
    expect(steadyState.evaluate({}, record).summary).toBe('fast was not met before the method: as told');
    const met = recordOf({ exchanges: [], probes: [edge], probeResults: asked('fast', 'baseline', true) });
    expect(steadyState.evaluate({}, { ...met, phases: record.phases })).toMatchObject({
      verdict: 'inconclusive',
      summary: 'the method was never begun',
    });
  });

  it('a plan without probes is inconclusive', () => {
    expect(judged([]).verdict).toBe('inconclusive');
  });
});
