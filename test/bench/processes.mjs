/**
 * The processes that one benchmark starts: each is ended by its pid, on every way out. A process that ends by itself is an error of whoever
 * waits for it, with its last words, because what it left unmeasured would otherwise look like a figure.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const ENDS_WITHIN_MS = 3_000;
const READY_WITHIN_MS = 20_000;
const LAST_WORDS_CHARS_MAX = 2_000;

class Started {
  lastWords = '';
  /** How it ended; undefined while it runs. */
  ended;
  #child;
  #exited;

  constructor(child) {
    this.#child = child;
    this.#exited = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    }).then((how) => {
      this.ended = how;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      this.lastWords = (this.lastWords + text).slice(-LAST_WORDS_CHARS_MAX);
    });
    child.stdin.on('error', () => {});
  }

  get pid() {
    return this.#child.pid;
  }

  get exited() {
    return this.#exited;
  }

  /** SIGTERM, and SIGKILL to what does not follow it. */
  async end() {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.kill(), ENDS_WITHIN_MS);
    await this.#exited;
    clearTimeout(timer);
  }

  kill() {
    this.#child.kill('SIGKILL');
  }
}

export class Processes {
  #running = new Set();
  #isEnding = false;

  constructor() {
    // The last resort: nothing may outlive an exit that forgot to wait.
    process.on('exit', () => {
      for (const started of this.#running) started.kill();
    });
  }

  /** Starts a program that says in one line of JSON that it is ready; gives the process and what it said. */
  async startAnnounced(command, args) {
    const { started, stdout } = this.#start(command, args);
    const line = once(createInterface({ input: stdout }), 'line');
    const said = await orFail(
      started,
      line.then(([text]) => JSON.parse(text)),
      command,
    );
    return { started, said };
  }

  /** Starts a server that says nothing; `isReady` resolves when it listens. */
  async startSilent(command, args, isReady) {
    const { started, stdout } = this.#start(command, args);
    stdout.resume();
    await orFail(started, isReady(), command);
    return started;
  }

  async endAll() {
    this.#isEnding = true;
    await Promise.all([...this.#running].map((started) => started.end()));
  }

  /** Standard input stays open as long as this process lives: programs of ours end with it, even after a SIGKILL. */
  #start(command, args) {
    if (this.#isEnding) throw new Error(`${command} is not started any more: the benchmark is ending`);
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const started = new Started(child);
    this.#running.add(started);
    void started.exited.then(() => this.#running.delete(started));
    return { started, stdout: child.stdout };
  }
}

async function orFail(started, ready, command) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${command} was not ready within ${READY_WITHIN_MS} ms`)), READY_WITHIN_MS);
  });
  const died = started.exited.then(() => {
    throw new Error(`${command} ended before it was ready (${started.ended}): ${started.lastWords.trim()}`);
  });
  // It ends some day in any case, and then nobody listens any more.
  died.catch(() => {});
  try {
    return await Promise.race([ready, died, late]);
  } catch (error) {
    started.kill();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
