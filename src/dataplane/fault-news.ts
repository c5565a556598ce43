/**
 * Tells the stream of observations what becomes of faults. Turns of pulses and ramps can be very many (a pulse of 20 ms, a thousand faults), and must
 * not push everything else out of the stream: beyond so many a second they are only counted.
 */
import type { Clock } from '../core/clock.js';
import type { FaultChange, Observation } from '../journal/observations.js';
import type { ActiveFault } from './faults/active-fault.js';

/** Of all faults together. The next one that is told says how many went untold. */
export const TURNS_TOLD_PER_SECOND_MAX = 100;

export class FaultNews {
  readonly #clock: Clock;
  readonly #record: (observation: Observation) => void;
  #second = 0;
  #toldCount = 0;
  #untoldCount = 0;

  constructor(clock: Clock, record: (observation: Observation) => void) {
    this.#clock = clock;
    this.#record = record;
  }

  tell(fault: ActiveFault, change: FaultChange['change']): void {
    const atMs = this.#clock.nowMs();
    if (change === 'turned' && !this.#mayTell(atMs)) {
      this.#untoldCount += 1;
      return;
    }
    const { id, run, isOn, percentage, hand, spec } = fault;
    const { matched, applied: appliedCount, skipped, overflow, unread } = fault.counts;
    const untold = this.#untoldCount;
    this.#untoldCount = 0;
    this.#record({
      kind: 'fault',
      fault: id,
      run: hand?.beside ?? run,
      change,
      atMs,
      ...(change === 'applied' && { performs: spec.type, proxies: spec.proxies }),
      isOn,
      percentage,
      matched,
      appliedCount,
      skipped,
      overflow,
      unread,
      ...(untold > 0 && { untold }),
      ...(hand !== undefined && { byHand: { by: hand.by, performs: spec.type, on: spec.proxies } }),
    });
  }

  #mayTell(atMs: number): boolean {
    const second = Math.floor(atMs / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#toldCount = 0;
    }
    this.#toldCount += 1;
    return this.#toldCount <= TURNS_TOLD_PER_SECOND_MAX;
  }
}
