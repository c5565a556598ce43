/**
 * A thread that judges the journal of a run as far as it has come, whenever it is asked. A thread, because the orchestrator has leases to renew meanwhile;
 * one for the whole run, because to load the checks takes longer than to use them.
 */
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { JudgedSoFar } from '../verify/so-far.js';

/** The memory of the thread grows with the journal; a longer one is not judged before its end. */
const JOURNAL_BYTES_MAX = 128 * 1024 * 1024;
const THREAD_MIB_MAX = 512;

export interface JudgedInTime extends JudgedSoFar {
  /** Of a processor, without what it took to start. */
  tookMs: number;
}

export class JudgeThread implements Disposable {
  #thread: Worker | undefined;

  /** What the file says so far. Rejects when the thread has broken, and the next time there is another. One at a time. */
  async judge(journal: string): Promise<JudgedInTime> {
    const { size } = await stat(journal);
    if (size > JOURNAL_BYTES_MAX) return { soFar: [], lanes: [], tookMs: 0 };
    const thread = this.#thread ?? this.#start();
    thread.postMessage(journal);
    const [judged] = (await once(thread, 'message')) as [JudgedInTime];
    return judged;
  }

  [Symbol.dispose](): void {
    void this.#thread?.terminate();
  }

  #start(): Worker {
    const thread = new Worker(new URL('judge-worker.js', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: THREAD_MIB_MAX } });
    thread.unref();
    thread.once('exit', () => {
      this.#thread = undefined;
    });
    this.#thread = thread;
    return thread;
  }
}
