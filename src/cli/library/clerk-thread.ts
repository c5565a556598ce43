/** The thread in which a daemon has questions about runs and experiments answered, one after the other: judging and planning would hold up its traffic. */
import { parentPort, workerData } from 'node:worker_threads';
import { hostClock } from '../../core/clock.js';
import { LabError, reasonOf } from '../../core/errors.js';
import type { Answered, Asked } from './clerk.js';
import { Librarian, type LibraryFolders } from './librarian.js';

const librarian = new Librarian(workerData as LibraryFolders, hostClock);
let before: Promise<void> = Promise.resolve();

parentPort?.on('message', (asked: Asked) => {
  before = before.then(async () => parentPort?.postMessage(await answered(asked)));
});

async function answered({ id, question }: Asked): Promise<Answered> {
  try {
    return { id, text: await librarian.answer(question) };
  } catch (error) {
    // Classes do not cross from one thread to another.
    if (error instanceof LabError) return { id, refused: { code: error.code, details: error.details } };
    return { id, failed: reasonOf(error) };
  }
}
