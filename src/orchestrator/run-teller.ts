/**
 * Tells the daemon what happens in a run, for whoever looks on: in batches, four times a second. What a reader would get wrong: it may lose news and it may
 * fail, and neither is felt by the run; whoever looks on is told how many were lost, and the journal has them all.
 */
import { type Clock, every, sleep, type Timer } from '../core/clock.js';
import { LabError } from '../core/errors.js';
import type { JournalEvent } from '../journal/events.js';
import { type Exchange, LOAD, type Observation } from '../journal/observations.js';
import { probeTest } from '../journal/probe-paths.js';
import { SecondTally } from '../journal/second-tally.js';
import { FaultsElsewhere } from './faults-elsewhere.js';
import type { LiveEvent, LiveFleet, LiveVerdicts, RunNews, RunStarted } from './run-news.js';

const TELL_EVERY_MS = 250;
/** The generator hands over what it has done several times a second; by then a second of its requests is whole. */
const SUMMED_AFTER_MS = 1_000;
/** Of one batch. The daemon takes 2,000 events and 4 MiB, but it forwards nothing while it reads them. */
const BATCH_EVENTS_MAX = 500;
const BATCH_CHARACTERS_MAX = 1_000_000;
/** That wait; beyond it the oldest are dropped, and counted. */
const WAITING_CHARACTERS_MAX = 8_000_000;
const SECONDS_MAX = 1_000;
const CHANGES_MAX = 1_000;
const HOSTS_EVERY_MS = 1_000;
/** A host that was away sends what is long over: drawn as of now, it would be a peak that never was. */
const LATE_MS_MAX = 5_000;
/** How long the end of a run may wait until the last news are told. */
const LAST_MS = 2_000;

export interface TellPorts {
  epoch: number;
  tell(news: RunNews): Promise<void>;
  /** Where others than the daemon carry the links: the hosts that do. */
  hosts?: (() => Omit<LiveFleet, 'faults'>) | undefined;
}

interface Waiting {
  event: LiveEvent;
  characters: number;
}

export class RunTeller implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #timer: Timer;
  readonly #tally = new SecondTally();
  #ports: TellPorts | undefined;
  #started: RunStarted | undefined;
  #hasBegun = false;
  #waiting: Waiting[] = [];
  #characters = 0;
  #seconds: RunNews['seconds'] = [];
  #verdicts: LiveVerdicts | null = null;
  readonly #faults = new FaultsElsewhere();
  #changes: RunNews['faultChanges'] = [];
  /** As it was told last, and when it may be told again. */
  #fleet = '';
  #hostsDueMs = 0;
  #isProbe: ReturnType<typeof probeTest> = () => false;
  #lost = 0;
  #telling: Promise<void> | undefined;
  #isOver = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#timer = every(clock, TELL_EVERY_MS, () => void this.#tell());
  }

  /** Somebody looks on. Until then what happens is kept, up to the bound. */
  open(ports: TellPorts): void {
    this.#ports = ports;
  }

  get isHeard(): boolean {
    return this.#ports !== undefined && !this.#isOver;
  }

  /** One more event of the journal. */
  heed(event: JournalEvent): void {
    if (this.#isOver || event.type === 'exchange' || event.type === 'connection' || event.type === 'trafficSum') return;
    if (event.type === 'runStarted') {
      this.#started = event;
      this.#hasBegun = true;
      this.#isProbe = probeTest(event.plan.services);
      return;
    }
    const characters = JSON.stringify(event).length;
    this.#waiting.push({ event, characters });
    this.#characters += characters;
    while (this.#characters > WAITING_CHARACTERS_MAX) this.#drop(1);
  }

  /** What was observed, wherever; only what the daemon does not see itself is kept here. */
  observe(observation: Observation): void {
    if (this.#isOver) return;
    const isElsewhere = this.#ports?.hosts !== undefined;
    if (observation.kind === 'exchange') this.#sumUp(observation, { isElsewhere });
    else if (observation.kind === 'fault' && isElsewhere) {
      this.#faults.heed(observation);
      this.#changes = [...this.#changes, observation].slice(-CHANGES_MAX);
    }
  }

  #sumUp(exchange: Exchange, { isElsewhere }: { isElsewhere: boolean }): void {
    if (exchange.from === LOAD) this.#tally.add(exchange);
    if (exchange.from === LOAD || !isElsewhere) return;
    this.#faults.count(exchange);
    if (exchange.endMs > this.#clock.nowMs() - LATE_MS_MAX && !this.#isProbe(exchange)) this.#tally.add(exchange);
  }

  verdicts(verdicts: LiveVerdicts): void {
    this.#verdicts = verdicts;
  }

  /** Tells what is left, within two seconds. Never rejects. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer.cancel();
    this.#sum(Number.POSITIVE_INFINITY);
    const untilMs = this.#clock.nowMs() + LAST_MS;
    const ended = new AbortController();
    const patience = sleep(this.#clock, LAST_MS, ended.signal).catch(() => {});
    while (this.#hasNews && this.isHeard && this.#clock.nowMs() < untilMs) {
      await Promise.race([this.#tell(), patience]);
      if (this.#hasNews) await sleep(this.#clock, TELL_EVERY_MS);
    }
    ended.abort();
    this.#isOver = true;
  }

  get #hasNews(): boolean {
    const waiting = this.#waiting.length + this.#seconds.length + this.#changes.length;
    return this.#started !== undefined || waiting > 0 || this.#verdicts !== null;
  }

  #tell(): Promise<void> {
    this.#telling ??= this.#tellOnce().finally(() => {
      this.#telling = undefined;
    });
    return this.#telling;
  }

  async #tellOnce(): Promise<void> {
    this.#sum(this.#clock.nowMs() - SUMMED_AFTER_MS);
    const ports = this.#ports;
    if (ports === undefined || this.#isOver) return;
    const fleet = this.#fleetNow(ports);
    if (!this.#hasNews && fleet === null) return;
    const count = this.#batchLength();
    const [started, seconds, faultChanges, verdicts, lost] = [this.#started, this.#seconds, this.#changes, this.#verdicts, this.#lost];
    const events = [...(started === undefined ? [] : [started]), ...this.#waiting.slice(0, count).map(({ event }) => event)];
    const last = this.#waiting[count - 1];
    const outcome = await ports.tell({ epoch: ports.epoch, events, seconds, faultChanges, fleet, verdicts, lost }).then(
      () => 'told' as const,
      (error: unknown) => (error instanceof LabError && error.code !== 'DAEMON_UNREACHABLE' ? 'refused' : 'unheard'),
    );
    if (outcome === 'unheard') return;
    // Refused at the beginning, nothing that follows would be understood.
    if (outcome === 'refused' && started !== undefined) this.#isOver = true;
    // It may have begun while this was on its way.
    if (this.#started === started) this.#started = undefined;
    this.#lost -= lost;
    this.#seconds = this.#seconds.filter((second) => !seconds.includes(second));
    this.#changes = this.#changes.filter((change) => !faultChanges.includes(change));
    if (fleet !== null) this.#fleet = JSON.stringify(fleet);
    if (this.#verdicts === verdicts) this.#verdicts = null;
    // Some of the batch may have been dropped meanwhile.
    const told = last === undefined ? 0 : this.#waiting.indexOf(last) + 1;
    this.#drop(told, { isTold: outcome === 'told' });
  }

  /** Null where it is as it was told. */
  #fleetNow({ hosts }: TellPorts): LiveFleet | null {
    if (hosts === undefined || !this.#hasBegun || this.#clock.nowMs() < this.#hostsDueMs) return null;
    this.#hostsDueMs = this.#clock.nowMs() + HOSTS_EVERY_MS;
    const fleet = { ...hosts(), faults: this.#faults.on };
    return JSON.stringify(fleet) === this.#fleet ? null : fleet;
  }

  #sum(untilMs: number): void {
    const seconds = this.#tally.take(untilMs);
    if (seconds.length > 0) this.#seconds = [...this.#seconds, ...seconds].slice(-SECONDS_MAX);
  }

  #batchLength(): number {
    let characters = 0;
    const end = this.#waiting.findIndex((waiting, index) => {
      characters += waiting.characters;
      return index >= BATCH_EVENTS_MAX || (characters > BATCH_CHARACTERS_MAX && index > 0);
    });
    return end < 0 ? this.#waiting.length : end;
  }

  #drop(count: number, { isTold = false } = {}): void {
    for (const { characters } of this.#waiting.splice(0, count)) {
      this.#characters -= characters;
      if (!isTold) this.#lost += 1;
    }
  }
}
