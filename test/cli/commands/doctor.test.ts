import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeVersion, openFiles } from '../../../src/cli/examinations.js';
import { cli } from '../../support/cli.js';

const NOBODY = ['--connect', 'http://127.0.0.1:1'];
const stateOf = (out: string, name: string): string | undefined =>
  (JSON.parse(out) as { name: string; state: string }[]).find((e) => e.name === name)?.state;

describe('faultlab doctor', () => {
  it('finds nothing bad on a machine that can run tests, and leaves no folder behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'doctor-'));
    const { code, out } = await cli('doctor', '--out', join(folder, 'a', 'b'), ...NOBODY);
    expect([code, out]).toEqual([0, expect.stringMatching(/✔ Node: \d+/)]);
    expect(out).toContain('✔ daemon: none at http://127.0.0.1:1');
    await rm(folder, { recursive: true });
  });

  it('says that a folder cannot be written, with what to do', async () => {
    // Not even root writes here.
    const { code, out } = await cli('doctor', '--out', '/proc/runs', '--json', ...NOBODY);
    expect([code, stateOf(out, 'run folder')]).toEqual([69, 'bad']);
    expect((await cli('doctor', '--out', '/proc/runs', ...NOBODY)).out).toMatch(/✘ run folder: .*\n {4}name another folder with --out/);
  });

  it.each([
    ['20.19.0', 'good'],
    ['22.1.0', 'good'],
    ['20.18.3', 'bad'],
    ['18.20.0', 'bad'],
  ])('thinks of Node %s: %s', (version, state) => {
    expect(nodeVersion(version).state).toBe(state);
  });

  it.each([
    [1_024, 'limited'],
    [65_536, 'good'],
    ['unlimited', 'good'],
  ])('thinks of %s open files: %s', (soft, state) => {
    expect(openFiles({ getReport: () => ({ userLimits: { open_files: { soft } } }) }).state).toBe(state);
  });
});
