/**
 * What a run tells the daemon of itself while it goes on: the events of its journal but for the traffic, the load generator's sums, and what is known of
 * its promises. The newest run is kept, also when it is over. Only the run that holds the daemon's claim may begin to tell, and one of an older epoch is
 * refused; what is sent twice is heard once.
 */
import { LabError } from '../../core/errors.js';
import type { PhaseName } from '../../journal/events.js';
import type { LinkSecond } from '../../journal/link-second.js';
import type { LiveEvent, LiveRun, LiveVerdicts, RunNews, RunStarted } from './contract.js';

const EVENTS_MAX = 5_000;
/** Old events are let go many at a time. */
const SPARE = 1_000;

/** What follows a run. `onRun` comes before all others. */
export interface FeedListener {
  onRun?(run: LiveRun): void;
  /** Any but `runStarted`. */
  onEvent?(event: LiveEvent): void;
  onVerdicts?(verdicts: LiveVerdicts): void;
  onSeconds?(seconds: readonly LinkSecond[]): void;
  /** So many events came too many at a time to be told. */
  onLost?(count: number): void;
}

type NewsOfRun = RunNews & { run: string };

export class RunFeed {
  readonly #listeners: FeedListener[] = [];
  #run: LiveRun | undefined;
  #events: LiveEvent[] = [];
  /** Number of the newest event. */
  #newest = 0;

  listen(listener: FeedListener): void {
    this.#listeners.push(listener);
  }

  /** The run that tells, or the last that did. */
  get run(): LiveRun | null {
    return this.#run ?? null;
  }

  get events(): readonly LiveEvent[] {
    return this.#events.slice(-EVENTS_MAX);
  }

  /** `claimedBy`: the run that holds the daemon. Throws EPOCH_STALE, CLAIM_LOST, RUN_ACTIVE, or REQUEST_INVALID where the beginning is missing. */
  take({ run, epoch, events, seconds, verdicts, lost }: NewsOfRun, { claimedBy }: { claimedBy: string | null }): void {
    if (this.#run?.run !== run || this.#run.epoch !== epoch) this.#begin({ run, epoch, events, claimedBy });
    for (const event of events) {
      if (event.n <= this.#newest) continue;
      this.#newest = event.n;
      if (event.type !== 'runStarted') this.#note(event);
    }
    this.#change((known) => ({ eventsLost: known.eventsLost + lost, ...(verdicts !== null && { verdicts }) }));
    for (const { onLost } of this.#listeners) if (lost > 0) onLost?.(lost);
    for (const { onSeconds } of this.#listeners) if (seconds.length > 0) onSeconds?.(seconds);
    for (const { onVerdicts } of this.#listeners) if (verdicts !== null) onVerdicts?.(verdicts);
  }

  #begin({ run, epoch, events, claimedBy }: Pick<NewsOfRun, 'run' | 'epoch' | 'events'> & { claimedBy: string | null }): void {
    const newest = this.#run?.epoch ?? 0;
    if (epoch < newest) throw new LabError('EPOCH_STALE', { epoch, newest });
    if (claimedBy === null) throw new LabError('CLAIM_LOST', { run });
    if (claimedBy !== run) throw new LabError('RUN_ACTIVE', { run: claimedBy });
    const started = events.find((event): event is RunStarted => event.type === 'runStarted');
    if (started === undefined)
      throw new LabError('REQUEST_INVALID', { problems: 'events: the first news of a run must hold its runStarted' });
    this.#run = { run, epoch, started, phase: null, ended: null, verdicts: null, eventsLost: 0 };
    this.#events = [];
    this.#newest = 0;
    for (const { onRun } of this.#listeners) onRun?.(this.#run);
  }

  #note(event: LiveEvent): void {
    this.#events.push(event);
    if (this.#events.length > EVENTS_MAX + SPARE) this.#events.splice(0, SPARE);
    if (event.type === 'phaseStarted') this.#enter(event.phase);
    if (event.type === 'phaseEnded') this.#enter(null);
    if (event.type === 'runEnded') this.#change(() => ({ ended: event }));
    for (const { onEvent } of this.#listeners) onEvent?.(event);
  }

  #enter(phase: PhaseName | null): void {
    this.#change(() => ({ phase }));
  }

  #change(change: (known: LiveRun) => Partial<LiveRun>): void {
    if (this.#run !== undefined) this.#run = { ...this.#run, ...change(this.#run) };
  }
}
