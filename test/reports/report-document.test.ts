import { describe, expect, it } from 'vitest';
import { json } from '../../src/reports/json.js';
import { reportDocument, reportJsonSchema } from '../../src/reports/report-document.js';
import { gameDayReport } from '../support/journal.js';

const small = { ratePerSecond: 6, pace: 0.1 };
const written = (options: object): unknown => JSON.parse(json.render(gameDayReport({ ...small, ...options })));

describe('the schema of the JSON report', () => {
  it.each([
    ['that passed', {}],
    ['that failed', { bad: true, ejection: false }],
  ])('takes the report of a run %s', (_title, options) => {
    expect(reportDocument.safeParse(written(options)).error).toBeUndefined();
  });

  it('takes the report of a journal that ends before it began', () => {
    const report = gameDayReport(small);
    const record = {
      ...report.record,
      fromMs: Number.NaN,
      toMs: Number.NaN,
      wallMs: 0,
      status: 'unfinished' as const,
      phases: [],
      faults: [],
      steps: [],
      probes: [],
    };
    expect(reportDocument.safeParse(JSON.parse(json.render({ ...report, findings: [], record }))).error).toBeUndefined();
  });

  it.each([
    ['another format', { format: 'faultlab-report/2' }],
    ['a verdict of its own', { verdict: 'ok' }],
    ['no findings', { findings: undefined }],
    ['a finding without a verdict', { findings: [{ name: 'x' }] }],
  ])('refuses a report with %s', (_title, change) => {
    expect(reportDocument.safeParse({ ...(written({}) as object), ...change }).success).toBe(false);
  });

  it('takes keys that a later version adds', () => {
    expect(reportDocument.safeParse({ ...(written({}) as object), later: 1 }).success).toBe(true);
  });

  it('is there as JSON Schema', () => {
    const schema = reportJsonSchema();
    expect(schema.$schema).toContain('2020-12');
    expect(schema.required).toEqual(expect.arrayContaining(['verdict', 'findings', 'run']));
  });
});
