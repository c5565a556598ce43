import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Home } from '../../src/cli/home.js';

async function home(): Promise<{ folder: string; home: Home }> {
  const folder = await mkdtemp(join(tmpdir(), 'home-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { folder, home: new Home(join(folder, 'deep', 'home')) };
}
const OWN = { url: 'http://127.0.0.1:8474', environment: 'local' };

describe('the daemons of a machine', () => {
  it('are known while their process lives', async () => {
    const { home: place } = await home();
    expect(await place.daemons()).toEqual([]);
    await place.register(OWN);
    expect(await place.daemons()).toMatchObject([{ ...OWN, pid: process.pid }]);
    await place.unregister();
    expect(await place.daemons()).toEqual([]);
  });

  it('are forgotten when they are dead, or when what was noted of them is damaged', async () => {
    const { folder, home: place } = await home();
    const daemons = join(folder, 'deep', 'home', 'daemons');
    await mkdir(daemons, { recursive: true });
    await writeFile(join(daemons, '1.json'), '{"url":');
    // This very pid, but of a process that started at another time.
    await writeFile(join(daemons, '2.json'), JSON.stringify({ ...OWN, pid: process.pid, startTicks: '1' }));
    expect(await place.daemons()).toEqual([]);
    expect(await readdir(daemons)).toEqual([]);
  });
});

describe('the lever', () => {
  it('stays pulled until it is released, and a damaged note counts as pulled', async () => {
    const { folder, home: place } = await home();
    expect(await place.lever()).toBeUndefined();
    await place.pullLever({ reason: 'fire', since: 'noon' });
    expect(await place.lever()).toEqual({ reason: 'fire', since: 'noon' });
    await writeFile(join(folder, 'deep', 'home', 'halted.json'), 'x');
    expect(await place.lever()).toMatchObject({ reason: expect.stringContaining('damaged') });
    await place.releaseLever();
    expect(await place.lever()).toBeUndefined();
  });
});
