/** The lines of a journal as they are read: events, and reasons why a line is none. Who reads a file that still grows goes on where it was. */
import type { FileHandle } from 'node:fs/promises';
import type { Latin } from './columns/latin.js';
import { objectionTo } from './event-shape.js';
import type { JournalEvent } from './events.js';
import { LineSplitter } from './line-splitter.js';

/** The gaps named one by one; the rest is a count. */
const GAPS_NAMED_MAX = 20;
/** A longer line is damaged: the longest, a plan, are some MB. */
const LINE_BYTES_MAX = 64 * 1024 * 1024;
const READ_BYTES = 1024 * 1024;

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

export interface LineReader {
  /** Whether it needs no more of a line than its bytes. */
  take?(line: Readonly<Latin>): boolean;
  onEvent(event: JournalEvent, line: string): void;
}

export class JournalLines {
  readonly #reader: LineReader;
  readonly #lines = new LineSplitter(LINE_BYTES_MAX, (line, number) => this.#read(line, number));
  readonly #piece = Buffer.alloc(READ_BYTES);
  readonly #named: string[] = [];
  #bad = 0;

  constructor(reader: LineReader) {
    this.#reader = reader;
  }

  /** What could not be read. */
  get gaps(): readonly string[] {
    const more = this.#bad - this.#named.length;
    return more === 0 ? this.#named : [...this.#named, `${more} more lines are damaged`];
  }

  /** From where the file was last read to its present end. A line that is not whole waits for the rest of it. */
  async readOn(file: FileHandle): Promise<void> {
    for (let read = await file.read(this.#piece); read.bytesRead > 0; read = await file.read(this.#piece))
      this.#lines.add(this.#piece.subarray(0, read.bytesRead));
  }

  /** Nothing follows any more. */
  end(): void {
    this.#lines.end();
  }

  #read(bytes: Readonly<Latin>, number: number): void {
    if (this.#reader.take?.(bytes) === true) return;
    const line = bytes.bytes.toString('utf8', bytes.from, bytes.to);
    if (line === '' || line === '\r') return;
    const event = parseLine(line);
    if (typeof event !== 'string') this.#reader.onEvent(event, line);
    else if (++this.#bad <= GAPS_NAMED_MAX) this.#named.push(`line ${number} ${event}`);
  }
}
