import { describe, expect, it } from 'vitest';
import { renderFindings, text } from '../../src/reports/text.js';
import { gameDayReport } from '../support/journal.js';

const small = { ratePerSecond: 6, pace: 0.1 };
const bad = gameDayReport({ ...small, bad: true, ejection: false });
const ESCAPE = '\u001b';

describe('the table for the terminal', () => {
  it('looks as it did when somebody last looked at it', async () => {
    await expect(text.render(bad)).toMatchFileSnapshot('golden/report.txt');
  });

  it('has colour only when told so', () => {
    expect(text.render(bad)).not.toContain(ESCAPE);
    expect(renderFindings(bad, { colour: true })).toContain(ESCAPE);
  });

  it.each([60, 80, 120, 160])('keeps its table within %i columns', (columns) => {
    const rulers = renderFindings(bad, { columns })
      .split('\n')
      .filter((line) => /^[┌├└│]/.test(line));
    expect(rulers.length).toBeGreaterThan(3);
    expect(Math.max(...rulers.map((line) => line.length))).toBeLessThanOrEqual(columns);
  });

  it('is a list where there is no room for a table', () => {
    const text = renderFindings(bad, { columns: 46 });
    expect(text).not.toContain('│');
    expect(text).toContain('✘ FAIL  the-gray-host-is-ejected\ninventory-3 was never ejected');
  });

  it('lets no name move the cursor', () => {
    const [first] = bad.findings;
    if (!first) throw new Error('there is a finding');
    const report = { ...bad, findings: [{ ...first, name: `${ESCAPE}[2Jgone`, summary: `line\r${ESCAPE}]0;title\u0007` }] };
    for (const control of [ESCAPE, '\u0007', '\r']) expect(text.render(report)).not.toContain(control);
  });

  it('breaks a long name rather than cut it', () => {
    const [first] = bad.findings;
    if (!first) throw new Error('there is a finding');
    const name = `a-promise-whose-name-goes-on-and-on-${'x'.repeat(40)}`;
    const cells = text
      .render({ ...bad, findings: [{ ...first, name }] })
      .split('\n')
      .filter((line) => line.startsWith('│'))
      .map((line) => line.split('│')[1]?.trim());
    expect(cells.join('')).toContain(name);
  });

  it('says what a run without promises is worth', () => {
    expect(text.render({ ...bad, findings: [], verdict: 'inconclusive' })).toContain('Nothing was promised, so nothing can pass.');
  });
});
