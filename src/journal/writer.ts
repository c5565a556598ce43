/**
 * Appends events to the journal file. Ordinary events are buffered for a moment; `appendDurably` returns only when the event, and all before it,
 * are on disk, which is what must happen before a fault is applied. A journal that cannot be written rejects there, so nothing is injected.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { type Clock, every, type Timer } from '../core/clock.js';
import { LabError, reasonOf } from '../core/errors.js';
import { Condenser } from './condenser.js';
import type { JournalEvent, NewEvent } from './events.js';

const FLUSH_EVERY_MS = 200;
/** Beyond this much unwritten text, exchanges and connections are dropped and counted; the run's other events are always kept. */
const PENDING_CHARACTERS_MAX = 64 * 1024 * 1024;

export class JournalWriter implements AsyncDisposable {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #clock: Clock;
  readonly #condenser: Condenser;
  readonly #listeners: ((event: JournalEvent) => void)[] = [];
  readonly #flushTimer: Timer;
  #n: number;
  #pending: string[] = [];
  #pendingCharacters = 0;
  #lost = 0;
  #tail: Promise<void> = Promise.resolve();
  #failure: Error | undefined;
  #closed = false;

  private constructor(given: { path: string; file: FileHandle; clock: Clock; condenser: Condenser; after: number }) {
    this.#n = given.after;
    this.path = given.path;
    this.#file = given.file;
    this.#clock = given.clock;
    this.#condenser = given.condenser;
    this.#flushTimer = every(this.#clock, FLUSH_EVERY_MS, () => {
      for (const event of this.#condenser.due(this.#clock.nowMs())) this.#put(event);
      void this.#flush().catch(() => {});
    });
  }

  /** Creates the file; it must not exist. Rejects with JOURNAL_FAILED. */
  static create(path: string, clock: Clock): Promise<JournalWriter> {
    return JournalWriter.open(path, clock, { flags: 'wx' });
  }

  /** Writes to what is there: a device, or a journal that holds `after` events already. Rejects with JOURNAL_FAILED. */
  static async open(
    path: string,
    clock: Clock,
    { flags = 'a', after = 0 }: { flags?: 'wx' | 'a'; after?: number } = {},
  ): Promise<JournalWriter> {
    try {
      return new JournalWriter({ path, file: await open(path, flags), clock, condenser: new Condenser(), after });
    } catch (error) {
      throw new LabError('JOURNAL_FAILED', { file: path, reason: reasonOf(error) }, { cause: error });
    }
  }

  /** Set once writing has failed; the run must heal and end. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Events numbered so far. */
  get count(): number {
    return this.#n;
  }

  /** Called with each event, in order, after it got its number. */
  onEvent(listener: (event: JournalEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** Numbers the event and puts it in line; an exchange may be summed instead, later on. Its `atMs` is now unless it names another instant. */
  append(event: NewEvent): void {
    if (this.#closed) return;
    for (const kept of this.#condenser.take(event, this.#clock.nowMs())) this.#put(kept);
  }

  #put(event: NewEvent): void {
    const isWire = event.type === 'exchange' || event.type === 'connection';
    if (isWire && this.#pendingCharacters > PENDING_CHARACTERS_MAX) {
      this.#lost += 1;
      return;
    }
    // The run's other events are few: each can wait for the loss to be told, and the last of them must.
    if (!isWire || this.#pendingCharacters < PENDING_CHARACTERS_MAX / 2) this.#tellLoss();
    this.#n += 1;
    // The cast restores what NewEvent left out; the spread cannot express it for a union.
    const numbered = { n: this.#n, atMs: this.#clock.nowMs(), ...event } as JournalEvent;
    const line = `${JSON.stringify(numbered)}\n`;
    this.#pending.push(line);
    this.#pendingCharacters += line.length;
    for (const listener of this.#listeners) listener(numbered);
  }

  #tellLoss(): void {
    const count = this.#lost;
    this.#lost = 0;
    if (count > 0) this.#put({ type: 'observationsLost', count, reason: 'the journal could not be written fast enough' });
  }

  /** Appends and waits until it is on disk. Rejects with JOURNAL_FAILED. */
  async appendDurably(event: NewEvent): Promise<void> {
    this.append(event);
    await this.#flush();
    await this.#guard(() => this.#file.datasync());
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#flushTimer.cancel();
    for (const event of this.#condenser.rest()) this.#put(event);
    this.#tellLoss();
    await this.#flush().catch(() => {});
    this.#closed = true;
    await this.#file.datasync().catch(() => {});
    await this.#file.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #flush(): Promise<void> {
    if (this.#pending.length === 0) return this.#tail;
    const text = this.#pending.join('');
    this.#pending = [];
    // One write after another, so that the file's lines keep their order.
    this.#tail = this.#tail.then(() =>
      this.#guard(async () => {
        await this.#file.writeFile(text);
        this.#pendingCharacters -= text.length;
      }),
    );
    // A failure is kept in #failure and reported to whoever waits; the timer's own flush must not be an unhandled rejection.
    this.#tail.catch(() => {});
    return this.#tail;
  }

  async #guard(act: () => Promise<void>): Promise<void> {
    if (this.#failure) throw this.#failure;
    try {
      await act();
    } catch (error) {
      this.#failure = new LabError('JOURNAL_FAILED', { file: this.path, reason: reasonOf(error) }, { cause: error });
      throw this.#failure;
    }
  }
}
