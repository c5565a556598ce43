import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeReports } from '../../src/cli/verdict.js';
import { RunFolder } from '../../src/journal/store.js';
import { gameDayReport } from '../support/journal.js';

let folder: RunFolder;
beforeEach(async () => {
  folder = new RunFolder(await mkdtemp(join(tmpdir(), 'verdict-')), '20261121T093745Z-small-x7k2');
  await folder.create();
});
afterEach(() => rm(folder.path, { recursive: true }));

describe('reports of a run', () => {
  it('are written beside its journal, one for each format', async () => {
    const paths = await writeReports(folder, gameDayReport(), ['json', 'text']);
    expect(paths).toEqual([folder.report('json'), folder.report('txt')]);
    expect(JSON.parse(await readFile(folder.report('json'), 'utf8'))).toMatchObject({ verdict: expect.any(String) });
  });

  it('that cannot be written are said, with how to write them again', async () => {
    await mkdir(folder.report('json'));
    const failure = writeReports(folder, gameDayReport(), ['json']);
    await expect(failure).rejects.toMatchObject({ code: 'REPORT_FAILED', hint: expect.stringContaining(`faultlab report ${folder.run}`) });
  });
});
