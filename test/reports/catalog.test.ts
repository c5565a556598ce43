import { describe, expect, it } from 'vitest';
import { Exchanges } from '../../src/journal/exchanges.js';
import { reporters } from '../../src/reports/catalog.js';
import type { Reporter } from '../../src/reports/reporter.js';
import { gameDayReport } from '../support/journal.js';

const report = gameDayReport({ ratePerSecond: 4, pace: 0.1 });

/** What every format has to do; a sentence for each promise it breaks. */
function breaches(reporter: Reporter): string[] {
  const { name, summary, extension, schema, example } = reporter;
  const empty = { ...report, findings: [], record: { ...report.record, exchanges: new Exchanges(), faults: [], phases: [], probes: [] } };
  const [first, second] = [reporter.render(report), reporter.render(report)];
  return [
    ...(/^[A-Z][^\n]*\.$/.test(summary) ? [] : ['the summary is no sentence']),
    ...(/^[a-z]+$/.test(extension) ? [] : ['the extension has something beside letters']),
    ...(schema.safeParse(example).success ? [] : ['the example is not accepted by the schema']),
    ...(first === second ? [] : ['the same report gives two texts']),
    ...(first.includes(report.record.run) ? [] : ['the run is not named']),
    ...(reporter.render(empty).endsWith('\n') ? [] : ['an empty run has no text that ends in a line end']),
  ].map((breach) => `${name}: ${breach}`);
}

describe('every report format', () => {
  it.each(reporters.all.map((reporter) => [reporter.name, reporter] as const))('%s keeps the promises of a format', (_name, reporter) => {
    expect(breaches(reporter)).toEqual([]);
  });

  it('would be caught breaking them', () => {
    let calls = 0;
    const [known] = reporters.all;
    if (!known) throw new Error('there is a format');
    const bad: Reporter = {
      ...known,
      name: 'bad',
      summary: 'no sentence',
      extension: '.b',
      example: { no: 1 },
      render: () => String(calls++),
    };
    expect(breaches(bad).length).toBe(6);
  });

  it('writes a file of its own', () => {
    const extensions = reporters.all.map((r) => r.extension);
    expect(new Set(extensions).size).toBe(extensions.length);
  });
});
