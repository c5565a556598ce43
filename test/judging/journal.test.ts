/** The journal that `bench:judge` judges is one of a run: whole, as long as asked for, and with something in it for nearly every check to decide on. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readRecord } from '../../src/journal/reader.js';
import { checks } from '../../src/verify/checks/catalog.js';
import { judge } from '../../src/verify/judge.js';
import { writeJournal } from './journal.mjs';

/** The shop turns nobody away, loses no answer, and numbers no writes. */
const UNDECIDED = ['duplicates', 'fencing', 'loadShedding'];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'judging-'));
});
afterEach(() => rm(folder, { recursive: true }));

it.each(['key', 'uuid'])(
  'is whole and decided on by the checks, with %s names',
  async (ids) => {
    const path = join(folder, 'journal.jsonl');
    writeJournal({ path, observations: 60_000, ids, catalog: checks });
    const record = await readRecord(path);
    expect([record.gaps, record.exchanges.length]).toEqual([[], 60_000]);
    const { findings } = judge(record);
    expect(findings.filter(({ verdict }) => verdict === 'error')).toEqual([]);
    const decided = findings.filter(({ verdict }) => verdict === 'pass' || verdict === 'fail').map(({ check }) => check);
    expect(UNDECIDED.filter((check) => decided.includes(check))).toEqual([]);
    expect(decided.length).toBeGreaterThan(findings.length / 2);
    expect(findings.find(({ check }) => check === 'circuitBreaker')?.correlation).toBe('C2');
  },
  60_000,
);
