/**
 * The daemon's side of the page: puts together what the daemon sees itself and what a run tells, and says it as one snapshot and one stream. Sums are made
 * once, whoever looks on. Exists only where a page was asked for.
 */
import type { Clock, Timer } from '../../core/clock.js';
import { every } from '../../core/clock.js';
import { LabError } from '../../core/errors.js';
import type { Daemon } from '../../dataplane/daemon.js';
import type { LinkSecond } from '../../journal/link-second.js';
import type { FaultChange, Observation } from '../../journal/observations.js';
import { probeTest } from '../../journal/probe-paths.js';
import { SecondTally } from '../../journal/second-tally.js';
import type { ObservationFollower } from '../observation-follower.js';
import type { PeopleDesk } from '../people-desk.js';
import type { LiveHistory, LiveSnapshot } from './contract.js';
import { FaultWindows } from './fault-windows.js';
import { LinkHistory } from './link-history.js';
import { liveFaults, liveState } from './live-state.js';
import { MessageRing } from './message-ring.js';
import { ProxyMeter } from './proxy-meter.js';
import type { RunFeed } from './run-feed.js';

const SECOND_MS = 1_000;
/** Observations are handed over five times a second: by then those of the second before are here. */
const TOLD_AFTER_MS = 400;
const STATE_EVERY_MS = 250;
/** Of which the snapshot tells. */
const RECENT_SECONDS = 120;

export interface LivePorts {
  daemon: Daemon;
  people: PeopleDesk;
  follower: ObservationFollower;
  feed: RunFeed;
  version: string;
  /** Names this life of the daemon. */
  boot: string;
}

export class LiveDesk implements Disposable {
  readonly #ports: LivePorts;
  readonly #clock: Clock;
  readonly #tally = new SecondTally();
  readonly #meter: ProxyMeter;
  readonly #history = new LinkHistory();
  readonly #windows = new FaultWindows();
  readonly #ring = new MessageRing();
  readonly #stateTimer: Timer;
  #secondTimer: Timer;
  #state = '';
  #isProbe: ReturnType<typeof probeTest> = () => false;

  constructor(ports: LivePorts) {
    this.#ports = ports;
    this.#clock = ports.daemon.clock;
    this.#meter = new ProxyMeter(ports.daemon);
    ports.follower.listen({ onObservation: (observation) => this.#observe(observation) });
    this.#heed(ports.feed);
    this.#stateTimer = every(this.#clock, STATE_EVERY_MS, () => this.#tellState());
    this.#secondTimer = this.#nextSecond();
  }

  /** Of now, with nothing left out that the stream has told. */
  snapshot(): LiveSnapshot {
    const { daemon, feed, version, boot } = this.#ports;
    this.#ports.follower.catchUp();
    this.#tellState();
    const nowMs = this.#clock.nowMs();
    const toSecond = Math.floor(nowMs / SECOND_MS);
    const recent = { fromSecond: toSecond - RECENT_SECONDS, toSecond };
    return {
      seq: this.#ring.newest,
      boot,
      version,
      environment: daemon.environment,
      nowMs,
      wallMs: this.#clock.wallMs(),
      run: feed.run,
      events: feed.events,
      faultWindows: this.#windows.kept(nowMs),
      history: this.#history.links.flatMap((link) => this.#history.read(link, recent) ?? []),
      ...liveState(this.#ports),
    };
  }

  /** One link from a second on, the last hour if that is left out. Throws LINK_UNKNOWN. */
  history(link: string, fromSecond = Number.NEGATIVE_INFINITY): LiveHistory {
    const history = this.#history.read(link, { fromSecond, toSecond: Math.floor(this.#clock.nowMs() / SECOND_MS) });
    if (history === undefined) throw new LabError('LINK_UNKNOWN', { link });
    return history;
  }

  /** What comes after a message of this life of the daemon. Throws BOUND_REACHED. */
  stream({ boot, after }: { boot: string; after: number }): ReadableStream<Uint8Array> {
    if (boot !== this.#ports.boot || after > this.#ring.newest) return MessageRing.ended({ reason: 'restarted' });
    return this.#ring.open(after);
  }

  [Symbol.dispose](): void {
    this.#stateTimer.cancel();
    this.#secondTimer.cancel();
  }

  #heed(feed: RunFeed): void {
    feed.listen({
      onRun: (run) => {
        this.#isProbe = probeTest(run.started.plan.services);
        this.#ring.publish('run', run);
      },
      onEvent: (event) => this.#ring.publish('journal', event),
      onVerdicts: (verdicts) => this.#ring.publish('verdicts', verdicts),
      onSeconds: (seconds) => this.#tellSeconds(seconds),
      onFleet: (fleet) => this.#ring.publish('fleet', fleet),
      onFaultChange: (change) => this.#noteFault(change),
    });
  }

  #observe(observation: Observation): void {
    if (observation.kind === 'exchange' && !this.#isProbe(observation)) this.#tally.add(observation);
    if (observation.kind === 'fault') this.#noteFault(observation);
  }

  #noteFault(change: FaultChange): void {
    const window = this.#windows.note(change);
    if (window !== undefined) this.#ring.publish('fault', window);
  }

  /** Always as long after the beginning of a second, also when this one took long. */
  #nextSecond(): Timer {
    const delayMs = SECOND_MS - ((this.#clock.nowMs() - TOLD_AFTER_MS) % SECOND_MS);
    return this.#clock.after(delayMs, () => {
      this.#endSecond();
      this.#secondTimer = this.#nextSecond();
    });
  }

  #endSecond(): void {
    this.#ports.follower.catchUp();
    const overMs = this.#clock.nowMs() - TOLD_AFTER_MS;
    const second = Math.floor(overMs / SECOND_MS) - 1;
    this.#tellSeconds(this.#meter.complete(this.#tally.take(overMs), second));
    this.#history.forget(second);
  }

  #tellSeconds(seconds: readonly LinkSecond[]): void {
    const nowMs = this.#clock.nowMs();
    for (const row of seconds) this.#history.put(row, Math.floor(nowMs / SECOND_MS));
    this.#ring.publish('second', { nowMs, wallMs: this.#clock.wallMs(), seconds, faults: liveFaults(this.#ports) });
  }

  /** Only what differs from what was told. */
  #tellState(): void {
    const state = liveState(this.#ports);
    // Time runs on and counts rise: that is no news, and every second tells it.
    const faults = state.faults.map(({ id, isOn, percentage }) => ({ id, isOn, percentage }));
    const text = JSON.stringify({ ...state, faults });
    if (text === this.#state) return;
    this.#state = text;
    this.#ring.publish('state', state);
  }
}
