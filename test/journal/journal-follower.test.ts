import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JournalFollower } from '../../src/journal/journal-follower.js';
import { readRecord } from '../../src/journal/reader.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-'));
  path = join(folder, 'journal.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

const note = (n: number) => JSON.stringify({ n, atMs: n * 10, type: 'note', text: `${n}` });
/** Later ones began sooner: the order is made anew each time. */
const exchange = (n: number) =>
  JSON.stringify({
    n,
    atMs: n * 10,
    type: 'exchange',
    link: 'a->b',
    from: 'a',
    to: 'b',
    connection: 1,
    ordinal: n,
    method: 'GET',
    path: `/${n}`,
    startMs: 1_000 - n,
    endMs: 1_001,
    end: 'complete',
    bytesUp: 1,
    bytesDown: 1,
    status: 200,
  });
/** Views of rows are no plain objects. */
const plain = ({ exchanges, events, gaps }: Awaited<ReturnType<typeof readRecord>>) => ({
  events,
  gaps,
  exchanges: exchanges.map(({ n, startMs, path: asked }) => ({ n, startMs, asked })),
});

describe('following a journal', () => {
  it('says at each look what reading all of it would say', async () => {
    const lines = [1, 2, 3, 4, 5, 6].map((n) => (n % 3 === 0 ? note(n) : exchange(n)));
    await writeFile(path, '');
    await using follower = await JournalFollower.open(path);
    for (const line of [...lines, 'damaged']) {
      await appendFile(path, `${line}\n`);
      expect(plain(await follower.record())).toEqual(plain(await readRecord(path)));
    }
    expect((await follower.record()).exchanges.length).toBe(4);
  });

  it('waits for the rest of a line that is not whole, wherever it was cut', async () => {
    const text = `${note(1)}\n${exchange(2)}\n`;
    await writeFile(path, '');
    await using follower = await JournalFollower.open(path);
    for (let at = 0; at < text.length; at += 40) {
      await appendFile(path, text.slice(at, at + 40));
      expect((await follower.record()).gaps.filter((gap) => gap.startsWith('line'))).toEqual([]);
    }
    expect(plain(await follower.record())).toEqual(plain(await readRecord(path)));
  });

  it('says which file cannot be read', async () => {
    await expect(JournalFollower.open(join(folder, 'none'))).rejects.toMatchObject({ code: 'JOURNAL_UNREADABLE' });
  });
});
