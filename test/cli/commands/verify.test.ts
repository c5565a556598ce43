import { appendFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  it('says when the beginning of a name is that of several runs', async () => {
    await using run = await storedRun({ matched: 3 });
    await cp(run.folder.path, `${run.folder.path}-2`, { recursive: true });
    expect(await cli('verify', '20261121', '--out', run.out)).toMatchObject({
      code: 64,
      err: expect.stringContaining('that begins several, '),
    });
  });

  it('says that there is no such run', async () => {
    await using run = await storedRun({ matched: 3 });
    expect(await cli('verify', '2099', '--out', run.out)).toMatchObject({ code: 64, err: expect.stringContaining('no run "2099"') });
  });
});

describe('faultlab verify of a log', () => {
  const lines = Array.from(
    { length: 100 },
    (_, i) =>
      `h - - [21/Nov/2026:10:00:${String(Math.floor(i / 10)).padStart(2, '0')} +0000] "GET /a HTTP/1.1" ${i < 40 ? 503 : 200} 5 "-" "x" 0.020`,
  );

  it('judges its requests, and says how its services are called', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'faultlab-log-'));
    const file = join(folder, 'access.log');
    try {
      await writeFile(file, lines.join('\n'));
      const quick = await cli('verify', '--access-log', file, '--check', 'latency: {to: server, metric: p90, max: 500ms}');
      expect(quick).toMatchObject({ code: 0, out: expect.stringMatching(/server +100 +40/) });
      const failing = await cli('verify', '--access-log', file, '--check', 'errorRatio: {to: server, max: 5}');
      expect(failing).toMatchObject({ code: 1, out: expect.stringContaining('FAIL') });
      const misspelt = await cli('verify', '--access-log', file, '--check', 'errorRatio: {to: srver, max: 5}');
      expect(misspelt).toMatchObject({ code: 64, err: expect.stringContaining('unknown service "srver"; did you mean "server"?') });
      const nobody = await cli('verify', '--access-log', file, '--check', 'errorRatio: {from: gateway, to: server, max: 5}');
      expect(nobody).toMatchObject({ code: 64, err: expect.stringContaining('unknown service "gateway"; known: load') });
      expect(await cli('verify', '--access-log', file)).toMatchObject({ code: 2, out: expect.stringContaining('Nothing was promised') });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('refuses what is no promise, and more than one thing to judge', async () => {
    const refused = async (...argv: string[]) => (await cli('verify', ...argv)).err;
    expect(await refused('--har', 'x', '--check', 'latencyy: {}')).toContain('unknown key; did you mean "latency"?');
    expect(await refused('--har', 'x', 'last')).toContain('--har or --access-log, found 2');
    expect(await refused()).toContain('found none');
    expect(await refused('last', '--check', 'slo: {}')).toContain('--check is for logs');
  });
});
