import { describe, expect, it } from 'vitest';
import { cli } from '../../support/cli.js';
import { RUN, storedRun } from '../../support/stored-run.js';

describe('faultlab history', () => {
  it('lists runs with the verdict that their journal gives', async () => {
    await using run = await storedRun({ matched: 3 });
    expect((await cli('history', '--out', run.out)).out).toMatch(new RegExp(`${RUN} +pass +completed +0`));
    expect(JSON.parse((await cli('history', '--out', run.out, '--json')).out)).toMatchObject([{ run: RUN, verdict: 'pass', exit: 0 }]);
  });

  it('says that there is none', async () => {
    expect((await cli('history', '--out', 'no-such-folder')).out).toBe('no run under no-such-folder');
  });

  it.each(['0', 'x', '1.5'])('refuses a limit of %s', async (limit) => {
    expect(await cli('history', '--limit', limit)).toMatchObject({ code: 64, err: expect.stringContaining('from 1 up') });
  });
});
