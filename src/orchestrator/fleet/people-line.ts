/**
 * The daemon by which people see a run on a fleet and speak to it. It carries none of its links: it answers for gates and notes, shows what the run tells, and
 * its lever stops the run. What a reader gets wrong: the run does not hang on it. One that is gone is noted, and nobody looks on any more.
 */
import { type Clock, sleep } from '../../core/clock.js';
import { LabError, reasonOf } from '../../core/errors.js';
import type { NewEvent } from '../../journal/events.js';
import type { PersonWord } from '../../journal/observations.js';
import type { LiveProcess } from '../../journal/store.js';
import { DaemonDriver } from '../drivers/daemon.js';
import type { RunNews } from '../run-news.js';
import { DaemonProcess } from '../services/daemon-process.js';
import { isShipped } from './read-observation.js';

/** Also how soon its lever is noticed. */
const RENEW_EVERY_MS = 500;
const WAIT_MS = 1_000;

export interface PeopleLinePorts {
  clock: Clock;
  /** A daemon that already runs; one of its own if left out. */
  connect: { url: string; token?: string | undefined } | undefined;
  daemonArgv: readonly string[];
  logFile: string;
  /** Somebody has said something to the run. */
  onWord(word: PersonWord): void;
  /** HALTED: somebody has pulled its lever. */
  onFailure(error: unknown): void;
  note(event: NewEvent): void;
}

export class PeopleLine implements AsyncDisposable {
  readonly #ports: PeopleLinePorts;
  readonly #stop = new AbortController();
  #own: DaemonProcess | undefined;
  /** Undefined before the claim; what it resolves to is undefined where there is none. */
  #daemon: Promise<DaemonDriver | undefined> = Promise.resolve(undefined);
  #epoch = 0;
  #loops: Promise<unknown> = Promise.resolve();

  constructor(ports: PeopleLinePorts) {
    this.#ports = ports;
  }

  /** Those that were started for it. */
  get processes(): readonly LiveProcess[] {
    return this.#own === undefined ? [] : [this.#own.live];
  }

  /** Somebody there shows runs while they go on. Rejects with DAEMON_UNREACHABLE. */
  async wantsNews(): Promise<boolean> {
    const { connect } = this.#ports;
    return connect !== undefined && (await new DaemonDriver(connect).status()).wantsNews === true;
  }

  /**
   * From now on it hears what people say. Rejects with RUN_ACTIVE, HALTED or DAEMON_UNREACHABLE where a daemon was named; its own it does not wait for, because the
   * run holds a lease by now.
   */
  async claim(run: string): Promise<void> {
    const { connect, note } = this.#ports;
    if (connect !== undefined) {
      this.#daemon = this.#claimAt(new DaemonDriver(connect), run);
      await this.#daemon;
      return;
    }
    this.#daemon = this.#startOwn(run).catch((error: unknown) => {
      note({ type: 'note', text: `people cannot speak to this run but at its terminal: ${reasonOf(error)}` });
      return undefined;
    });
  }

  async openGate(...given: Parameters<DaemonDriver['openGate']>): Promise<void> {
    await (await this.#daemon)?.openGate(...given);
  }

  async closeGate(name: string): Promise<void> {
    await (await this.#daemon)?.closeGate(name);
  }

  async tell(news: RunNews): Promise<void> {
    await (await this.#daemon)?.tell({ ...news, epoch: this.#epoch });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const isHeard = !this.#stop.signal.aborted;
    this.#stop.abort();
    const daemon = await this.#daemon.catch(() => undefined);
    await this.#loops;
    if (isHeard) await daemon?.release().catch(() => {});
    await this.#own?.[Symbol.asyncDispose]();
  }

  async #startOwn(run: string): Promise<DaemonDriver> {
    const { clock, daemonArgv: argv, logFile } = this.#ports;
    this.#own = await DaemonProcess.start(clock, { argv, logFile });
    return this.#claimAt(new DaemonDriver({ url: this.#own.url }), run);
  }

  async #claimAt(daemon: DaemonDriver, run: string): Promise<DaemonDriver> {
    const { newestObservation } = await daemon.status();
    this.#epoch = (await daemon.claim(run)).epoch;
    this.#loops = Promise.all([this.#keep(daemon), this.#listen(daemon, newestObservation)]);
    return daemon;
  }

  async #keep(daemon: DaemonDriver): Promise<void> {
    await this.#untilGone(async () => {
      await daemon.renew();
      await sleep(this.#ports.clock, RENEW_EVERY_MS, this.#stop.signal);
    });
  }

  async #listen(daemon: DaemonDriver, newest: number): Promise<void> {
    let after = newest;
    await this.#untilGone(async () => {
      const page = await daemon.observations({ after, waitMs: WAIT_MS, signal: this.#stop.signal });
      after = page.next;
      for (const one of page.observations) if (!isShipped(one)) this.#ports.onWord(one);
    });
  }

  /** Over and over, for as long as it can be done. */
  async #untilGone(act: () => Promise<void>): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await act();
      } catch (error) {
        if (signal.aborted) return;
        this.#stop.abort();
        if (error instanceof LabError && error.code === 'HALTED') this.#ports.onFailure(error);
        else this.#ports.note({ type: 'note', text: `nobody can look on any more, nor speak to this run: ${reasonOf(error)}` });
      }
    }
  }
}
