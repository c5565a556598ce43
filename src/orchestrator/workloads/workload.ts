/**
 * The parent's side of the load generator: starts the process, takes its exchanges, asks it to stop and takes its figures. The process dies with
 * us, because it watches its stdin; and when it dies by itself, `ended` rejects.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Clock, hostClock, sleep } from '../../core/clock.js';
import { LabError, reasonOf } from '../../core/errors.js';
import type { Exchange } from '../../journal/observations.js';
import { type LoadConfigInput, type LoadOrder, type LoadSummary, loadLineSchema } from './load-protocol.js';

export interface LoadGeneratorOptions {
  readonly config: LoadConfigInput;
  /** Called with every batch, several times a second, in the order in which the requests ended. */
  readonly onExchanges: (batch: readonly Exchange[]) => void;
  /** Ends the load without a summary: `ended` and `stop()` reject. */
  readonly signal?: AbortSignal;
  /** Program and arguments; the compiled generator by default. */
  readonly argv?: readonly [string, ...string[]];
  readonly clock?: Clock;
}

/** How long a child may take to begin: it has a program to load, and rows to read. */
const BEGIN_MS_MAX = 30_000;
/** How long a child may take to stop, beyond the time-out of its last requests. */
const STOP_GRACE_MS = 3_000;
/** How much of the child's last words is kept for the error. */
const STDERR_CHARACTERS_MAX = 4_096;

const GENERATOR = [process.execPath, fileURLToPath(new URL('load-process.js', import.meta.url))] as const;

/** Steers a load while it goes on. Without the name of a scenario an order is for all of them. Orders are obeyed in turn, within a few milliseconds. */
export interface LoadControl {
  /** Requests per second of an open scenario, users of a closed one. Stages that were still to come are dropped. */
  setLevel(level: number, scenario?: string): void;
  /** Nothing is sent until `resume`; what would have fallen due meanwhile never does, and stages wait. */
  pause(scenario?: string): void;
  resume(scenario?: string): void;
}

export class LoadGenerator implements AsyncDisposable, LoadControl {
  /** The figures, once the load has ended. Rejects with WORKLOAD_FAILED when the process ends without them; nobody has to listen. */
  readonly ended: Promise<LoadSummary>;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  /** Resolves with the child's word that it sends; settles with `ended` if it comes to none. */
  readonly #begun: Promise<unknown>;
  readonly #clock: Clock;
  readonly #stopMsMax: number;
  #stopping: Promise<LoadSummary> | undefined;

  /** Starts the process; it sends its first request as soon as it has read its configuration. Throws WORKLOAD_FAILED where it cannot be started. */
  static async start(options: LoadGeneratorOptions): Promise<LoadGenerator> {
    const [program, ...args] = options.argv ?? GENERATOR;
    // A group of its own: Ctrl-C in the terminal reaches the orchestrator alone, which stops the load in order.
    const child = spawn(program, args, { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => reject(new LabError('WORKLOAD_FAILED', { reason: reasonOf(error) }, { cause: error })));
    });
    return new LoadGenerator(child, options);
  }

  private constructor(child: ChildProcess, { config, onExchanges, signal, clock = hostClock }: LoadGeneratorOptions) {
    this.#child = child;
    this.#clock = clock;
    this.#stopMsMax = config.timeoutMs + STOP_GRACE_MS;
    this.#exited = new Promise((resolve) => child.once('exit', () => resolve()));
    let onBegun = (): void => {};
    const begun = new Promise<void>((resolve) => {
      onBegun = resolve;
    });
    this.ended = summaryOf(child, { onBegun, onExchanges });
    this.#begun = Promise.race([begun, this.ended]);
    this.#begun.catch(() => {});
    // Who stops the load hears of its failure then; without this line it would end the whole process before.
    this.ended.catch(() => {});
    const abort = (): void => void child.kill('SIGKILL');
    signal?.addEventListener('abort', abort, { once: true });
    void this.#exited.then(() => signal?.removeEventListener('abort', abort));
    if (signal?.aborted) abort();
    // Writing to a child that has died is reported by its exit, with its last words.
    child.stdin?.on('error', () => {});
    this.#tell(config);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Resolves when it sends. Rejects with WORKLOAD_FAILED when it has not come to that within `BEGIN_MS_MAX`, or with the signal's reason. */
  async begun(signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const tooLate = sleep(this.#clock, BEGIN_MS_MAX, AbortSignal.any([signal, over.signal])).then(() => {
      throw new LabError('WORKLOAD_FAILED', { reason: `it did not begin within ${BEGIN_MS_MAX / 1e3} s` });
    });
    try {
      await Promise.race([this.#begun, tooLate]);
    } finally {
      // The loser of the race is told to stop waiting; its rejection is expected and nobody's news.
      tooLate.catch(() => {});
      over.abort();
    }
  }

  setLevel(level: number, scenario?: string): void {
    this.#order({ order: 'level', level, scenario });
  }

  pause(scenario?: string): void {
    this.#order({ order: 'pause', scenario });
  }

  resume(scenario?: string): void {
    this.#order({ order: 'resume', scenario });
  }

  /** Sends nothing more, waits for what is in flight, and returns the figures. A child that does not stop in time is killed: WORKLOAD_FAILED. */
  stop(): Promise<LoadSummary> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** Ends the process, with figures or without. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  async #stop(): Promise<LoadSummary> {
    this.#order({ order: 'stop' });
    const timer = this.#clock.after(this.#stopMsMax, () => this.#child.kill('SIGKILL'));
    try {
      return await this.ended;
    } finally {
      timer.cancel();
    }
  }

  #order(order: LoadOrder): void {
    this.#tell(order);
  }

  #tell(message: unknown): void {
    this.#child.stdin?.write(`${JSON.stringify(message)}\n`);
  }
}

/** Reads the child to its end. Rejects with WORKLOAD_FAILED when the last line is not a summary. */
async function summaryOf(
  child: ChildProcess,
  { onBegun, onExchanges }: Pick<LoadGeneratorOptions, 'onExchanges'> & { onBegun(): void },
): Promise<LoadSummary> {
  const closed = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => resolve(signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`));
  });
  let lastWords = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-STDERR_CHARACTERS_MAX);
  });
  let summary: LoadSummary | undefined;
  try {
    if (child.stdout !== null) {
      for await (const text of createInterface({ input: child.stdout })) {
        const line = loadLineSchema.parse(JSON.parse(text));
        if (line.type === 'exchanges') onExchanges(line.exchanges);
        else if (line.type === 'begun') onBegun();
        else summary = line.summary;
      }
    }
  } catch (error) {
    // A line cut short by the child's death, or a program that is not ours.
    child.kill('SIGKILL');
    await closed;
    throw new LabError('WORKLOAD_FAILED', { reason: `${reasonOf(error)}; ${lastWords.trim()}` }, { cause: error });
  }
  const how = await closed;
  if (summary === undefined) throw new LabError('WORKLOAD_FAILED', { reason: [how, lastWords.trim()].filter(Boolean).join(': ') });
  return summary;
}
