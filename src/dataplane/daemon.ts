/**
 * The data plane of one process: its proxies, the faults on them, and what they see. It starts clean, refuses commands of an epoch that is not
 * the newest, and ends faults by itself; whoever steers it may die at any moment without stopping traffic.
 */
import type { Clock } from '../core/clock.js';
import { LabError } from '../core/errors.js';
import type { Observation } from '../journal/observations.js';
import { admitFaults, paramsOf } from './admit-fault.js';
import { FaultNews } from './fault-news.js';
import { FaultSet } from './fault-set.js';
import { type FaultStatus, faultStatusOf } from './fault-status.js';
import type { ActiveFault } from './faults/active-fault.js';
import { BY_HAND, type FaultChangeRequest, type FaultReleaseRequest, type Inject } from './faults/spec.js';
import { Lever } from './lever.js';
import { OBSERVATIONS_MAX, ObservationRing } from './observation-ring.js';
import {
  type ConnectionPage,
  type ConnectionStatus,
  DEFAULT_LIMITS,
  type ProxyLimits,
  type ProxyPorts,
  type ProxySpec,
  type ProxyStats,
} from './proxy.js';
import { type ProxyChange, ProxySlot } from './proxy-slot.js';
import { RUN_LEASE_MS, RunClaim } from './run-claim.js';
import { LabAuthority } from './tls/lab-authority.js';

const PROXIES_MAX = 10_000;

export interface ProxyStatus extends ProxyStats {
  name: string;
  protocol: ProxySpec['protocol'];
  listen: string;
  upstream: string;
  /** The ends at which it speaks TLS. */
  tls: readonly ('terminate' | 'originate')[];
  enabled: boolean;
  protected: boolean;
  faults: readonly string[];
}

export interface DaemonOptions {
  clock: Clock;
  environment: string;
  limits?: Partial<ProxyLimits>;
  observationsMax?: number;
  /** One of its own, kept in memory, if left out. */
  authority?: LabAuthority;
}

export class Daemon implements AsyncDisposable {
  readonly environment: string;
  readonly observations: ObservationRing;
  readonly clock: Clock;
  /** Signs for the proxies that terminate TLS. */
  readonly authority: LabAuthority;
  readonly #limits: ProxyLimits;
  readonly #proxies = new Map<string, ProxySlot>();
  readonly #faults: FaultSet;
  readonly #claim: RunClaim;
  readonly #lever: Lever;

  constructor(given: DaemonOptions) {
    this.environment = given.environment;
    this.clock = given.clock;
    this.authority = given.authority ?? new LabAuthority(given.clock);
    this.#limits = { ...DEFAULT_LIMITS, ...given.limits };
    this.observations = new ObservationRing(given.clock, given.observationsMax ?? OBSERVATIONS_MAX);
    const news = new FaultNews(given.clock, (observation) => this.observations.push(observation));
    this.#faults = new FaultSet(given.clock, {
      changed: (faults, change) => {
        this.#setOnProxies(faults);
        for (const fault of faults) {
          news.tell(fault, change);
          // Whoever let one lease run out has slept: what he was about to do next is for a world of before.
          if (change === 'expired') this.#claim.lapse(fault.run);
        }
      },
    });
    this.#claim = new RunClaim(given.clock);
    this.#lever = new Lever(given.clock);
  }

  // ------------------------------------------------------------------------------------------------------------ proxies

  /** Starts listening, unless it is to be disabled. Throws PROXY_EXISTS, LISTEN_FAILED, TLS_INVALID, CA_UNUSABLE or BOUND_REACHED. */
  async createProxy(spec: ProxySpec): Promise<ProxyStatus> {
    if (this.#proxies.has(spec.name)) throw new LabError('PROXY_EXISTS', { proxy: spec.name });
    if (this.#proxies.size >= PROXIES_MAX) throw new LabError('BOUND_REACHED', { what: 'proxies', max: PROXIES_MAX });
    const record = spec.record ? (observation: Observation): void => this.observations.push(observation) : (): void => {};
    const ports: ProxyPorts = { clock: this.clock, authority: this.authority, record };
    const proxy = new ProxySlot({ ports, limits: this.#limits, spec });
    // Taken before the listener is there, so that two requests at once cannot both create it.
    this.#proxies.set(spec.name, proxy);
    try {
      if (spec.enabled) await proxy.start();
    } catch (error) {
      this.#faults.leave(spec.name);
      this.#proxies.delete(spec.name);
      throw error;
    }
    return this.#proxyStatus(proxy);
  }

  /** Moves it, points it elsewhere, or takes it out and in again; its faults stay. Throws PROXY_UNKNOWN or LISTEN_FAILED. */
  async updateProxy(name: string, change: ProxyChange): Promise<ProxyStatus> {
    const proxy = this.#proxy(name);
    await proxy.update(change);
    return this.#proxyStatus(proxy);
  }

  /** Ends its connections and frees its port. Faults that act on nothing else end; the others never come back to one of the same name. */
  async removeProxy(name: string): Promise<void> {
    const proxy = this.#proxy(name);
    this.#faults.leave(name);
    this.#proxies.delete(name);
    await proxy.close();
  }

  hasProxy(name: string): boolean {
    return this.#proxies.has(name);
  }

  /** Throws PROXY_UNKNOWN. */
  proxy(name: string): ProxyStatus {
    return this.#proxyStatus(this.#proxy(name));
  }

  proxies(): readonly ProxyStatus[] {
    return [...this.#proxies.values()].map((proxy) => this.#proxyStatus(proxy));
  }

  /** Its open connections, oldest first. Throws PROXY_UNKNOWN. */
  connectionsOf(name: string, page: ConnectionPage): readonly ConnectionStatus[] {
    return this.#proxy(name).connections(page);
  }

  /** Resets one connection on both sides. Throws PROXY_UNKNOWN, CONNECTION_UNKNOWN, or RUN_ACTIVE while a run holds the daemon. */
  kill(name: string, connection: number): void {
    this.refuseBesides(BY_HAND);
    if (!this.#proxy(name).kill(connection)) throw new LabError('CONNECTION_UNKNOWN', { proxy: name, connection });
  }

  // --------------------------------------------------------------------------------------------------------------- runs

  /** Gives a run the newest epoch. `isDry`: it is a rehearsal. Throws RUN_ACTIVE while another run still renews its claim, HALTED while halted. */
  claim(run: string, options: { isDry?: boolean | undefined } = {}): { epoch: number; leaseMs: number } {
    this.#lever.refuse();
    const { epoch, overtaken } = this.#claim.take(run, options);
    if (overtaken !== undefined) this.#faults.end((fault) => fault.run === overtaken, 'expired');
    return { epoch, leaseMs: RUN_LEASE_MS };
  }

  /** Renews the run's claim and the lease of all its faults. Throws EPOCH_STALE, CLAIM_LOST when it comes too late, or HALTED while halted. */
  renew({ run, epoch }: { run: string; epoch: number }): { faults: number } {
    this.#lever.refuse();
    this.#claim.refuse({ run, epoch });
    this.#claim.renew(run);
    return { faults: this.#faults.renew(run) };
  }

  /** Ends the run's faults and its claim. Never refused: a run may always take its own faults away. */
  release(run: string): readonly FaultStatus[] {
    const ended = this.heal({ run });
    this.#claim.release(run);
    return ended;
  }

  /** While a run holds the daemon, nobody else may take it or disturb what it measures: throws RUN_ACTIVE. */
  refuseBesides(run: string): void {
    this.#claim.refuseBesides(run);
  }

  // ------------------------------------------------------------------------------------------------------------- faults

  /** All of them take effect before this returns, or none does. `by`: somebody puts them on beside whatever run holds the daemon, which is told. */
  inject(given: Inject & { by?: string }): readonly FaultStatus[] {
    const active = this.admit(given);
    this.#faults.add(active);
    return active.map((fault) => this.#faultStatus(fault));
  }

  /** What `inject` would put on, refused like there; nothing is on. */
  admit({ run, epoch, faults, by }: Inject & { by?: string }): readonly ActiveFault[] {
    this.#lever.refuse();
    if (by === undefined) this.#claim.refuse({ run, epoch });
    this.#faults.refuseBeyondBounds(faults);
    const hand = by === undefined ? undefined : { by, beside: this.#claim.run };
    const requests = faults.map((spec) => ({ run, spec, sinceMs: this.clock.nowMs(), hand }));
    return admitFaults(requests, { proxyOf: (name) => this.#proxy(name).spec, isOn: (id) => this.#faults.has(id) });
  }

  /** Starts the lease of one fault anew, whosever it is; false if it is not on. Throws HALTED. */
  renewFault(id: string): boolean {
    this.#lever.refuse();
    return this.#faults.renewOne(id);
  }

  /**
   * Gives a fault that is on another percentage, or other parameters, on live connections too and before it returns. It keeps its place among the
   * others, its counts, its lease, and who it hits: a larger percentage hits more, never others. Throws FAULT_UNKNOWN.
   */
  update(id: string, { run, epoch, percentage, value }: FaultChangeRequest): FaultStatus {
    this.#lever.refuse();
    const fault = this.#faults.get(id);
    // One that was put on beside the run is of no plan, and may be changed beside it, too.
    if (fault?.hand === undefined) this.#claim.refuse({ run, epoch });
    if (fault === undefined) throw new LabError('FAULT_UNKNOWN', { fault: id });
    const params =
      value === undefined
        ? undefined
        : { written: value, params: paramsOf(fault.definition, { fault: id, value, direction: fault.direction }) };
    this.#faults.change(fault, { percentage, value: params });
    return this.#faultStatus(fault);
  }

  /** Lets go on what a fault holds, the longest held first, and says how many. Throws FAULT_UNKNOWN or FAULT_HOLDS_NOTHING. */
  releaseHeld(id: string, { run, epoch, count }: FaultReleaseRequest): { released: number; held: number } {
    this.#claim.refuse({ run, epoch });
    const fault = this.#faults.get(id);
    if (fault === undefined) throw new LabError('FAULT_UNKNOWN', { fault: id });
    if (fault.heldCount === 0) throw new LabError('FAULT_HOLDS_NOTHING', { fault: id, type: fault.spec.type });
    return { released: fault.release(count), held: fault.heldCount };
  }

  /** Ends the faults named, or those of a run and beside it, or all; returns their last counts. Never refused. */
  heal(which: { run?: string | undefined; faults?: readonly string[] | undefined } = {}): readonly FaultStatus[] {
    const named = which.faults && new Set(which.faults);
    const isOf = (f: ActiveFault): boolean => !which.run || f.run === which.run || f.hand?.beside === which.run;
    const ended = this.#faults.end((f) => isOf(f) && (!named || named.has(f.id)), 'healed');
    return ended.map((fault) => this.#faultStatus(fault));
  }

  hasFault(id: string): boolean {
    return this.#faults.has(id);
  }

  faults(): readonly FaultStatus[] {
    return this.#faults.all.map((fault) => this.#faultStatus(fault));
  }

  /** Ends every fault and refuses new ones until lifted. */
  halt(reason: string): { ended: number } {
    this.#lever.pull(reason);
    return { ended: this.#faults.end(() => true, 'halted').length };
  }

  lift(): void {
    this.#lever.release();
  }

  status() {
    return {
      environment: this.environment,
      proxies: this.#proxies.size,
      faults: this.#faults.all.length,
      halted: this.#lever.pulled,
      ...this.#claim.steering,
      newestObservation: this.observations.newest,
    };
  }

  /** Open connections over all proxies. */
  get connections(): number {
    let sum = 0;
    for (const proxy of this.#proxies.values()) sum += proxy.stats().connections;
    return sum;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#faults.end(() => true, 'healed');
    this.#faults.close();
    await Promise.all([...this.#proxies.values()].map((proxy) => proxy.close()));
    this.#proxies.clear();
  }

  #proxy(name: string): ProxySlot {
    const proxy = this.#proxies.get(name);
    if (proxy === undefined) throw new LabError('PROXY_UNKNOWN', { proxy: name });
    return proxy;
  }

  #setOnProxies(changed: readonly ActiveFault[]): void {
    for (const name of new Set(changed.flatMap(({ spec }) => spec.proxies))) {
      this.#proxies.get(name)?.setFaults(this.#faults.on(name).filter((fault) => fault.isOn));
    }
  }

  #proxyStatus(proxy: ProxySlot): ProxyStatus {
    const { name, protocol, listen, upstream, tls: ends = {}, protected: isProtected } = proxy.spec;
    const tls = (['terminate', 'originate'] as const).filter((end) => ends[end] !== undefined);
    const faults = this.#faults.on(name).map((fault) => fault.id);
    return { name, protocol, listen, upstream, tls, enabled: proxy.enabled, protected: isProtected, faults, ...proxy.stats() };
  }

  #faultStatus(fault: ActiveFault): FaultStatus {
    return faultStatusOf(fault, (this.#faults.endsMs(fault.id) ?? 0) - this.clock.nowMs());
  }
}
