import { describe, expect, it } from 'vitest';
import { byUrgency, type ReportFinding, routeOfRun } from '../../../../../dashboards/live/src/views/run/report-of-run.js';

describe('the view of one run', () => {
  it('tells broken promises first, and keeps the order of the plan among equals', () => {
    const finding = (name: string, verdict: ReportFinding['verdict']) => ({ name, verdict }) as ReportFinding;
    const findings = [
      finding('a', 'pass'),
      finding('b', 'fail'),
      finding('c', 'inconclusive'),
      finding('d', 'pass'),
      finding('e', 'error'),
    ];
    expect(byUrgency(findings).map(({ name }) => name)).toEqual(['e', 'b', 'c', 'a', 'd']);
  });

  it('asks for a run by its name, whatever is in it', () => {
    expect(routeOfRun('../a b', 'report.json')).toBe('/v1/history/..%2Fa%20b/report.json');
  });
});
