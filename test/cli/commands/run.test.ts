/** What a run does to real processes is shown in test/e2e; here is what the command decides before it starts one. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cli } from '../../support/cli.js';

describe('faultlab run', () => {
  it('starts none of several when one has a mistake', async () => {
    const { code, out, err } = await cli('run', 'experiments/gray-failure.yaml', 'no-such-file.yaml');
    expect([code, out]).toEqual([64, '']);
    expect(err).toContain('no-such-file.yaml');
  });

  it('starts nothing when a probe runs a program and nobody has allowed it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'run-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'runs-a-program.yaml');
    const text = await readFile('experiments/gray-failure.yaml', 'utf8');
    const probe = '    - {name: asks-a-program, type: command, argv: [/bin/true]}\n';
    await writeFile(
      file,
      text.replace(/^ {2}probes:\n/m, (line) => line + probe),
    );
    const { code, out, err } = await cli('run', file, '--out', join(folder, 'runs'));
    expect([code, out]).toEqual([64, '']);
    expect(err).toContain('probe asks-a-program runs a program, `/bin/true` gives 0: nothing was started');
    expect(err).toContain('--allow-exec');
    expect(await readdir(folder)).toEqual(['runs-a-program.yaml']);
    expect((await cli('plan', file)).out).toContain('`/bin/true` gives 0');
  });

  it('shows its options, an example and its exit codes', async () => {
    const { code, out } = await cli('run', '--help');
    expect(code).toBe(0);
    expect(out).toContain('$ faultlab run experiments/gray-failure.yaml');
    expect(out).toContain('2 inconclusive');
  });

  it.each([
    [['--report', 'pdf'], '"pdf" is no format; expected html, json, junit, markdown, text'],
    [['--connect', 'foo'], 'expected a URL like http://127.0.0.1:8474'],
    [['--seed', '-1'], 'expected a whole number'],
  ])('refuses %j before anything is started', async (options, reason) => {
    expect(await cli('run', 'experiments/gray-failure.yaml', ...options)).toMatchObject({
      code: 64,
      out: '',
      err: expect.stringContaining(reason),
    });
  });
});
