/**
 * A trial of failure detectors: one process sends heartbeats through links to three observers, is paused and killed, and its path to one of them is
 * made bad. What the observers heard, and when it was really dead, is all that comes out; detectors are held against it afterwards.
 */
import { join } from 'node:path';
import { type Clock, sleep } from '../../core/clock.js';
import { type FaultSpecInput, faultSpecSchema } from '../../dataplane/faults/spec.js';
import { latency } from '../../dataplane/faults/tcp/latency.js';
import { loss } from '../../dataplane/faults/tcp/loss.js';
import type { Beat } from '../../verify/detectors/candidates.js';
import type { Crash } from '../../verify/detectors/quality.js';
import { DaemonDriver } from '../drivers/daemon.js';
import { LeaseKeeper } from '../lease-keeper.js';
import { DaemonProcess } from '../services/daemon-process.js';
import { OwnedProcess, signalGroup, terminate } from '../services/processes.js';
import { ReaperLine } from '../services/reaper-line.js';
import { Ear } from './ears.js';
import type { Act } from './scenario.js';

/** The path to the first of them is made bad, and it is the one whose detectors are compared. */
const OBSERVERS = ['near', 'east', 'west'] as const;
/** A heart that cannot be heard within this has not started. */
const START_MS_MAX = 15_000;

export interface TrialPorts {
  clock: Clock;
  /** Starts a daemon on a free port. */
  daemonArgv: readonly string[];
  labFolder: string;
  /** For the output of what is started. */
  logFolder: string;
  signal: AbortSignal;
  say(act: Act): void;
}

export interface TrialRecord {
  beats: readonly Beat[];
  observer: string;
  crashes: readonly Crash[];
  pauses: readonly Crash[];
  span: Crash;
}

/** Rejects with the reason of `signal` when it is aborted; nothing is left on or running then. */
export async function runTrial(ports: TrialPorts, given: { acts: readonly Act[]; intervalMs: number; seed: number }): Promise<TrialRecord> {
  const { clock, logFolder } = ports;
  const heard: Beat[] = [];
  await using ears = await openEars(clock, heard);
  await using daemon = await DaemonProcess.start(clock, { argv: ports.daemonArgv, logFile: join(logFolder, 'daemon.log') });
  const driver = new DaemonDriver({ url: daemon.url });
  const { leaseMs } = await driver.claim('detectors');
  const lost = new AbortController();
  using _keeper = new LeaseKeeper({ clock, faults: driver, leaseMs, onLost: (error) => lost.abort(error) });
  const signal = AbortSignal.any([ports.signal, lost.signal]);
  const to: string[] = [];
  for (const ear of ears.all) to.push((await driver.createProxy({ name: `heart->${ear.name}`, upstream: ear.address })).listen);
  await using heart = new Heart({ ...ports, signal }, { heard, to, intervalMs: given.intervalMs });
  await heart.start();
  const fromMs = clock.nowMs();
  const spans: Record<Act['kind'], Crash[]> = { calm: [], badPath: [], stopped: [], dead: [] };
  for (const act of given.acts) {
    ports.say(act);
    const began = clock.nowMs();
    const endedMs = await perform(act, { ports: { ...ports, signal }, driver, heart, seed: given.seed });
    spans[act.kind].push({ fromMs: began, toMs: endedMs });
  }
  return { beats: heard, observer: OBSERVERS[0], crashes: spans.dead, pauses: spans.stopped, span: { fromMs, toMs: clock.nowMs() } };
}

async function openEars(clock: Clock, heard: Beat[]): Promise<{ all: readonly Ear[] } & AsyncDisposable> {
  const all: Ear[] = [];
  for (const name of OBSERVERS) all.push(await Ear.open(name, clock, heard));
  return {
    all,
    [Symbol.asyncDispose]: async () => {
      for (const ear of all) await ear[Symbol.asyncDispose]();
    },
  };
}

interface Stage {
  ports: TrialPorts;
  driver: DaemonDriver;
  heart: Heart;
  seed: number;
}

/** Returns when it ended. Whatever the act does to the sender is over then, also when it was aborted. */
async function perform(act: Act, { ports: { clock, signal }, driver, heart, seed }: Stage): Promise<number> {
  switch (act.kind) {
    case 'calm':
      await sleep(clock, act.lastsMs, signal);
      return clock.nowMs();
    case 'badPath':
      await driver.inject(badPath(act, seed));
      try {
        await sleep(clock, act.lastsMs, signal);
      } finally {
        await driver.heal();
      }
      return clock.nowMs();
    case 'stopped':
      heart.stop(act.lastsMs);
      await sleep(clock, act.lastsMs, signal).finally(() => heart.go());
      return clock.nowMs();
    case 'dead':
      await heart.kill();
      await sleep(clock, act.lastsMs, signal);
      return heart.start();
  }
}

function badPath({ jitterMs, lossPercent }: Extract<Act, { kind: 'badPath' }>, seed: number) {
  const faults: Pick<FaultSpecInput, 'id' | 'type' | 'value'>[] = [
    { id: 'jitter', type: latency.name, value: { latency: `${jitterMs / 2}ms`, jitter: `${jitterMs / 2}ms` } },
    { id: 'packets', type: loss.name, value: { rate: `${lossPercent}%` } },
  ];
  return faults.map((fault) => faultSpecSchema.parse({ ...fault, proxies: [`heart->${OBSERVERS[0]}`], direction: 'up', seed }));
}

const holdOf = ({ pid }: OwnedProcess) => ({ kind: 'hold', reach: { kind: 'group', pid } }) as const;

/** The process that sends; one at a time. The reaper ends it, and lets it go on, if nobody else can. */
class Heart implements AsyncDisposable {
  readonly #ports: TrialPorts;
  readonly #heard: readonly Beat[];
  readonly #env: Readonly<Record<string, string>>;
  readonly #reaper = new ReaperLine();
  #process: OwnedProcess | undefined;

  constructor(ports: TrialPorts, { heard, to, intervalMs }: { heard: readonly Beat[]; to: readonly string[]; intervalMs: number }) {
    this.#ports = ports;
    this.#heard = heard;
    this.#env = { HEART_TO: to.join(','), HEART_INTERVAL_MS: `${intervalMs}`, HEART_ORIGIN_MS: `${ports.clock.nowMs()}` };
  }

  /** Returns when its first heartbeat was heard: then it lives. */
  async start(): Promise<number> {
    const { clock, signal, labFolder, logFolder } = this.#ports;
    const before = this.#heard.length;
    this.#process = await OwnedProcess.spawn({
      name: 'heart',
      argv: [process.execPath, join(labFolder, 'heart/heart.js')],
      env: this.#env,
      logFile: join(logFolder, 'heart.log'),
    });
    this.#reaper.tell({ order: 'own', pid: this.#process.pid });
    const giveUpMs = clock.nowMs() + START_MS_MAX;
    for (;;) {
      const first = this.#heard[before];
      if (first !== undefined) return first.atMs;
      if (this.#process.exit !== undefined || clock.nowMs() > giveUpMs) {
        throw new Error(`no heartbeat came within ${START_MS_MAX} ms; its last words: ${await this.#process.lastWords()}`);
      }
      await sleep(clock, 1, signal);
    }
  }

  stop(forMs: number): void {
    if (this.#process !== undefined)
      this.#reaper.tell({ order: 'keep', act: { ...holdOf(this.#process), runPercent: 0 }, leaseMs: forMs + START_MS_MAX });
  }

  go(): void {
    if (this.#process !== undefined) this.#reaper.tell({ order: 'free', of: holdOf(this.#process) });
  }

  async kill(): Promise<void> {
    if (this.#process === undefined) return;
    if (this.#process.exit === undefined) signalGroup(this.#process.pid, 'SIGKILL');
    await this.#process.exited;
    this.#reaper.tell({ order: 'disown', pid: this.#process.pid });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A stopped process would not hear that it is to end.
    this.go();
    if (this.#process !== undefined) await terminate(this.#ports.clock, [this.#process.live]);
    this.#reaper.close();
  }
}
