/** Runs the compiled command line on a real terminal, as a person would: script(1) gives it one, and the test types and looks. */
import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { hostClock, sleep } from '../../src/core/clock.js';
import { ROOT } from './faultlab.js';

const MAIN = join(ROOT, 'dist', 'main.js');
const HOME = join(tmpdir(), `faultlab-test-home-${process.pid}`);

export const ENTER = '\r';
export const CTRL_C = '\u0003';

export interface TerminalOptions {
  columns?: number;
  env?: Readonly<Record<string, string>>;
}

export class Terminal implements AsyncDisposable {
  readonly #child: ChildProcess;
  /** The exit code. */
  readonly finished: Promise<number | null>;
  /** All that was ever written to it, as it came. */
  raw = '';

  constructor(args: readonly string[], { columns = 100, env = {} }: TerminalOptions = {}) {
    const words = [process.execPath, MAIN, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
    const command = `stty cols ${columns} rows 40; exec ${words.join(' ')}`;
    this.#child = spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], {
      cwd: ROOT,
      env: { ...process.env, FAULTLAB_HOME: HOME, USER: 'eve', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.raw += text;
    });
    this.finished = new Promise((resolve) => {
      this.#child.once('close', (code) => resolve(code));
    });
  }

  /** Without colours and movements of the cursor. */
  get text(): string {
    return stripVTControlCharacters(this.raw);
  }

  type(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** Resolves when it has shown that; rejects when the program ends or the time is up before it does. */
  async shows(pattern: RegExp, timeoutMs = 60_000): Promise<void> {
    const giveUpMs = hostClock.nowMs() + timeoutMs;
    while (!pattern.test(this.text)) {
      if (this.#child.exitCode !== null || hostClock.nowMs() > giveUpMs) throw new Error(`expected ${pattern}, found:\n${this.text}`);
      await sleep(hostClock, 20);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.finished;
  }
}
