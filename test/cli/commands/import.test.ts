import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cli } from '../../support/cli.js';

const CONFIG = JSON.stringify([
  { name: 'db', listen: ':15432', upstream: '127.0.0.1:5432', toxics: [{ type: 'latency', attributes: { latency: 100 } }] },
]);

async function folderWith(text: string): Promise<{ folder: string; file: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'import-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'from elsewhere.json');
  await writeFile(file, text);
  return { folder, file };
}

describe('faultlab import', () => {
  it('writes an experiment that is a valid plan, and says what it does not carry', async () => {
    const { folder, file } = await folderWith(CONFIG);
    const output = join(folder, 'new.yaml');
    const { code, out, err } = await cli('import', file, '--output', output);
    expect([code, out]).toEqual([0, expect.stringContaining('new.yaml is written')]);
    expect(err).toContain('not carried: db: it listened on every address');
    const text = await readFile(output, 'utf8');
    expect(text).toMatch(/^# yaml-language-server: .*\n# Imported from from elsewhere\.json\.\n/);
    expect(text).toContain('# - db: it listened on every address');
    expect((await cli('plan', output)).out).toContain('latency 100ms');
  });

  it('says where a file stops being JSON', async () => {
    const { file } = await folderWith('{"proxies":\n  [1 2]}');
    expect(await cli('import', file, '--from', 'toxiproxy')).toMatchObject({
      code: 64,
      err: expect.stringContaining('elsewhere.json: cannot be read: expected JSON, found at 2:6: '),
    });
  });

  it('does not write over a file', async () => {
    const { folder, file } = await folderWith(CONFIG);
    await writeFile(join(folder, 'mine.yaml'), 'precious');
    const { code, err } = await cli('import', file, '--output', join(folder, 'mine.yaml'));
    expect([code, err]).toEqual([64, expect.stringContaining('nothing was written')]);
    expect(await readFile(join(folder, 'mine.yaml'), 'utf8')).toBe('precious');
  });

  it.each([
    [['--from', 'toxiprxy'], 'did you mean "toxiproxy"?'],
    [['--from', 'har'], 'cannot be read'],
  ])('refuses %j', async (options, reason) => {
    const { file } = await folderWith(CONFIG);
    expect(await cli('import', file, ...options)).toMatchObject({ code: 64, out: '', err: expect.stringContaining(reason) });
  });

  it('says what it can read when a file looks like nothing of it', async () => {
    const { file } = await folderWith('what is this');
    expect(await cli('import', file)).toMatchObject({
      code: 64,
      err: expect.stringContaining('it looks like none of accessLog, chaosToolkit, har, toxiproxy'),
    });
    expect((await cli('import', '--help')).out).toContain('Chaos Toolkit: an experiment');
  });
});
