/**
 * Reads a journal back. A line that is not an event (cut short by a crash, or damaged) is not fatal: it becomes a gap, and whoever judges
 * a record with gaps may not say `pass`.
 */
import { open } from 'node:fs/promises';
import { LabError, reasonOf } from '../core/errors.js';
import type { JournalEvent } from './events.js';
import { JournalLines, type LineReader } from './journal-lines.js';
import { Fold, type RunRecord } from './record.js';

export interface ReadJournal {
  events: readonly JournalEvent[];
  gaps: readonly string[];
}

/** Every line of the file, in order; returns what could not be read. Rejects with JOURNAL_UNREADABLE if there is no such file. */
async function eachLine(path: string, reader: LineReader): Promise<readonly string[]> {
  const lines = new JournalLines(reader);
  try {
    await using file = await open(path);
    await lines.readOn(file);
  } catch (error) {
    throw new LabError('JOURNAL_UNREADABLE', { file: path, reason: reasonOf(error) }, { cause: error });
  }
  lines.end();
  return lines.gaps;
}

/** All of it, each event an object: for short journals. Rejects with JOURNAL_UNREADABLE. */
export async function readJournal(path: string): Promise<ReadJournal> {
  const events: JournalEvent[] = [];
  const gaps = await eachLine(path, { onEvent: (event) => events.push(event) });
  return { events, gaps };
}

/** Reads and folds, line by line. Rejects with JOURNAL_UNREADABLE. */
export async function readRecord(path: string): Promise<RunRecord> {
  const fold = new Fold();
  const gaps = await eachLine(path, { take: (line) => fold.take(line), onEvent: (event, line) => fold.add(event, line) });
  return fold.record(gaps);
}
