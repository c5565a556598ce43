/**
 * The life of a sample program as a process: it says where it listens, stops within a second of SIGTERM, and when it cannot start it ends with code 1 and one line that says why. Only here is `process` touched.
 */
import { type Clock, hostClock, sleep } from '../core/clock.js';
import { LabError, reasonOf } from '../core/errors.js';

/** What a program that runs has to offer. Disposing of it closes its sockets. */
export interface RunningProgram extends AsyncDisposable {
  /** `host:port` */
  readonly address: string;
  /** What a reader of the log has to know of how it has started: stands in the line that says so. */
  readonly about?: Readonly<Record<string, unknown>>;
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
  /** Ends the process from one moment to the next, as when the system takes its memory away: what is open is cut. */
  readonly die: (reason: string) => void;
}

/** An orderly stop takes at most this long; what is still open then is cut by the end of the process. */
export const STOP_MS_MAX = 800;

/** What a shell says of a process that was killed. */
const KILLED_CODE = 137;

/** Runs the program until it is told to stop. Never returns before the process is about to end. */
export async function runProgram(program: Program): Promise<void> {
  const stopped = whenStopped();
  const log: ProgramInput['log'] = (event) => process.stdout.write(`${JSON.stringify({ program: program.name, ...event })}\n`);
  const die: ProgramInput['die'] = (reason) => {
    process.stderr.write(`${program.name}: ${reason}\n`);
    process.exit(KILLED_CODE);
  };
  let running: RunningProgram;
  try {
    running = await program.start({ args: process.argv.slice(2), env: process.env, clock: hostClock, log, die });
  } catch (error) {
    process.stderr.write(`${program.name}: ${error instanceof LabError ? error.message : reasonOf(error)}\n`);
    process.exit(1);
  }
  log({ event: 'started', pid: process.pid, address: running.address, ...running.about });
  await stopped;
  await Promise.race([running[Symbol.asyncDispose](), sleep(hostClock, STOP_MS_MAX)]);
  process.exit(0);
}

/** Resolves when somebody wants it to end, or nobody is left to read what it says. */
function whenStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
    process.stdout.once('error', () => resolve());
  });
}
