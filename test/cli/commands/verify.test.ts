import { appendFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { cli } from '../../support/cli.js';
import { RUN, storedRun } from '../../support/stored-run.js';

describe('faultlab verify', () => {
  it('judges a journal again and ends with the verdict’s exit code', async () => {
    await using good = await storedRun({ matched: 3 });
    expect(await cli('verify', 'last', '--out', good.out)).toMatchObject({ code: 0, out: expect.stringContaining('PASS') });
    await using idle = await storedRun({ matched: 0 });
    expect(await cli('verify', RUN.slice(0, 12), '--out', idle.out)).toMatchObject({
      code: 2,
      out: expect.stringContaining('INCONCLUSIVE'),
    });
  });

  it('takes a damaged journal for what it is: no pass', async () => {
    await using run = await storedRun({ matched: 3 });
    await appendFile(run.folder.journal, '{"n":5,"atMs":');
    expect(await cli('verify', run.folder.path)).toMatchObject({ code: 2, out: expect.stringContaining('line 5 is not JSON') });
  });

  it('speaks JSON', async () => {
    await using run = await storedRun({ matched: 3 });
    expect(JSON.parse((await cli('verify', 'last', '--out', run.out, '--json')).out)).toMatchObject({ verdict: 'pass' });
  });

  it('says that there is no such run', async () => {
    await using run = await storedRun({ matched: 3 });
    expect(await cli('verify', '2099', '--out', run.out)).toMatchObject({ code: 64, err: expect.stringContaining('no run "2099"') });
  });
});
