import { describe, expect, it } from 'vitest';
import { convert, create } from 'xmlbuilder2';
import { junit } from '../../src/reports/junit.js';
import type { Report } from '../../src/reports/reporter.js';
import { gameDayReport } from '../support/journal.js';

const small = { ratePerSecond: 6, pace: 0.1 };
const bad = gameDayReport({ ...small, bad: true, ejection: false });

interface Node {
  nodeName: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly Node[];
  text: string;
}

/** What a reader of JUnit files sees. Throws where the text is no XML. */
function parsed(report: Report): Node {
  const nodeOf = (element: { nodeName: string; attributes: object; childNodes: object; textContent: string | null }): Node => ({
    nodeName: element.nodeName,
    attributes: Object.fromEntries(
      [...(element.attributes as Iterable<{ name: string; value: string }>)].map(({ name, value }) => [name, value]),
    ),
    children: [...(element.childNodes as Iterable<Parameters<typeof nodeOf>[0] & { nodeType: number }>)]
      .filter(({ nodeType }) => nodeType === 1)
      .map(nodeOf),
    text: element.textContent ?? '',
  });
  return nodeOf(create(junit.render(report)).root().node as unknown as Parameters<typeof nodeOf>[0]);
}
const casesOf = (root: Node): readonly Node[] =>
  root.children.flatMap((suite) => suite.children.filter(({ nodeName }) => nodeName === 'testcase'));
const outcomeOf = (test: Node): string => test.children.map(({ nodeName }) => nodeName).find((name) => name !== 'system-out') ?? 'green';

/** With this in the place of its first finding. */
function withFirst(change: Partial<Report['findings'][number]>): Report {
  const [first, ...rest] = bad.findings;
  if (!first) throw new Error('there is a finding');
  return { ...bad, findings: [{ ...first, ...change }, ...rest] };
}

describe('the report for CI systems', () => {
  it('looks as it did when somebody last looked at it', async () => {
    await expect(junit.render(bad)).toMatchFileSnapshot('golden/report.xml');
  });

  it('has the counts that its cases have, in the root and in every suite', () => {
    const root = parsed(bad);
    for (const node of [root, ...root.children]) {
      const cases = node === root ? casesOf(root) : casesOf({ ...root, children: [node] });
      const count = (outcome: string): string => String(cases.filter((test) => outcomeOf(test) === outcome).length);
      const { tests, failures, errors, skipped } = node.attributes;
      expect({ tests, failures, errors, skipped }).toEqual({
        tests: String(cases.length),
        failures: count('failure'),
        errors: count('error'),
        skipped: count('skipped'),
      });
    }
    expect(casesOf(root)).toHaveLength(bad.findings.length + 1);
  });

  it('files a check under the fault that it is about', () => {
    const params = { during: 'one-host-goes-gray' };
    const plan = { ...bad.record.plan, checks: bad.findings.map(({ name, check, severity }) => ({ name, check, severity, params })) };
    const root = parsed({ ...bad, record: { ...bad.record, plan } });
    const suite = root.children.find(({ attributes }) => attributes['name'] === 'one-host-goes-gray');
    expect(casesOf({ ...root, children: suite ? [suite] : [] })).toHaveLength(bad.findings.length);
  });

  it.each([
    ['pass', 'fail', 'green'],
    ['fail', 'fail', 'failure'],
    ['inconclusive', 'fail', 'error'],
    ['error', 'fail', 'error'],
    ['fail', 'warn', 'skipped'],
    ['inconclusive', 'warn', 'skipped'],
  ] as const)('shows %s of severity %s as %s', (verdict, severity, outcome) => {
    expect(outcomeOf(casesOf(parsed(withFirst({ verdict, severity })))[1] as Node)).toBe(outcome);
  });

  it.each([
    ['that was not healed', { cleanup: 'dirty' as const }, 'failure'],
    ['that was stopped', { status: 'stopped' as const }, 'error'],
    ['whose steady state was not met', { steadyState: 'notMet' as const }, 'error'],
  ])('is not green for a run %s', (_title, change, outcome) => {
    const root = parsed({ ...bad, record: { ...bad.record, ...change }, findings: [] });
    expect(casesOf(root).map(outcomeOf)).toEqual([outcome]);
  });

  it('is not green for a run that promised nothing', () => {
    expect(casesOf(parsed({ ...bad, findings: [] })).map(outcomeOf)).toEqual(['error']);
  });

  it('keeps a hostile name within its attribute', () => {
    const name = `"/><script>]]>&\u0000\u001b[2J\u202e'`;
    const text = junit.render(withFirst({ name, summary: name }));
    expect(text).not.toContain('<script>');
    for (const control of ['\u0000', '\u001b', '\u202e']) expect(text).not.toContain(control);
    expect(casesOf(parsed(withFirst({ name })))[1]?.attributes['name']).toContain('"/><script>]]>&');
  });

  it('would be refused by its reader were it cut short', () => {
    expect(() => convert(junit.render(bad).slice(0, -20), { format: 'object' })).toThrow();
  });
});
