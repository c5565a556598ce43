/** The orchestrator's end of the pipe to its reaper. As long as it is open the orchestrator lives; nothing else has to be said of that. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';

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

  own(pid: number): void {
    this.#say(`+${pid}`);
  }

  /** It has ended. */
  disown(pid: number): void {
    this.#say(`-${pid}`);
  }

  /** Stops the group, wholly (0) or for all but a share of the time, until it is freed or nobody has renewed for a lease. */
  hold(pid: number, { leaseMs, runPercent }: { leaseMs: number; runPercent: number }): void {
    this.#say(`hold ${pid} ${leaseMs} ${runPercent}`);
  }

  free(pid: number): void {
    this.#say(`free ${pid}`);
  }

  /** All holds. */
  renew(): void {
    this.#say('renew');
  }

  close(): void {
    this.#reaper.stdin?.end();
  }

  #say(line: string): void {
    this.#reaper.stdin?.write(`${line}\n`);
  }
}
