import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { RecordLog } from '../../src/lab/record-log.js';

const folders: string[] = [];

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'faultlab-records-'));
  folders.push(folder);
  return folder;
}

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

describe('the records of the store', () => {
  it('are there again when they are opened anew, each with its last word', async () => {
    const folder = await newFolder();
    {
      await using records = await RecordLog.open(folder);
      await records.put('a', 'paid');
      await records.put('a', 'sent');
      await records.put('b', 'paid');
    }
    await using again = await RecordLog.open(folder);
    expect([again.get('a'), again.get('b'), again.get('c'), again.size]).toEqual(['sent', 'paid', undefined, 2]);
  });

  it('are whole after a crash in the middle of a line, and go on behind it', async () => {
    const folder = await newFolder();
    const file = join(folder, 'records.jsonl');
    await writeFile(file, '{"key":"a","state":"paid"}\n');
    await appendFile(file, '{"key":"b","sta');
    {
      await using records = await RecordLog.open(folder);
      expect([records.get('a'), records.get('b')]).toEqual(['paid', undefined]);
      await records.put('c', 'paid');
    }
    expect(await readFile(file, 'utf8')).toBe('{"key":"a","state":"paid"}\n{"key":"c","state":"paid"}\n');
  });

  it('are refused where a line is no record, and left as they are', async () => {
    const folder = await newFolder();
    const file = join(folder, 'records.jsonl');
    const text = '{"key":"a","state":"paid"}\ngarbage\n{"key":"b","sta';
    await writeFile(file, text);
    await expect(RecordLog.open(folder)).rejects.toMatchObject({ code: 'FILE_UNREADABLE', message: expect.stringContaining('line 2') });
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('end with the process where there is no folder for them', async () => {
    await using records = await RecordLog.open(undefined);
    await records.put('a', 'paid');
    expect(records.get('a')).toBe('paid');
    await using others = await RecordLog.open(undefined);
    expect(others.size).toBe(0);
  });

  it('cannot be opened in a folder that is none', async () => {
    const folder = await newFolder();
    await writeFile(join(folder, 'file'), '');
    await expect(RecordLog.open(join(folder, 'file'))).rejects.toThrow(/EEXIST|ENOTDIR/);
  });
});
