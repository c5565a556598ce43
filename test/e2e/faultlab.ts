/** Runs the compiled command line as a user would: a process of its own, its output, its exit code. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hostClock, sleep } from '../../src/core/clock.js';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const MAIN = join(ROOT, 'dist', 'main.js');
/** Nobody who runs tests wants their own daemons halted. */
const HOME = join(tmpdir(), `faultlab-test-home-${process.pid}`);

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Surroundings {
  cwd?: string;
  /** FAULTLAB_HOME; whatever the run starts is known by it. */
  home?: string;
  /** Added to the environment. */
  env?: Readonly<Record<string, string>>;
  /** A program that becomes ours, with its own words: limits, for example. */
  through?: readonly string[];
}

export class Faultlab implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  stdout = '';
  stderr = '';

  constructor(args: readonly string[], { cwd = ROOT, home = HOME, env = {}, through = [] }: Surroundings = {}) {
    if (!existsSync(MAIN)) throw new Error('dist/main.js is missing: run `npm run build` first');
    const [program = '', ...words] = [...through, process.execPath, MAIN, ...args];
    this.child = spawn(program, words, { cwd, env: { ...process.env, FAULTLAB_HOME: home, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.finished = new Promise((resolve) => {
      this.child.once('close', (code) => resolve({ code, stdout: this.stdout, stderr: this.stderr }));
    });
  }

  /** Resolves when standard output matches; rejects when the program ends or the time is up before it does. */
  async says(pattern: RegExp, timeoutMs = 60_000): Promise<RegExpExecArray> {
    const giveUpMs = hostClock.nowMs() + timeoutMs;
    for (;;) {
      const match = pattern.exec(this.stdout);
      if (match) return match;
      const isOver = this.child.exitCode !== null || this.child.signalCode !== null;
      if (isOver || hostClock.nowMs() > giveUpMs) throw new Error(`expected ${pattern}, found:\n${this.stdout}\n${this.stderr}`);
      await sleep(hostClock, 20);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.finished;
  }
}

/** One command to its end. */
export function faultlab(...args: string[]): Promise<Finished> {
  return new Faultlab(args).finished;
}

/** A folder that is gone after the test. */
export class Scratch implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<Scratch> {
    return new Scratch(await mkdtemp(join(tmpdir(), 'faultlab-e2e-')));
  }

  async write(name: string, text: string): Promise<string> {
    const path = join(this.path, name);
    await writeFile(path, text);
    return path;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.path, { recursive: true, force: true });
  }
}

/** Asks again until it is true, or fails with the sentence. */
export async function eventually(
  what: string | (() => string),
  isTrue: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
): Promise<void> {
  const giveUpMs = hostClock.nowMs() + timeoutMs;
  while (!(await isTrue())) {
    if (hostClock.nowMs() > giveUpMs) throw new Error(`not within ${timeoutMs} ms: ${typeof what === 'string' ? what : what()}`);
    await sleep(hostClock, 50);
  }
}
