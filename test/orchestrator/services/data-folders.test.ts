/** Folders of data that are copied, taken away and brought back, and what is said of those that cannot be. */
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlannedService } from '../../../src/experiment/plan.js';
import type { NewEvent } from '../../../src/journal/events.js';
import { DataFolders } from '../../../src/orchestrator/services/data-folders.js';

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'data-'));
});
afterEach(() => rm(place, { recursive: true }));

const calm = new AbortController().signal;
const services = (data?: PlannedService['data']) =>
  [{ name: 's', instances: [{ name: 's-1', labels: {} }], ...(data && { data }) }] as unknown as readonly PlannedService[];

async function folders(directory?: string) {
  const noted: NewEvent[] = [];
  const note = (event: NewEvent): void => void noted.push(event);
  const given = new DataFolders({
    own: join(place, 'own'),
    run: 'r',
    services: services(directory === undefined ? {} : { directory }),
    note,
  });
  await given.prepare();
  const now = given.folderOf('s-1') ?? '';
  return { given, noted, now, write: (text: string) => writeFile(join(now, 'log'), text), read: () => readFile(join(now, 'log'), 'utf8') };
}

describe('data folders', () => {
  it('are made for those who asked, in the folder of the run or in one that is named', async () => {
    expect((await folders()).now).toBe(join(place, 'own', 's-1', 'now'));
    const named = await folders(join(place, 'disk'));
    expect([named.now, await readdir(named.now)]).toEqual([join(place, 'disk', 'r', 's-1', 'now'), []]);
    expect(new DataFolders({ own: place, run: 'r', services: services(), note: () => {} }).folderOf('s-1')).toBeUndefined();
  });

  it('come back as they were copied, as often as that is asked for, and keep what was there', async () => {
    const { given, noted, now, write, read } = await folders();
    await write('one');
    await mkdir(join(now, 'sub'));
    await symlink('../log', join(now, 'sub', 'link'));
    await given.snapshot('s-1', calm);
    await write('two');
    await given.replace('s-1', 'copy');
    const kept = join(place, 'own', 's-1', 'before-1');
    expect(noted).toEqual([
      { type: 'dataCopied', instance: 's-1', files: 1, bytes: 3 },
      { type: 'dataReplaced', instance: 's-1', by: 'copy', keptAs: kept },
    ]);
    expect([await read(), await readFile(join(kept, 'log'), 'utf8')]).toEqual(['one', 'two']);
    expect(await readdir(join(now, 'sub'))).toEqual(['link']);
    await write('three');
    await given.replace('s-1', 'copy');
    expect(await read()).toBe('one');
  });

  it('are those of the newest copy', async () => {
    const { given, write, read } = await folders();
    for (const text of ['one', 'two']) {
      await write(text);
      await given.snapshot('s-1', calm);
    }
    await write('three');
    await given.replace('s-1', 'copy');
    expect(await read()).toBe('two');
  });

  it('can be empty', async () => {
    const { given, now, write } = await folders();
    await write('one');
    await given.check('s-1', 'nothing');
    await given.replace('s-1', 'nothing');
    expect(await readdir(now)).toEqual([]);
  });

  it('of which there is no copy are refused', async () => {
    const { given } = await folders();
    await expect(given.check('s-1', 'copy')).rejects.toMatchObject({ code: 'SNAPSHOT_MISSING', exit: 64 });
    await given.snapshot('s-1', calm);
    await given.check('s-1', 'copy');
  });

  it('whose copy is broken off have none, neither half of the new one nor an older one, until it is made anew', async () => {
    const { given, noted, now, write, read } = await folders();
    await write('one');
    await given.snapshot('s-1', calm);
    for (const name of ['a', 'b', 'c']) await writeFile(join(now, name), name);
    // The third that is looked at: half of it is copied by then.
    let asked = 0;
    const stopped = new Error('stopped');
    const signal = {
      throwIfAborted: () => {
        asked += 1;
        if (asked > 3) throw stopped;
      },
    } as AbortSignal;
    await expect(given.snapshot('s-1', signal)).rejects.toBe(stopped);
    expect(noted).toMatchObject([{ type: 'dataCopied' }]);
    await expect(given.check('s-1', 'copy')).rejects.toMatchObject({ code: 'SNAPSHOT_MISSING' });
    await write('two');
    await given.snapshot('s-1', calm);
    await write('three');
    await given.replace('s-1', 'copy');
    expect(await read()).toBe('two');
    await expect(given.snapshot('s-1', AbortSignal.abort(stopped))).rejects.toBe(stopped);
    await given.check('s-1', 'copy');
  });

  it('that cannot be written are told of, with what to do', async () => {
    const file = join(place, 'file');
    await writeFile(file, '');
    await expect(folders(join(file, 'below'))).rejects.toMatchObject({
      code: 'DATA_UNWRITABLE',
      exit: 69,
      message: expect.stringMatching(/data folder of s-1.*below.*cannot be written: .*nothing was injected/),
      hint: expect.stringContaining('dataDirectory'),
    });
  });

  it('that somebody took away are told of before anybody is killed', async () => {
    const { given } = await folders();
    await rm(join(place, 'own'), { recursive: true });
    await expect(given.check('s-1', 'nothing')).rejects.toMatchObject({ code: 'DATA_UNWRITABLE' });
  });
});
