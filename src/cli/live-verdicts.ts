/**
 * Judges a run again and again while it goes on, for whoever watches: from its journal, as in the end. Every second, and it takes at most a twentieth of one
 * processor, however long the journal: who has judged for a second does not judge again for twenty. To start, once, is not counted.
 */
import { type Clock, every, type Timer } from '../core/clock.js';
import type { JournalEvent } from '../journal/events.js';
import type { JudgedSoFar } from '../verify/so-far.js';
import { type JudgedInTime, JudgeThread } from './judge-thread.js';

const LOOK_EVERY_MS = 1_000;
const REST_PER_WORK = 20;

export interface LiveVerdictsPorts {
  clock: Clock;
  /** The file. */
  journal: string;
  onVerdicts(judged: JudgedSoFar): void;
  /** Nobody judges while nobody looks. */
  isWatched(): boolean;
  /** What the journal says so far. */
  judge?: (journal: string) => Promise<JudgedInTime>;
}

export class LiveVerdicts implements Disposable {
  readonly #ports: LiveVerdictsPorts;
  readonly #judge: NonNullable<LiveVerdictsPorts['judge']>;
  readonly #thread = new JudgeThread();
  readonly #timer: Timer;
  /** Before the first fault nothing is told: what was judged by then only has read the journal that far. */
  #state: 'waiting' | 'reading' | 'telling' | 'over' = 'waiting';
  #notBeforeMs = 0;

  constructor(ports: LiveVerdictsPorts) {
    this.#ports = ports;
    this.#judge = ports.judge ?? ((journal) => this.#thread.judge(journal));
    this.#timer = every(ports.clock, LOOK_EVERY_MS, () => void this.#look());
  }

  /** One more event of the journal: before the first fault is on there is nothing to judge. */
  heed(event: JournalEvent): void {
    if (this.#state === 'over') return;
    if (event.type === 'phaseStarted' && this.#state === 'waiting') this.#state = 'reading';
    if (isOn(event)) this.#state = 'telling';
    if (event.type === 'runEnded') this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.#state = 'over';
    this.#timer.cancel();
    this.#thread[Symbol.dispose]();
  }

  async #look(): Promise<void> {
    const { clock, journal, onVerdicts, isWatched } = this.#ports;
    const startedMs = clock.nowMs();
    const isDue = this.#state === 'reading' || this.#state === 'telling';
    if (!isDue || startedMs < this.#notBeforeMs || !isWatched()) return;
    this.#notBeforeMs = Number.POSITIVE_INFINITY;
    // Whoever watches loses a line if this fails, and the run nothing.
    const judged = await this.#judge(journal).catch(() => undefined);
    if (this.#state === 'telling' && judged !== undefined) onVerdicts(judged);
    this.#notBeforeMs = clock.nowMs() + REST_PER_WORK * (judged?.tookMs ?? clock.nowMs() - startedMs);
  }
}

/** A fault of the plan, or one that somebody has put on beside it. */
function isOn(event: JournalEvent): boolean {
  return event.type === 'faultApplied' || (event.type === 'handFault' && event.change === 'applied');
}
