/**
 * The faults that are on in one daemon, each with a lease. A fault ends when its lease runs out, when its duration is over, when somebody
 * heals it, or when the daemon is halted; whichever comes first. One timer serves them all.
 */
import type { Clock, Timer } from '../core/clock.js';
import type { FaultChange } from '../journal/observations.js';
import type { ActiveFault } from './faults/active-fault.js';

type EndReason = Exclude<FaultChange['change'], 'applied'>;

interface Entry {
  fault: ActiveFault;
  leaseEndsMs: number;
  /** Infinity without a `duration`. */
  durationEndsMs: number;
}

export class FaultSet {
  readonly #clock: Clock;
  readonly #onChange: (fault: ActiveFault, change: FaultChange['change']) => void;
  readonly #entries = new Map<string, Entry>();
  #timer: Timer | undefined;

  /** `onChange` is called after the set has changed, once for each fault. */
  constructor(clock: Clock, onChange: (fault: ActiveFault, change: FaultChange['change']) => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  get all(): readonly ActiveFault[] {
    return [...this.#entries.values()].map((entry) => entry.fault);
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /** When it will end if nobody renews it. */
  endsMs(id: string): number | undefined {
    const entry = this.#entries.get(id);
    return entry && Math.min(entry.leaseEndsMs, entry.durationEndsMs);
  }

  add(faults: readonly ActiveFault[]): void {
    const nowMs = this.#clock.nowMs();
    for (const fault of faults) {
      const { lease: leaseMs, duration: durationMs } = fault.spec;
      this.#entries.set(fault.id, {
        fault,
        leaseEndsMs: nowMs + leaseMs,
        durationEndsMs: nowMs + (durationMs ?? Number.POSITIVE_INFINITY),
      });
    }
    for (const fault of faults) this.#onChange(fault, 'applied');
    this.#arm();
  }

  /** Puts a fault in the place of the one with its id, with a new lease and duration, and with its counts. */
  replace(fault: ActiveFault): void {
    const old = this.#entries.get(fault.id)?.fault;
    if (old !== undefined) Object.assign(fault.counts, old.counts);
    this.add([fault]);
  }

  /** Starts the lease of every fault of a run anew; the duration goes on counting. Returns how many there are. */
  renew(run: string): number {
    const nowMs = this.#clock.nowMs();
    let renewed = 0;
    for (const entry of this.#entries.values()) {
      if (entry.fault.run !== run) continue;
      entry.leaseEndsMs = nowMs + entry.fault.spec.lease;
      renewed += 1;
    }
    this.#arm();
    return renewed;
  }

  /** Ends those that `isIt` names, and returns them. */
  end(isIt: (fault: ActiveFault) => boolean, reason: EndReason): readonly ActiveFault[] {
    const ended = this.all.filter(isIt);
    for (const fault of ended) this.#entries.delete(fault.id);
    for (const fault of ended) this.#onChange(fault, reason);
    this.#arm();
    return ended;
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #arm(): void {
    this.close();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { leaseEndsMs, durationEndsMs } of this.#entries.values()) nextMs = Math.min(nextMs, leaseEndsMs, durationEndsMs);
    if (nextMs === Number.POSITIVE_INFINITY) return;
    this.#timer = this.#clock.after(Math.max(0, nextMs - this.#clock.nowMs()), () => this.#endDue());
  }

  #endDue(): void {
    const nowMs = this.#clock.nowMs();
    const due = (fault: ActiveFault, end: 'leaseEndsMs' | 'durationEndsMs'): boolean =>
      (this.#entries.get(fault.id)?.[end] ?? Number.POSITIVE_INFINITY) <= nowMs;
    this.end((fault) => due(fault, 'durationEndsMs'), 'duration');
    this.end((fault) => due(fault, 'leaseEndsMs'), 'expired');
  }
}
