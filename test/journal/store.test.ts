import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listLive, listRuns, RunFolder } from '../../src/journal/store.js';

const RUN = '20261121T093745Z-small-x7k2';
const live = { run: RUN, pid: 1, startTicks: '1', startedWallMs: 0, daemonUrl: 'http://127.0.0.1:1', processes: [] };

let out: string;
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'store-'));
});
afterEach(() => rm(out, { recursive: true }));

describe('the folder of a run', () => {
  it('says that the run is alive until it ended, or was buried', async () => {
    const folder = new RunFolder(out, RUN);
    await folder.create();
    expect(await listLive(out)).toEqual([]);
    await folder.writeLive(live);
    expect(await listLive(out)).toEqual([live]);
    await folder.buryLive();
    expect([await listLive(out), await listRuns(out)]).toEqual([[], [RUN]]);
  });

  it('takes news of several processes at once, the last of which counts', async () => {
    const folder = new RunFolder(out, RUN);
    await folder.create();
    const all = Array.from({ length: 20 }, (_, pid) => ({ ...live, pid: pid + 1 }));
    await Promise.all(all.map((each) => folder.writeLive(each)));
    expect(await listLive(out)).toEqual(all.slice(-1));
  });

  it('may be buried by two runs that begin at once', async () => {
    const folder = new RunFolder(out, RUN);
    await folder.create();
    await folder.writeLive(live);
    await Promise.all([folder.buryLive(), folder.buryLive()]);
    expect(await listLive(out)).toEqual([]);
  });

  it('that is damaged names nothing to clean up', async () => {
    const folder = new RunFolder(out, RUN);
    await folder.create();
    for (const text of ['', '{"run": ', 'null', '[]', '{"run": "r"}']) {
      await writeFile(join(folder.path, 'live.json'), text);
      expect(await listLive(out)).toEqual([]);
    }
  });

  it('that cannot be written is said as such', async () => {
    await writeFile(join(out, 'file'), '');
    const folder = new RunFolder(join(out, 'file'), RUN);
    await expect(folder.create()).rejects.toMatchObject({ code: 'JOURNAL_FAILED' });
    await expect(folder.writePlan('{}')).rejects.toMatchObject({ code: 'JOURNAL_FAILED' });
    await expect(folder.writeLive(live)).rejects.toMatchObject({ code: 'JOURNAL_FAILED' });
  });
});
