/** A thread that judges the journal of a run as far as it has come, and says so once. A thread, because the orchestrator has leases to renew meanwhile. */
import { parentPort, workerData } from 'node:worker_threads';
import { readRecord } from '../journal/reader.js';
import { judgeSoFar } from '../verify/so-far.js';

parentPort?.postMessage(judgeSoFar(await readRecord(String(workerData))));
