import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readJournal, readRecord } from '../../src/journal/reader.js';

let path: string;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-'));
  path = join(folder, 'journal.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

const line = (n: number) => JSON.stringify({ n, atMs: n * 10, type: 'note', text: `${n}` });

describe('reading a journal back', () => {
  it('turns damaged lines into gaps and keeps the rest', async () => {
    await writeFile(path, [line(1), '{"n":2,"atMs":', 'null', '[]', '{"type":"note"}', '\u0000\u0001', '', line(3)].join('\n'));
    const { events, gaps } = await readJournal(path);
    expect(events.map((event) => event.n)).toEqual([1, 3]);
    expect(gaps).toEqual([
      'line 2 is not JSON',
      'line 3 is not an event',
      'line 4 lacks n, atMs or type',
      'line 5 lacks n, atMs or type',
      'line 6 is not JSON',
    ]);
  });

  it('counts damaged lines beyond the first twenty instead of naming them', async () => {
    await writeFile(path, Array.from({ length: 50 }, () => 'x').join('\n'));
    expect((await readJournal(path)).gaps.at(-1)).toBe('30 more lines are damaged');
  });

  it('says which file cannot be read', async () => {
    await expect(readJournal(join(folder, 'none'))).rejects.toMatchObject({ code: 'JOURNAL_UNREADABLE' });
  });

  it('folds an empty file into a record that says what is missing', async () => {
    await writeFile(path, '');
    const record = await readRecord(path);
    expect(record.status).toBe('unfinished');
    expect(record.gaps).toEqual(['the journal does not say how the run started', 'the journal ends before the run did']);
  });
});
