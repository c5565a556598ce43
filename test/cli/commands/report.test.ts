import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { cli } from '../../support/cli.js';
import { storedRun } from '../../support/stored-run.js';

describe('faultlab report', () => {
  it('writes the formats asked for beside the journal and says where', async () => {
    await using run = await storedRun({ matched: 3 });
    const { code, out } = await cli('report', 'last', '--format', 'html,json,junit,markdown,text', '--out', run.out);
    expect([code, out.split('\n')]).toEqual([0, ['html', 'json', 'xml', 'md', 'txt'].map((extension) => run.folder.report(extension))]);
    expect(await readFile(run.folder.report('html'), 'utf8')).toContain('<!doctype html>');
  });

  it('says which formats there are', async () => {
    await using run = await storedRun({ matched: 3 });
    expect(await cli('report', 'last', '--format', 'pdf', '--out', run.out)).toMatchObject({
      code: 64,
      err: expect.stringContaining('html, json, junit, markdown, text'),
    });
  });
});
