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

  it('starts nothing when a program is missing that the experiment requires, and says how to get it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'run-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'requiring.yaml');
    const text = await readFile('experiments/gray-failure.yaml', 'utf8');
    await writeFile(file, text.replace(/^topology:/m, 'requires: [{program: no-such-program, package: no-such-package}]\n$&'));
    const { code, err } = await cli('run', file, '--out', join(folder, 'runs'));
    expect(code).toBe(69);
    expect(err).toContain('the plan requires no-such-program, not found in the folders of PATH: nothing was started');
    expect(err).toContain('apt-get install no-such-package');
    const lab = await cli('lab', 'run', file);
    expect(lab).toMatchObject({ code: 0, err: '' });
    expect(lab.out).toContain('- gray-failure: skipped, no-such-program not installed: apt-get install no-such-package');
    expect(lab.out.trim().split('\n').at(-1)).toBe('0 experiments, 0 as expected, 1 skipped');
    expect(await readdir(folder)).toEqual(['requiring.yaml']);
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
