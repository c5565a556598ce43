import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BODY_BYTES_MAX } from '../../../src/lab/body.js';
import { audit, type Books, createBooks, sliceOf } from '../../../src/lab/payments/books.js';
import { RecordLog } from '../../../src/lab/record-log.js';

async function booksWith(...keys: string[]): Promise<Books> {
  const books = createBooks(await RecordLog.open(undefined));
  await Promise.all(keys.map((key) => books.charge({ key, amount: 1 })));
  return books;
}

describe('the books', () => {
  it('agree with what customers were told where each was charged once', async () => {
    const books = await booksWith('a', 'b');
    expect(audit(new Set(['a', 'b']), books.counts())).toEqual({ acknowledged: 2, missing: 0, doubled: 0 });
  });

  it('show who was charged twice, and who was told so and never charged', async () => {
    const books = await booksWith('a', 'a', 'b', 'b', 'b');
    expect(audit(new Set(['a', 'c']), books.counts())).toEqual({ acknowledged: 2, missing: 1, doubled: 2 });
  });

  it('take no charge amiss that was made and not told of', async () => {
    const books = await booksWith('a');
    expect(audit(new Set(), books.counts())).toEqual({ acknowledged: 0, missing: 0, doubled: 0 });
  });

  it('do not count a charge that could not be written down, also where another of the same key waits for it', async () => {
    const log = await RecordLog.open(undefined);
    let failures = 2;
    const put = (key: string, state: string) => (failures-- > 0 ? Promise.reject(new Error('EFBIG')) : log.put(key, state));
    const books = createBooks({ all: () => log.all(), put });
    await expect(books.charge({ key: 'a', amount: 1 })).rejects.toThrow('EFBIG');
    expect(books.counts().size).toBe(0);
    const both = await Promise.allSettled([books.charge({ key: 'a', amount: 1 }), books.charge({ key: 'a', amount: 1 })]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(Object.fromEntries(books.counts())).toEqual({ a: 1 });
    expect(createBooks(log).counts()).toEqual(books.counts());
  });

  it('are told in slices, each no longer than an answer may be, that hold every key together', () => {
    const all = Array.from({ length: 20_000 }, (_, i): [string, number] => [`sale-é"-${i}`, 1 + (i % 12)]);
    const counts = new Map([...all, ['"'.repeat(16_000), 1]]);
    const told = new Map<string, number>();
    let from = 0;
    for (let slice = Object.entries(sliceOf(counts, from)); slice.length > 0; slice = Object.entries(sliceOf(counts, from))) {
      expect(Buffer.byteLength(`${JSON.stringify(Object.fromEntries(slice))}\n`)).toBeLessThanOrEqual(BODY_BYTES_MAX);
      for (const [key, count] of slice) told.set(key, count);
      from += slice.length;
    }
    expect(told).toEqual(counts);
  });

  it('outlive their process where they are written down, with what each charge was for', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'faultlab-books-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    {
      await using log = await RecordLog.open(folder);
      const books = createBooks(log);
      await books.charge({ key: 'a', amount: 42, token: 't' });
      await books.charge({ key: 'a', amount: 42, token: 't' });
      await books.charge({ key: 'b', amount: 7 });
    }
    await using log = await RecordLog.open(folder);
    const books = createBooks(log);
    expect(Object.fromEntries(books.counts())).toEqual({ a: 2, b: 1 });
    expect(books.charges()).toEqual([
      { key: 'a', amount: 42, token: 't' },
      { key: 'b', amount: 7 },
    ]);
    await books.charge({ key: 'a', amount: 42, token: 't' });
    expect(books.counts().get('a')).toBe(3);
  });
});
