/**
 * What a run tells the daemon of itself while it goes on: the events of its journal but for the traffic, the load generator's sums, and what is known of
 * its promises. The newest run is kept, also when it is over. Only the run that holds the daemon's claim may begin to tell, and one of an older epoch is
 * refused; what is sent twice is heard once.
 */
import { LabError } from '../../core/errors.js';
import type { PhaseName } from '../../journal/events.js';
import type { LinkSecond } from '../../journal/link-second.js';
import type { FaultChange } from '../../journal/observations.js';
import type { LiveEvent, LiveFleet, LiveRun, LiveVerdicts, RunNews, RunStarted } from './contract.js';

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
  onFleet?(fleet: LiveFleet): void;
  /** Of a fault that others than the daemon perform. */
  onFaultChange?(change: FaultChange): void;
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

  /** Who carries the links of the run that holds the daemon, where the daemon does not; null elsewhere. */
  fleetOf(claimedBy: string | null): LiveFleet | null {
    return this.#run?.run === claimedBy ? (this.#run?.fleet ?? null) : null;
  }

  get events(): readonly LiveEvent[] {
    return this.#events.slice(-EVENTS_MAX);
  }

  /** `claimedBy`: the run that holds the daemon. Throws EPOCH_STALE, CLAIM_LOST, RUN_ACTIVE, or REQUEST_INVALID where the beginning is missing. */
  take(news: NewsOfRun, { claimedBy }: { claimedBy: string | null }): void {
    const { run, epoch, events, fleet, verdicts, lost } = news;
    if (this.#run?.run !== run || this.#run.epoch !== epoch) this.#begin({ run, epoch, events, claimedBy });
    for (const event of events) {
      if (event.n <= this.#newest) continue;
      this.#newest = event.n;
      if (event.type !== 'runStarted') this.#note(event);
    }
    const told = { ...(verdicts !== null && { verdicts }), ...(fleet !== null && { fleet }) };
    this.#change((known) => ({ eventsLost: known.eventsLost + lost, ...told }));
    for (const listener of this.#listeners) tellNews(listener, news);
  }

  #begin({ run, epoch, events, claimedBy }: Pick<NewsOfRun, 'run' | 'epoch' | 'events'> & { claimedBy: string | null }): void {
    const newest = this.#run?.epoch ?? 0;
    if (epoch < newest) throw new LabError('EPOCH_STALE', { epoch, newest });
    if (claimedBy === null) throw new LabError('CLAIM_LOST', { run });
    if (claimedBy !== run) throw new LabError('RUN_ACTIVE', { run: claimedBy });
    const started = events.find((event): event is RunStarted => event.type === 'runStarted');
    if (started === undefined)
      throw new LabError('REQUEST_INVALID', { problems: 'events: the first news of a run must hold its runStarted' });
    this.#run = { run, epoch, started, phase: null, ended: null, verdicts: null, fleet: null, eventsLost: 0 };
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

/** All but events, which are told one by one as they are noted. */
function tellNews(listener: FeedListener, { seconds, faultChanges, fleet, verdicts, lost }: RunNews): void {
  if (lost > 0) listener.onLost?.(lost);
  if (seconds.length > 0) listener.onSeconds?.(seconds);
  if (verdicts !== null) listener.onVerdicts?.(verdicts);
  if (fleet !== null) listener.onFleet?.(fleet);
  for (const change of faultChanges) listener.onFaultChange?.(change);
}
