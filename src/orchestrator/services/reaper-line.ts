/** The orchestrator's end of the pipe to its reaper. As long as it is open the orchestrator lives; nothing else has to be said of that. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { ReaperOrder } from './reaper-order.js';

export class ReaperLine {
  /** Whoever carries it is ended with the rest, whether or not there was time to name him. */
  readonly mark = randomUUID();
  readonly #reaper: ChildProcess;

  constructor() {
    this.#reaper = spawn(process.execPath, [fileURLToPath(new URL('reaper.js', import.meta.url)), this.mark], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#reaper.stdin?.on('error', () => {});
    this.#reaper.on('error', () => {});
  }

  /** False once it has ended: it keeps and ends nobody any more. */
  get isAlive(): boolean {
    return this.#reaper.pid !== undefined && this.#reaper.exitCode === null && this.#reaper.signalCode === null;
  }

  tell(order: ReaperOrder): void {
    this.#reaper.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  close(): void {
    this.#reaper.stdin?.end();
  }
}
