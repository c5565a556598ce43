/**
 * The life of a sample program as a process: it says where it listens, stops within a second of SIGTERM, never outlives its parent, and when it
 * cannot start it ends with code 1 and one line that says why. Only here is `process` touched.
 */
import { type Clock, hostClock, sleep } from '../core/clock.js';
import { LabError, reasonOf } from '../core/errors.js';

/** What a program that runs has to offer. Disposing of it closes its sockets. */
export interface RunningProgram extends AsyncDisposable {
  /** `host:port` */
  readonly address: string;
}

export interface Program {
  readonly name: string;
  /** Throws when it cannot start; the message becomes the program's last line. */
  start(input: ProgramInput): Promise<RunningProgram>;
}

export interface ProgramInput {
  /** Without `node` and the file. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Writes one JSON line to stdout; for what a reader of the log would want to know, not for every request. */
  readonly log: (event: Readonly<Record<string, unknown>>) => void;
}

/** An orderly stop takes at most this long; what is still open then is cut by the end of the process. */
export const STOP_MS_MAX = 800;

/** Set to `1` by a parent that holds our stdin open for as long as it lives; the end of stdin is then the end of the parent, SIGKILL included. */
export const PARENT_PIPE = 'FAULTLAB_PARENT_PIPE';

/** Runs the program until it is told to stop. Never returns before the process is about to end. */
export async function runProgram(program: Program): Promise<void> {
  const stopped = whenStopped();
  const log: ProgramInput['log'] = (event) => process.stdout.write(`${JSON.stringify({ program: program.name, ...event })}\n`);
  let running: RunningProgram;
  try {
    running = await program.start({ args: process.argv.slice(2), env: process.env, clock: hostClock, log });
  } catch (error) {
    process.stderr.write(`${program.name}: ${error instanceof LabError ? error.message : reasonOf(error)}\n`);
    process.exit(1);
  }
  log({ event: 'started', pid: process.pid, address: running.address });
  await stopped;
  await Promise.race([running[Symbol.asyncDispose](), sleep(hostClock, STOP_MS_MAX)]);
  process.exit(0);
}

/** Resolves on SIGTERM and when nobody is left to read or to write to us; on SIGINT only without a parent. */
function whenStopped(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => resolve();
    const hasParent = process.env[PARENT_PIPE] === '1';
    process.once('SIGTERM', stop);
    // Ctrl-C reaches every process of the terminal; with a parent it is the parent who decides, because it may still have to heal.
    process.on('SIGINT', () => hasParent || stop());
    process.stdout.once('error', stop);
    if (hasParent) process.stdin.once('end', stop).once('error', stop).resume();
  });
}
