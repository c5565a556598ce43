/**
 * Where a test lets programs run: on the machine itself, or on one of the hosts of a world (world.mjs). A program is known by the pid that it has for
 * this process, so that it can be killed or paused whatever stands between the two.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const LAST_WORDS_CHARS_MAX = 20_000;
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/** A program that a test has started: `lines` are what it said on stdout, `stderr()` the end of the rest. */
export class Started {
  /** @type {string[]} */
  lines = [];
  /** @type {Promise<{ code: number | null, signal: NodeJS.Signals | null }>} */
  exited;
  #child;
  #isWrapped;
  #stderr = '';
  #rest = '';

  /**
   * @param {import('node:child_process').ChildProcess} child
   * @param {{ isWrapped: boolean }} given `isWrapped`: the program is a child of what was spawned
   */
  constructor(child, { isWrapped }) {
    this.#child = child;
    this.#isWrapped = isWrapped;
    this.exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
    child.stdin.on('error', () => {});
    child.stdout.setEncoding('utf8').on('data', (text) => this.#read(text));
    child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#stderr = (this.#stderr + text).slice(-LAST_WORDS_CHARS_MAX);
    });
  }

  #read(text) {
    const parts = (this.#rest + text).split('\n');
    this.#rest = parts.pop();
    this.lines.push(...parts);
  }

  stderr() {
    return this.#stderr;
  }

  /** The program's own; undefined once it is gone. @returns {number | undefined} */
  get pid() {
    if (!this.#isWrapped) return this.#child.pid;
    try {
      const children = readFileSync(`/proc/${this.#child.pid}/task/${this.#child.pid}/children`, 'latin1');
      return Number(children.split(' ')[0]) || undefined;
    } catch {
      return undefined;
    }
  }

  /** SIGCONT also reaches what stands between, which sleeps along with the program. @param {NodeJS.Signals} signal */
  signal(signal) {
    const { pid } = this;
    for (const one of signal === 'SIGCONT' ? [this.#child.pid, pid] : [pid]) {
      if (one !== undefined && this.#child.exitCode === null && this.#child.signalCode === null) process.kill(one, signal);
    }
  }

  /** Resolves with the first line that `isIt` likes, said already or said later. @param {(line: string) => boolean} [isIt] */
  async line(isIt = () => true, withinMs = 20_000) {
    const untilMs = Date.now() + withinMs;
    for (;;) {
      const found = this.lines.find(isIt);
      if (found !== undefined) return found;
      const hasEnded = this.#child.exitCode !== null || this.#child.signalCode !== null;
      if (hasEnded || Date.now() > untilMs) throw new Error(`it did not say so: ${this.lines.slice(-5).join('\n')}\n${this.#stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async [Symbol.asyncDispose]() {
    this.signal('SIGKILL');
    this.signal('SIGCONT');
    await this.exited;
  }
}

/** @typedef {{ env?: Record<string, string>, cwd?: string }} StartOptions */

/** One address, and programs that are started there. */
export class Place {
  /** @type {string} */
  name;
  /** @type {string} */
  address;
  #wrap;

  /** @param {{ name: string, address: string, wrap?: readonly string[] }} given `wrap`: the words that put a command there; none where it is here */
  constructor({ name, address, wrap = [] }) {
    this.name = name;
    this.address = address;
    this.#wrap = wrap;
  }

  /** @param {readonly string[]} command @param {StartOptions} [options] */
  start(command, { env = {}, cwd } = {}) {
    const [program, ...args] = [...this.#wrap, ...command];
    const child = spawn(program, args, { env: { PATH: process.env.PATH, ...env }, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    return new Started(child, { isWrapped: this.#wrap.length > 0 });
  }

  /** Runs it to its end. Rejects where it fails, with what it said. @param {readonly string[]} command */
  async run(command, { timeoutMs = 20_000 } = {}) {
    const [program, ...args] = [...this.#wrap, ...command];
    return await promisify(execFile)(program, args, { timeout: timeoutMs, maxBuffer: OUTPUT_BYTES_MAX });
  }
}

export const loopback = new Place({ name: 'loopback', address: '127.0.0.1' });
