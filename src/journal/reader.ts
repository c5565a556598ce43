/**
 * Reads a journal back. A line that is not an event (cut short by a crash, or damaged) is not fatal: it becomes a gap, and whoever judges
 * a record with gaps may not say `pass`.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { LabError, reasonOf } from '../core/errors.js';
import { objectionTo } from './event-shape.js';
import type { JournalEvent } from './events.js';
import { foldJournal, type RunRecord } from './record.js';

/** The gaps named one by one; the rest is a count. */
const GAPS_NAMED_MAX = 20;

export interface ReadJournal {
  events: readonly JournalEvent[];
  gaps: readonly string[];
}

/** One line of the file, or the reason why it is none. */
export function parseLine(line: string): JournalEvent | string {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return 'is not an event';
    const { n, atMs, type } = value as Record<string, unknown>;
    if (typeof n !== 'number' || typeof atMs !== 'number' || typeof type !== 'string') return 'lacks n, atMs or type';
    return objectionTo(value as Record<string, unknown>) ?? (value as JournalEvent);
  } catch {
    return 'is not JSON';
  }
}

/** Rejects with JOURNAL_UNREADABLE if there is no such file. */
export async function readJournal(path: string): Promise<ReadJournal> {
  const events: JournalEvent[] = [];
  const gaps: string[] = [];
  let number = 0;
  let bad = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1;
      if (line === '') continue;
      const event = parseLine(line);
      if (typeof event !== 'string') events.push(event);
      else if (++bad <= GAPS_NAMED_MAX) gaps.push(`line ${number} ${event}`);
    }
  } catch (error) {
    throw new LabError('JOURNAL_UNREADABLE', { file: path, reason: reasonOf(error) }, { cause: error });
  }
  if (bad > GAPS_NAMED_MAX) gaps.push(`${bad - GAPS_NAMED_MAX} more lines are damaged`);
  return { events, gaps };
}

/** Reads and folds. */
export async function readRecord(path: string): Promise<RunRecord> {
  const { events, gaps } = await readJournal(path);
  return foldJournal(events, gaps);
}
