import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';
import { describe, expect, it } from 'vitest';
import { markdown } from '../../src/reports/markdown.js';
import type { Report } from '../../src/reports/reporter.js';
import { gameDayReport } from '../support/journal.js';

const small = { ratePerSecond: 6, pace: 0.1 };
const bad = gameDayReport({ ...small, bad: true, ejection: false });

interface Tree {
  type: string;
  children?: readonly Tree[];
}
const treeOf = (text: string): Tree => fromMarkdown(text, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] }) as Tree;
const typesIn = (tree: Tree): readonly string[] => [tree.type, ...(tree.children ?? []).flatMap(typesIn)];

function hostile(name: string): Report {
  const [first, ...rest] = bad.findings;
  if (!first) throw new Error('there is a finding');
  const plan = { ...bad.record.plan, title: name };
  return { ...bad, record: { ...bad.record, plan }, findings: [{ ...first, name, summary: name }, ...rest] };
}

describe('the report for a pull request', () => {
  it('looks as it did when somebody last looked at it', async () => {
    await expect(markdown.render(bad)).toMatchFileSnapshot('golden/report.md');
  });

  it('says the verdict first', () => {
    expect(markdown.render(bad).split('\n')[0]).toMatch(/^## ✘ FAIL: /);
  });

  it.each([
    '<img src=x onerror=alert(1)>',
    '[click](javascript:alert(1)) ![](http://evil)',
    'a | b | c\n\n| d |',
    '`code` ``` fence',
    '# heading\n> quote\n- list',
    'https://evil.example/autolink',
    '\\| \\',
  ])('lets no name become markup: %j', (name) => {
    const types = new Set(typesIn(treeOf(markdown.render(hostile(name)))));
    expect([...types].filter((type) => ['html', 'link', 'image', 'list', 'code', 'definition'].includes(type))).toEqual([]);
    const [first] = (treeOf(markdown.render(hostile(name))).children ?? []).filter(({ type }) => type === 'table');
    expect(first?.children).toHaveLength(bad.findings.length + 1);
    for (const row of first?.children ?? []) expect(row.children).toHaveLength(3);
  });

  it('would be found out if it pasted names as they are', () => {
    const pasted = markdown.render(bad).replace(bad.record.plan.title, '<img src=x>');
    expect(typesIn(treeOf(pasted))).toContain('html');
  });

  it('says when the record is not whole', () => {
    expect(markdown.render({ ...bad, record: { ...bad.record, gaps: ['events 3…9 are missing'] } })).toContain(
      '> The record is not whole: events 3…9 are missing',
    );
  });

  it('says what a run without promises is worth', () => {
    expect(markdown.render({ ...bad, findings: [] })).toContain('Nothing was promised, so nothing can pass.');
  });
});
