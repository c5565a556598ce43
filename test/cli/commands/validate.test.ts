import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from '../../support/cli.js';

describe('faultlab validate', () => {
  it('accepts what is shipped, file or folder', async () => {
    expect(await cli('validate', 'experiments/')).toMatchObject({ code: 0, out: expect.stringContaining('gray-failure.yaml: valid') });
  });

  it('says where the mistake is, and what a variable must be', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'validate-'));
    const file = join(folder, 'x.yaml');
    await writeFile(file, 'apiVersion: faultlab/v1\nkind: Experimnt\n');
    expect(await cli('validate', file)).toMatchObject({ code: 64, err: expect.stringMatching(/x\.yaml:2:7/) });
    await rm(folder, { recursive: true });
    expect((await cli('validate', 'experiments/', '--var', 'ejection=perhaps')).code).toBe(64);
    expect((await cli('validate', 'experiments/', '--var', 'ejection')).code).toBe(64);
  });

  it('says that a folder holds none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'validate-'));
    expect(await cli('validate', folder)).toMatchObject({ code: 64, err: expect.stringContaining('no .yaml file') });
    await rm(folder, { recursive: true });
  });
});
