import { existsSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeFolder } from '../../../src/cli/verdict.js';
import { openRunStore } from '../../../src/history/open-store.js';
import { summaryOf } from '../../../src/history/run-summary.js';
import { RunFolder } from '../../../src/journal/store.js';
import { cli } from '../../support/cli.js';
import { RUN, storedRun } from '../../support/stored-run.js';
import { summary } from '../../support/summaries.js';

describe('faultlab history', () => {
  it('lists runs with the verdict that their journal gives', async () => {
    await using run = await storedRun({ matched: 3 });
    expect((await cli('history', '--out', run.out)).out).toMatch(new RegExp(`${RUN} +pass +completed +0`));
    expect(JSON.parse((await cli('history', '--out', run.out, '--json')).out)).toMatchObject([{ run: RUN, verdict: 'pass', exit: 0 }]);
  });

  it('refuses a verdict that there is none of, and says when no run has passed yet', async () => {
    await using run = await storedRun({ matched: 0 });
    expect(await cli('history', '--verdict', 'maybe')).toMatchObject({
      code: 64,
      err: expect.stringContaining('pass, fail, inconclusive'),
    });
    expect(await cli('history', 'compare', 'last-pass', '--out', run.out)).toMatchObject({
      code: 64,
      err: expect.stringContaining('no run that has passed under'),
    });
  });

  it('knows a misspelt command for what it is', async () => {
    expect(await cli('history', 'shwo', 'last')).toMatchObject({
      code: 64,
      err: expect.stringContaining('history shwo: there is no such command; did you mean "show"?'),
    });
  });

  it('calls a run whose journal lost its beginning by the name of its folder', async () => {
    await using run = await storedRun({ matched: 3 });
    await writeFile(run.folder.journal, 'no journal\n');
    expect((await cli('history', '--out', run.out)).out).toMatch(new RegExp(`${RUN} +inconclusive +unfinished`));
  });

  it('says that there is none', async () => {
    expect((await cli('history', '--out', 'no-such-folder')).out).toBe('no run under no-such-folder');
  });

  it.each(['0', 'x', '1.5'])('refuses a limit of %s', async (limit) => {
    expect(await cli('history', '--limit', limit)).toMatchObject({ code: 64, err: expect.stringContaining('from 1 up') });
  });

  it('does not make a folder by looking into it', async () => {
    await cli('history', '--out', 'no-such-folder');
    expect(existsSync('no-such-folder')).toBe(false);
  });

  it('shows one run with its promises and faults', async () => {
    await using run = await storedRun({ matched: 3 });
    const { code, out } = await cli('history', 'show', 'last', '--out', run.out);
    expect(code).toBe(0);
    expect(out).toMatch(/s-was-felt +pass +the fault of step "s" met 3/);
    expect(JSON.parse((await cli('history', 'show', RUN, '--json', '--out', run.out)).out)).toMatchObject({
      run: RUN,
      faults: [{ step: 's' }],
    });
    expect(await cli('history', 'show', 'nobody', '--out', run.out)).toMatchObject({
      code: 64,
      err: expect.stringContaining('no run "nobody"'),
    });
  });

  it('compares runs, and takes the latest pass as a baseline', async () => {
    await using runs = await twoRuns();
    const { out } = await cli('history', 'compare', 'last-pass', 'last', '--out', runs.out);
    expect(out).toContain(`before: ${RUN}`);
    expect(out).toMatch(/s-was-felt +pass +inconclusive +unclear/);
    expect(await cli('history', 'compare', 'last-pass', RUN, '--out', runs.out)).toMatchObject({ code: 64 });
  });

  it('follows a figure, and names those that there are', async () => {
    await using runs = await twoRuns();
    expect((await cli('history', 'trend', '--out', runs.out)).out.split('\n')).toContain('s-was-felt: matched');
    expect((await cli('history', 'trend', 's-was-felt: matched', '--out', runs.out)).out).toMatch(/┤[\s\S]*inconclusive +0/);
    expect(await cli('history', 'trend', 'colour', '--out', runs.out)).toMatchObject({
      code: 64,
      err: expect.stringContaining('no run tells'),
    });
  });

  it('exports whole summaries, oldest first', async () => {
    await using runs = await twoRuns();
    const lines = (await cli('history', 'export', '--out', runs.out)).out.split('\n').map((line) => JSON.parse(line) as { run: string });
    expect(lines.map(({ run }) => run)).toEqual([RUN, LATER]);
  });

  it('says what is covered', async () => {
    await using run = await storedRun({ matched: 3 });
    expect((await cli('history', 'coverage', '--out', run.out)).out).toContain('nothing is covered');
    expect(await cli('history', 'coverage', '--expire-days', '0', '--out', run.out)).toMatchObject({ code: 64 });
  });

  it('removes old runs only when it is told so twice, and never the latest pass', async () => {
    await using runs = await twoRuns();
    expect((await cli('history', 'prune', '--keep', '1', '--out', runs.out)).out).toContain('nothing to remove');
    await cp(runs.folder.path, join(runs.out, EARLIER), { recursive: true });
    await writeFile(join(runs.out, EARLIER, 'journal.jsonl'), (await readFile(runs.folder.journal, 'utf8')).replaceAll(RUN, EARLIER));
    expect((await cli('history', 'prune', '--keep', '1', '--out', runs.out)).out).toContain(`would remove ${EARLIER}`);
    expect((await cli('history', 'list', '--out', runs.out)).out).toContain(EARLIER);
    expect((await cli('history', 'prune', '--keep', '1', '--yes', '--out', runs.out)).out).toContain(`removed ${EARLIER}`);
    expect((await cli('history', 'list', '--out', runs.out)).out).not.toContain(EARLIER);
    expect(existsSync(join(runs.out, EARLIER))).toBe(false);
  });

  it('removes nothing outside of the folder, whatever a shared store names', async () => {
    await using run = await storedRun({ matched: 3 });
    await writeFile(join(run.out, 'precious'), 'mine');
    const hostile = summary(0, { run: `../${basename(run.out)}/precious`, title: 'stored', verdict: 'fail' });
    {
      const choice = { store: `sqlite:${join(run.out, 'history.db')}`, folder: run.out, warn: () => {} };
      await using store = await openRunStore({ ...choice, summarise: async (folder) => summaryOf(await judgeFolder(folder)) });
      await store.put(hostile);
    }
    expect((await cli('history', 'prune', '--keep', '1', '--yes', '--out', run.out)).out).toBe('nothing to remove');
    expect(await readFile(join(run.out, 'precious'), 'utf8')).toBe('mine');
  });
});

const EARLIER = '20261120T090000Z-stored-abc123';
const LATER = '20261122T090000Z-stored-abc123';

/** A pass, and a day later a run whose fault met nobody. */
async function twoRuns() {
  const runs = await storedRun({ matched: 3 });
  const later = new RunFolder(runs.out, LATER);
  await later.create();
  const unfelt = (await readFile(runs.folder.journal, 'utf8'))
    .replaceAll(RUN, LATER)
    .replaceAll('"matched":3,"applied":3', '"matched":0,"applied":0');
  await writeFile(later.journal, unfelt.replace('"wallMs":0', `"wallMs":${Date.UTC(2026, 10, 22)}`));
  return runs;
}
