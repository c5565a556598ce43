/** Runs a program to its end for its exit code and what it prints. It gets a process group of its own, which is killed as a whole when time is up. */
import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { hostClock } from '../../core/clock.js';
import { reasonOf } from '../../core/errors.js';
import { signalGroup } from './processes.js';

/** What is printed beyond that is read and dropped, so that the program is not held up by it. */
const OUTPUT_BYTES_MAX = 1024 * 1024;
/** What it has printed before it ended is on its way. */
const LAST_WORDS_MS = 250;

export interface ProgramRequest {
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
  workingDirectory?: string | undefined;
  /** Kills the program. */
  signal: AbortSignal;
}

export interface ProgramEnd {
  /** Undefined when it did not end by itself. */
  code: number | undefined;
  /** The first MiB of stdout. */
  output: string;
  /** Why there is no exit code. */
  problem: string;
}

/**
 * Never rejects. Children that outlive the program are killed with its group. One that has left the group goes on and may hold the pipe open for ever: what
 * it prints is read and dropped, and nobody waits for it.
 */
export function runProgram({ argv, env, workingDirectory, signal }: ProgramRequest): Promise<ProgramEnd> {
  if (signal.aborted) return Promise.resolve({ code: undefined, output: '', problem: 'no time was left to start it' });
  return new Promise((resolve) => {
    const [program = '', ...args] = argv;
    const child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, ...env },
      ...(workingDirectory !== undefined && { cwd: workingDirectory }),
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    const kill = (): void => {
      if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
    };
    const end = (code: number | undefined, problem: string): void => {
      signal.removeEventListener('abort', kill);
      bytes = OUTPUT_BYTES_MAX;
      (child.stdout as Socket).unref();
      resolve({ code, output: Buffer.concat(chunks).toString('utf8'), problem });
    };
    signal.addEventListener('abort', kill, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      if (bytes < OUTPUT_BYTES_MAX) chunks.push(chunk.subarray(0, OUTPUT_BYTES_MAX - bytes));
      bytes += chunk.length;
    });
    child.once('error', (error) => end(undefined, `cannot be run: ${reasonOf(error)}`));
    child.once('exit', (code, by) => {
      kill();
      const ended = (): void => end(code ?? undefined, signal.aborted ? 'did not end in time' : `was ended by ${by}`);
      const lastWords = hostClock.after(LAST_WORDS_MS, ended);
      child.once('close', () => {
        lastWords.cancel();
        ended();
      });
    });
  });
}
