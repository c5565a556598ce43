/**
 * The faults that are on in one daemon, each with a lease. A fault ends when its lease runs out, when its duration is over, when somebody
 * heals it, or when the daemon is halted; whichever comes first. One timer serves them all, and tells when a fault's level turns.
 */
import type { Clock, Timer } from '../core/clock.js';
import { LabError } from '../core/errors.js';
import type { FaultChange, FaultEnd } from '../journal/observations.js';
import type { ActiveFault } from './faults/active-fault.js';
import type { FaultSpec } from './faults/spec.js';

/** In one daemon. */
const FAULTS_MAX = 10_000;
/** Each is a stage on each of the proxy's connections, of 1.7 KB as measured, and all are looked at when one more is added by itself. */
const FAULTS_PER_PROXY_MAX = 250;

/** Called after the set has changed. */
export interface FaultSetEvents {
  /** They came or went together, have another level or other figures: their proxies are to look at them anew, once for all of them. */
  changed(faults: readonly ActiveFault[], change: FaultChange['change']): void;
}

interface Entry {
  fault: ActiveFault;
  leaseEndsMs: number;
  /** Infinity without a `duration`. */
  durationEndsMs: number;
}

export class FaultSet {
  readonly #clock: Clock;
  readonly #events: FaultSetEvents;
  readonly #entries = new Map<string, Entry>();
  /** The same faults by the proxies that they act on, so that a thousand proxies do not look at a thousand faults each. */
  readonly #byProxy = new Map<string, Set<ActiveFault>>();
  #timer: Timer | undefined;

  constructor(clock: Clock, events: FaultSetEvents) {
    this.#clock = clock;
    this.#events = events;
  }

  get all(): readonly ActiveFault[] {
    return [...this.#entries.values()].map((entry) => entry.fault);
  }

  /** Those that act on a proxy, in the order in which they were added. */
  on(proxy: string): readonly ActiveFault[] {
    return [...(this.#byProxy.get(proxy) ?? [])];
  }

  /** All of these together would be too many. Throws BOUND_REACHED. */
  refuseBeyondBounds(added: readonly Pick<FaultSpec, 'proxies'>[]): void {
    if (this.#entries.size + added.length > FAULTS_MAX) throw new LabError('BOUND_REACHED', { what: 'faults', max: FAULTS_MAX });
    const counts = new Map<string, number>();
    for (const name of added.flatMap(({ proxies }) => proxies)) {
      const count = (counts.get(name) ?? this.#byProxy.get(name)?.size ?? 0) + 1;
      counts.set(name, count);
      if (count > FAULTS_PER_PROXY_MAX)
        throw new LabError('BOUND_REACHED', { what: `faults on proxy "${name}"`, max: FAULTS_PER_PROXY_MAX });
    }
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
      for (const proxy of fault.spec.proxies) this.#byProxy.set(proxy, (this.#byProxy.get(proxy) ?? new Set()).add(fault));
    }
    this.#events.changed(faults, 'applied');
    this.#arm();
  }

  get(id: string): ActiveFault | undefined {
    return this.#entries.get(id)?.fault;
  }

  /** Gives a fault that is on other parameters or another percentage; its lease and duration go on counting. */
  change(fault: ActiveFault, change: Parameters<ActiveFault['change']>[0]): void {
    fault.change(change, this.#clock.nowMs());
    this.#events.changed([fault], 'changed');
    this.#arm();
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

  /** Starts the lease of one fault anew; false if it is not on. */
  renewOne(id: string): boolean {
    const entry = this.#entries.get(id);
    if (entry === undefined) return false;
    entry.leaseEndsMs = this.#clock.nowMs() + entry.fault.spec.lease;
    this.#arm();
    return true;
  }

  /** Ends those that `isIt` names, and returns them. */
  end(isIt: (fault: ActiveFault) => boolean, reason: FaultEnd): readonly ActiveFault[] {
    const ended = this.all.filter(isIt);
    for (const fault of ended) this.#forget(fault);
    this.#events.changed(ended, reason);
    this.#arm();
    return ended;
  }

  /** The proxy is gone: what acted on it goes on elsewhere, or is healed if that was its last. A later one of the same name is another proxy. */
  leave(proxy: string): void {
    const faults = this.#byProxy.get(proxy);
    if (faults === undefined) return;
    this.#byProxy.delete(proxy);
    this.end((fault) => faults.has(fault) && !fault.spec.proxies.some((name) => this.#byProxy.get(name)?.has(fault)), 'healed');
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #forget(fault: ActiveFault): void {
    this.#entries.delete(fault.id);
    for (const proxy of fault.spec.proxies) {
      const faults = this.#byProxy.get(proxy);
      faults?.delete(fault);
      if (faults?.size === 0) this.#byProxy.delete(proxy);
    }
  }

  #arm(): void {
    this.close();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { fault, leaseEndsMs, durationEndsMs } of this.#entries.values())
      nextMs = Math.min(nextMs, leaseEndsMs, durationEndsMs, fault.turnsAtMs);
    if (nextMs === Number.POSITIVE_INFINITY) return;
    this.#timer = this.#clock.after(Math.max(0, nextMs - this.#clock.nowMs()), () => this.#handleDue());
  }

  #handleDue(): void {
    const nowMs = this.#clock.nowMs();
    const due = (fault: ActiveFault, end: 'leaseEndsMs' | 'durationEndsMs'): boolean =>
      (this.#entries.get(fault.id)?.[end] ?? Number.POSITIVE_INFINITY) <= nowMs;
    this.end((fault) => due(fault, 'durationEndsMs'), 'duration');
    this.end((fault) => due(fault, 'leaseEndsMs'), 'expired');
    const turned = this.all.filter((fault) => fault.turn(nowMs));
    this.#events.changed(turned, 'turned');
    this.#arm();
  }
}
