/**
 * A daemon started for one run. It is told to outlive its parent's death only until its links are clean and quiet, so that a killed orchestrator neither
 * stops traffic nor leaves a process for ever.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Clock } from '../../core/clock.js';
import { LabError, reasonOf } from '../../core/errors.js';
import type { LiveProcess } from '../../journal/store.js';
import { startTicksOf, terminate } from './processes.js';

const START_TIMEOUT_MS = 30_000;

export class DaemonProcess implements AsyncDisposable {
  readonly url: string;
  readonly live: LiveProcess;
  readonly #clock: Clock;
  readonly #child: ChildProcess;

  private constructor(given: { clock: Clock; child: ChildProcess; url: string; pid: number }) {
    this.url = given.url;
    this.#clock = given.clock;
    this.#child = given.child;
    this.live = { name: 'daemon', pid: given.pid, startTicks: startTicksOf(given.pid) };
  }

  /** `argv` starts `faultlab serve`; the first line it prints is JSON with its `url`. Rejects with DAEMON_UNREACHABLE. */
  static async start(clock: Clock, { argv, logFile }: { argv: readonly string[]; logFile: string }): Promise<DaemonProcess> {
    const [program = '', ...args] = argv;
    const log = openSync(logFile, 'a');
    const child = spawn(program, args, { detached: true, stdio: ['pipe', 'pipe', log] });
    closeSync(log);
    const { stdin, stdout } = child;
    if (stdin === null || stdout === null) throw new Error('a pipe that was asked for is missing');
    stdin.on('error', () => {});
    const url = await new Promise<string>((resolve, reject) => {
      const fail = (reason: string): void => {
        timer.cancel();
        reject(new LabError('DAEMON_UNREACHABLE', { url: 'the run’s own daemon', reason: `${reason}; its output is in ${logFile}` }));
      };
      const timer = clock.after(START_TIMEOUT_MS, () => fail(`it did not say its address within ${START_TIMEOUT_MS} ms`));
      child.once('error', (error) => fail(reasonOf(error)));
      child.once('exit', (code, signal) => fail(`it ended with ${code ?? signal}`));
      createInterface({ input: stdout }).once('line', (line) => {
        timer.cancel();
        try {
          resolve((JSON.parse(line) as { url: string }).url);
        } catch {
          fail(`it said "${line}"`);
        }
      });
    });
    child.removeAllListeners('exit');
    return new DaemonProcess({ clock, child, url, pid: child.pid ?? 0 });
  }

  /** Called if it ends before it was asked to. */
  onExit(listener: (detail: string) => void): void {
    this.#child.once('exit', (code, signal) => listener(`the daemon ended with ${code ?? signal}`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.removeAllListeners('exit');
    await terminate(this.#clock, [this.live]);
  }
}
