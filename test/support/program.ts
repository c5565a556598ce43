/** Starts a compiled program for a test, and makes sure that it is gone when the test is. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { built } from './built.js';

export interface StartedProgram extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Every JSON line that it has written to stdout so far. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  /** What it has written to stderr so far. */
  stderr(): string;
  /** `host:port`, from the line that says it has started. */
  readonly address: string;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

export interface ProgramRequest {
  /** In dist: `lab/shop/gateway.js`. */
  readonly file: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Resolves when the program has said that it listens, or has ended. */
export async function startProgram({ file, args = [], env = {} }: ProgramRequest): Promise<StartedProgram> {
  const child = spawn(process.execPath, [built(file), ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit').then(([code, signal]) => ({ code: code as number | null, signal: signal as NodeJS.Signals | null }));
  const lines: Record<string, unknown>[] = [];
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const started = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(JSON.parse(line) as Record<string, unknown>);
      resolve();
    });
  });
  await Promise.race([started, once(child, 'close')]);
  return {
    child,
    lines,
    stderr: () => stderr,
    address: String(lines[0]?.['address']),
    exited,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
