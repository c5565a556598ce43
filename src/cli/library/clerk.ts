/**
 * Has questions answered in a thread, so that a journal of a million requests or a hostile file costs the daemon's traffic nothing. The thread is there
 * while somebody asks, and a while longer; one that is stuck or out of memory is replaced, and whoever waited is told.
 */
import { Worker } from 'node:worker_threads';
import type { Clerk, Question } from '../../control/library/clerk.js';
import type { Clock, Timer } from '../../core/clock.js';
import { type ErrorCode, LabError, reasonOf } from '../../core/errors.js';
import type { LibraryFolders } from './librarian.js';

const QUESTIONS_MAX = 20;
/** For one answer. */
const ANSWERS_WITHIN_MS = 120_000;
/** Nobody has asked for so long: its memory is given back. */
const IDLE_MS = 60_000;
const THREAD_MIB_MAX = 1_024;

export interface Asked {
  id: number;
  question: Question;
}
/** To one question: a text, an error of the table, or what nobody had thought of. */
export type Answered = { id: number } & (
  | { text: string }
  | { refused: { code: ErrorCode; details: LabError['details'] } }
  | { failed: string }
);

interface Waiting {
  what: string;
  resolve(text: string): void;
  reject(error: Error): void;
}

export class ThreadClerk implements Clerk {
  readonly #folders: LibraryFolders;
  readonly #clock: Clock;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #thread: Worker | undefined;
  #timer: Timer | undefined;

  constructor(folders: LibraryFolders, clock: Clock) {
    this.#folders = folders;
    this.#clock = clock;
  }

  ask(question: Question): Promise<string> {
    if (this.#waiting.size >= QUESTIONS_MAX)
      return Promise.reject(new LabError('BOUND_REACHED', { what: 'questions that wait for an answer', max: QUESTIONS_MAX }));
    this.#thread ??= this.#begin();
    const id = ++this.#asked;
    const asked: Asked = { id, question };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { what: wordsOf(question), resolve, reject });
      this.#thread?.postMessage(asked);
      if (this.#waiting.size === 1) this.#watch();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end('the daemon ends');
  }

  #begin(): Worker {
    const thread = new Worker(new URL('clerk-thread.js', import.meta.url), {
      workerData: this.#folders,
      resourceLimits: { maxOldGenerationSizeMb: THREAD_MIB_MAX },
    });
    thread.unref();
    thread.on('message', (answered: Answered) => this.#heard(answered));
    thread.on('error', (error) => void this.#end(reasonOf(error)));
    return thread;
  }

  #heard(answered: Answered): void {
    const waiting = this.#waiting.get(answered.id);
    this.#waiting.delete(answered.id);
    this.#watch();
    if (waiting === undefined) return;
    if ('text' in answered) waiting.resolve(answered.text);
    else if ('refused' in answered) waiting.reject(new LabError(answered.refused.code, answered.refused.details));
    else waiting.reject(new LabError('CLERK_FAILED', { what: waiting.what, reason: answered.failed }));
  }

  /** The thread answers one after the other: time counts from the last answer, or from when it had nothing to do. */
  #watch(): void {
    this.#timer?.cancel();
    const [delayMs, reason] =
      this.#waiting.size > 0
        ? [ANSWERS_WITHIN_MS, `no answer within ${ANSWERS_WITHIN_MS / 1_000} s; runs that were judged by then are kept, so ask again`]
        : [IDLE_MS, ''];
    this.#timer = this.#clock.after(delayMs, () => void this.#end(reason));
  }

  async #end(reason: string): Promise<void> {
    this.#timer?.cancel();
    const thread = this.#thread;
    this.#thread = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { what, reject } of waiting) reject(new LabError('CLERK_FAILED', { what, reason }));
    await thread?.terminate();
  }
}

const WORDS: Readonly<Record<Question['kind'], string>> = {
  runs: 'the list of runs',
  report: 'the report',
  compare: 'the comparison',
  coverage: 'the coverage',
  trend: 'the trend',
  pictures: 'the list of pictures',
  picture: 'the picture',
  answer: 'the answer',
  shipped: 'the list of experiments',
  plan: 'the plan',
};

function wordsOf({ kind }: Question): string {
  return WORDS[kind];
}
