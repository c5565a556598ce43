/** What runs in the thread that judges while a run goes on: a path comes in, and what that journal says so far goes out. What breaks here ends the thread. */
import { parentPort } from 'node:worker_threads';
import { JournalFollower } from '../journal/journal-follower.js';
import { judgeSoFar } from '../verify/so-far.js';
import type { JudgedInTime } from './judge-thread.js';
import { threadCpuMs } from './thread-cpu.js';

/** A thread has one journal, and leaves it with its life. */
let followed: Promise<JournalFollower> | undefined;

async function answer(journal: string): Promise<void> {
  const startedMs = threadCpuMs();
  followed ??= JournalFollower.open(journal);
  const judged = judgeSoFar(await (await followed).record());
  parentPort?.postMessage({ ...judged, tookMs: threadCpuMs() - startedMs } satisfies JudgedInTime);
}

parentPort?.on('message', (journal: string) => void answer(journal));
