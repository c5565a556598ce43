import { execFileSync } from 'node:child_process';
import { mkdtemp, open, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostClock } from '../../src/core/clock.js';
import type { JournalEvent } from '../../src/journal/events.js';
import { readJournal } from '../../src/journal/reader.js';
import { JournalWriter } from '../../src/journal/writer.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the journal writer', () => {
  it('numbers events from 1 without gaps, in the order in which they were appended', async () => {
    const path = join(folder, 'j.jsonl');
    await using journal = await JournalWriter.create(path, hostClock);
    for (let i = 0; i < 1_000; i++) journal.append({ type: 'note', text: `line ${i}` });
    await journal.close();
    const { events, gaps } = await readJournal(path);
    expect(gaps).toEqual([]);
    expect(events.map((event) => event.n)).toEqual(Array.from({ length: 1_000 }, (_, i) => i + 1));
    expect(events.map((event) => (event as Extract<JournalEvent, { type: 'note' }>).text).at(-1)).toBe('line 999');
  });

  it('has a durable event, and all before it, in the file when the promise resolves', async () => {
    const path = join(folder, 'j.jsonl');
    await using journal = await JournalWriter.create(path, hostClock);
    journal.append({ type: 'note', text: 'before' });
    await journal.appendDurably({ type: 'note', text: 'intent' });
    expect(
      (await readFile(path, 'utf8'))
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { text: string }).text),
    ).toEqual(['before', 'intent']);
  });

  it('keeps the instant that an event names, and gives the others its own', async () => {
    await using journal = await JournalWriter.create(join(folder, 'j.jsonl'), hostClock);
    const seen: JournalEvent[] = [];
    journal.onEvent((event) => seen.push(event));
    journal.append({ type: 'note', text: 'then', atMs: 5 });
    const fromMs = hostClock.nowMs();
    journal.append({ type: 'note', text: 'now' });
    expect(seen[0]?.atMs).toBe(5);
    expect(seen[1]?.atMs).toBeGreaterThanOrEqual(fromMs);
    expect(seen[1]?.atMs).toBeLessThanOrEqual(hostClock.nowMs());
  });

  it('goes on in a journal that holds events already', async () => {
    const path = join(folder, 'more.jsonl');
    const first = await JournalWriter.create(path, hostClock);
    first.append({ type: 'note', text: 'one' });
    await first.close();
    expect(first.count).toBe(1);
    const second = await JournalWriter.open(path, hostClock, { after: first.count });
    await second.appendDurably({ type: 'note', text: 'two' });
    await second.close();
    expect(
      (await readFile(path, 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as JournalEvent),
    ).toMatchObject([
      { n: 1, text: 'one' },
      { n: 2, text: 'two' },
    ]);
  });

  it('drops what crossed the wire when it cannot be written fast enough, keeps all else, and tells the loss before the run ends', async () => {
    const path = join(folder, 'slow');
    execFileSync('mkfifo', [path]);
    // A reader that reads nothing until all is said: to the writer, a disk that stands still.
    const [disk, journal] = await Promise.all([open(path), JournalWriter.open(path, hostClock)]);
    const exchange = { link: 'a->b', from: 'a', to: 'b', connection: 1, ordinal: 1, method: 'GET', path: 'x'.repeat(20_000) } as const;
    const SENT = 4_000;
    for (let i = 0; i < SENT; i++)
      journal.append({ type: 'exchange', ...exchange, startMs: i, endMs: i, end: 'complete', bytesUp: 0, bytesDown: 0 });
    journal.append({ type: 'runEnded', status: 'completed', steadyState: 'met', cleanup: 'confirmed' });
    const closed = journal.close();
    const events: JournalEvent[] = [];
    for await (const line of disk.readLines()) events.push(JSON.parse(line) as JournalEvent);
    await closed;
    const [loss, end] = events.slice(-2);
    expect([loss?.type, end?.type]).toEqual(['observationsLost', 'runEnded']);
    const lost = loss?.type === 'observationsLost' ? loss.count : 0;
    expect(lost).toBeGreaterThan(0);
    expect(events.filter(({ type }) => type === 'exchange')).toHaveLength(SENT - lost);
  });

  it('rejects, and says so for good, when the disk does not take it', async () => {
    // /dev/full answers every write with "no space left on device".
    await expect(JournalWriter.create(join(folder, 'missing', 'j.jsonl'), hostClock)).rejects.toMatchObject({ code: 'JOURNAL_FAILED' });
    const path = join(folder, 'full');
    await symlink('/dev/full', path);
    const journal = await JournalWriter.open(path, hostClock);
    await expect(journal.appendDurably({ type: 'note', text: 'x' })).rejects.toMatchObject({ code: 'JOURNAL_FAILED' });
    expect(journal.failure).toMatchObject({ code: 'JOURNAL_FAILED' });
    await expect(journal.appendDurably({ type: 'note', text: 'y' })).rejects.toMatchObject({ code: 'JOURNAL_FAILED' });
    await journal.close();
  });
});
