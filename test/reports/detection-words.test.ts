/** A curve is told by every report, whether the promise was kept or not. */
import { describe, expect, it } from 'vitest';
import { detectionWords } from '../../src/reports/detection-words.js';
import { html } from '../../src/reports/html.js';
import { json } from '../../src/reports/json.js';
import { markdown } from '../../src/reports/markdown.js';
import { reportDocument } from '../../src/reports/report-document.js';
import type { Report } from '../../src/reports/reporter.js';
import { renderFindings } from '../../src/reports/text.js';
import { detectionCurve } from '../../src/verify/checks/detection-curve.js';
import { breakerSweep, STEPS } from '../support/simulated-sweep.js';

const LEVELS = [10, 75, 100];
const params = detectionCurve.schema.parse({
  from: 'gateway',
  to: 'payments',
  during: STEPS(LEVELS),
  defence: 'breaker',
  noticesFrom: 75,
  within: '4s',
});
const record = breakerSweep({ trip: 'timeWindow', waitMs: () => 1_500, permits: 1 }, { seed: 1, percentages: LEVELS });
const finding = { ...detectionCurve.evaluate(params, record), name: 'notices', check: 'detectionCurve', severity: 'fail' as const };
const report: Report = { record, findings: [finding], verdict: finding.verdict, exit: { code: 0, reason: 'kept' } };

describe('a detection curve in words', () => {
  it('says when, by which request, that it was not, or why nobody knows', () => {
    const point = { step: 's', value: 5, text: '5 %', noticed: true, faulted: 22 };
    expect(detectionWords({ ...point, afterMs: [1_000, 1_000] })).toBe('noticed after 1.00s, by the 22nd faulted request');
    expect(detectionWords({ ...point, afterMs: [1_000, 2_000], faulted: 11 })).toBe(
      'noticed after 1.00s to 2.00s, by the 11th faulted request',
    );
    expect(detectionWords({ ...point, noticed: false, faulted: 1 })).toBe('not noticed, 1 faulted request went by');
    expect(detectionWords({ ...point, noticed: null })).toBe('not known: the traffic does not say');
  });

  it('is in every report for people, also of a promise that was kept', () => {
    expect(finding.verdict).toBe('pass');
    expect(renderFindings(report)).toMatch(/10 %: not noticed, \d+ faulted requests/);
    expect(html.render(report)).toContain('When gateway -&gt; payments noticed, by percentage');
    expect(markdown.render(report)).toMatch(/### Detection curve: notices\n\n\| percentage \| gateway -> payments/);
    expect(markdown.render(report)).toMatch(/\| 10 % +\| not noticed, \d+ faulted requests went by/);
  });

  it('is in the one for programs, in the shape that is promised', () => {
    const [told] = reportDocument.parse(JSON.parse(json.render(report) as string)).findings;
    expect(told?.curve?.points.map(({ value, noticed }) => [value, noticed])).toEqual([
      [10, false],
      [75, true],
      [100, true],
    ]);
  });
});
