/**
 * Reads a journal back. A line that is not an event (cut short by a crash, or damaged) is not fatal: it becomes a gap, and whoever judges
 * a record with gaps may not say `pass`.
 */
import { open } from 'node:fs/promises';
import { LabError, reasonOf } from '../core/errors.js';
import type { Latin } from './columns/latin.js';
import { objectionTo } from './event-shape.js';
import type { JournalEvent } from './events.js';
import { LineSplitter } from './line-splitter.js';
import { Fold, type RunRecord } from './record.js';

/** The gaps named one by one; the rest is a count. */
const GAPS_NAMED_MAX = 20;
/** A longer line is damaged: the longest, a plan, are some MB. */
const LINE_BYTES_MAX = 64 * 1024 * 1024;
const READ_BYTES = 1024 * 1024;

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

interface Reader {
  /** Whether it needs no more of a line than its bytes. */
  take?(line: Readonly<Latin>): boolean;
  onEvent(event: JournalEvent, line: string): void;
}

/** Every line of the file, in order; returns what could not be read. Rejects with JOURNAL_UNREADABLE if there is no such file. */
async function eachLine(path: string, { take, onEvent }: Reader): Promise<readonly string[]> {
  const gaps: string[] = [];
  let bad = 0;
  const lines = new LineSplitter(LINE_BYTES_MAX, (bytes, number) => {
    if (take?.(bytes) === true) return;
    const line = bytes.bytes.toString('utf8', bytes.from, bytes.to);
    if (line === '' || line === '\r') return;
    const event = parseLine(line);
    if (typeof event !== 'string') onEvent(event, line);
    else if (++bad <= GAPS_NAMED_MAX) gaps.push(`line ${number} ${event}`);
  });
  try {
    await using file = await open(path);
    const piece = Buffer.alloc(READ_BYTES);
    for (let read = await file.read(piece); read.bytesRead > 0; read = await file.read(piece)) lines.add(piece.subarray(0, read.bytesRead));
  } catch (error) {
    throw new LabError('JOURNAL_UNREADABLE', { file: path, reason: reasonOf(error) }, { cause: error });
  }
  lines.end();
  if (bad > GAPS_NAMED_MAX) gaps.push(`${bad - GAPS_NAMED_MAX} more lines are damaged`);
  return gaps;
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
  return fold.finish(gaps);
}
