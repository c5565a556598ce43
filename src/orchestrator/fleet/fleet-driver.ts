/**
 * Drives a fleet of agents through etcd, as a run drives its one daemon. A fault is ordered twice: first every host makes ready and says so, then all are given one
 * instant, each by its own clock. What a reader gets wrong: a host that cannot be asked is not dirty for ever. Its own deadline ends what is on there, and healing
 * waits for that.
 */
import { type Clock, sleep } from '../../core/clock.js';
import { LabError } from '../../core/errors.js';
import { listed } from '../../core/suggest.js';
import type { FaultSpec } from '../../dataplane/faults/spec.js';
import type { ObservationPage } from '../../dataplane/observation-ring.js';
import type { ProxySpecInput } from '../../dataplane/proxy.js';
import type { NewEvent } from '../../journal/events.js';
import type { Driver, DriverStatus } from '../drivers/driver.js';
import { faultInput } from '../drivers/fault-input.js';
import { agentFailure } from './agent-failure.js';
import { AGENT_LEASE_MS } from './entries.js';
import type { FleetMembership } from './fleet-membership.js';
import type { FleetPolicy } from './fleet-policy.js';
import { isRefused, lastObservations, missingOf, noteClocks } from './last-observations.js';
import type { OrdersText } from './orders.js';
import type { PeopleLine } from './people-line.js';
import type { Member } from './roster.js';
import { startSkew } from './start-skew.js';

/** An agent that has not done what it was told by then is lost to the run. */
const FOLLOW_MS = 10_000;
/** From the order to the instant: it has to reach every host before, and takes about as long as the order to be ready took. */
const LEAD_MS_MIN = 400;
const LEAD_MS_MAX = 5_000;
/** Beyond the lease: how long a host that wakes up may need to end what is on. */
const HEAL_MARGIN_MS = 1_000;

/** From a host that can be reached; one that cannot is out of the fold when its lease has run out, and has ended its faults when the run's has. */
const NEWS_MS = 5_000;

export interface FleetDriverPorts {
  clock: Clock;
  version: string;
  policy: FleetPolicy;
  membership: FleetMembership;
  /** By which people see and speak to the run, if there is one. */
  people?: PeopleLine | undefined;
  note(event: NewEvent): void;
}

export class FleetDriver implements Driver {
  readonly url: string;
  readonly newsWithinMs: number;
  readonly losses = 'an agent was lost, had no room for them, or has not sent them in time';
  readonly #ports: FleetDriverPorts;
  readonly #membership: FleetMembership;
  /** Proxy → agent that carries it. */
  readonly #carriers = new Map<string, string>();
  #releases = 0;
  /** The run's lease is gone: nobody obeys it any more, and nothing of it is on. */
  #isOver = false;

  constructor(ports: FleetDriverPorts) {
    this.#ports = ports;
    this.#membership = ports.membership;
    this.url = ports.membership.root;
    this.newsWithinMs = NEWS_MS + Math.max(AGENT_LEASE_MS, ports.policy.leaseMs);
  }

  async status(): Promise<DriverStatus> {
    const halt = await this.#membership.halt();
    const nothing = { pid: undefined, environment: undefined, run: null, newestObservation: 0 };
    const wantsNews = (await this.#ports.people?.wantsNews()) ?? false;
    return { version: this.#ports.version, halted: halt ?? null, wantsNews, ...nothing };
  }

  async claim(run: string): Promise<{ epoch: number; leaseMs: number }> {
    const claimed = await this.#membership.claim(run);
    await this.#ports.people?.claim(run);
    return claimed;
  }

  async openGate(...given: Parameters<PeopleLine['openGate']>): Promise<void> {
    await this.#ports.people?.openGate(...given);
  }

  async closeGate(name: string): Promise<void> {
    await this.#ports.people?.closeGate(name);
  }

  async tell(...news: Parameters<PeopleLine['tell']>): Promise<void> {
    await this.#ports.people?.tell(...news);
  }

  renew(): Promise<void> {
    return this.#membership.renew();
  }

  release(): Promise<void> {
    return this.#membership.release();
  }

  async createProxy(spec: ProxySpecInput): Promise<{ readonly listen: string }> {
    const [listen = ''] = await this.createProxies([spec]);
    return { listen };
  }

  /** A link is carried beside its caller; where that is outside of the fleet, beside its callee. */
  async createProxies(specs: readonly ProxySpecInput[]): Promise<readonly string[]> {
    const byMember = new Map<Member, ProxySpecInput[]>();
    for (const spec of specs) {
      const member = this.#membership.memberOf(spec.from ?? '') ?? this.#membership.memberOf(spec.to ?? '');
      if (member === undefined) throw new Error(`no agent carries ${spec.name}`);
      this.#carriers.set(spec.name, member.name);
      const isProtected = spec.protected === true || this.#membership.isControl(spec.to ?? '');
      byMember.set(member, [...(byMember.get(member) ?? []), { ...spec, protected: isProtected }]);
    }
    await this.order([...byMember.keys()], (orders, member) => {
      orders.proxies = [...orders.proxies, ...(byMember.get(member) ?? [])];
    });
    return specs.map(({ name }) => this.#carrier(name)?.applied?.listens[name] ?? '');
  }

  async removeProxy(name: string): Promise<void> {
    const member = this.#carrier(name);
    this.#carriers.delete(name);
    if (member === undefined) return;
    await this.order([member], (orders) => {
      orders.proxies = orders.proxies.filter((proxy) => proxy.name !== name);
    });
  }

  /** Resolves when it is on everywhere. Rejects with what an agent refuses, AGENT_LOST, or CLAIM_LOST. */
  async inject(faults: readonly FaultSpec[]): Promise<void> {
    const shares = this.#shareOut(faults);
    const members = [...shares.keys()];
    for (const fault of faults) {
      const { id } = fault;
      const agents = members.filter((member) => shares.get(member)?.some((spec) => spec.id === id)).map(({ name }) => name);
      if (agents.length === 0)
        throw new LabError('AGENT_LOST', { agents: `every agent that carries ${id}`, reason: 'see the notes before' });
      this.#membership.fold.expect(fault, agents);
    }
    const ids = new Set(faults.map(({ id }) => id));
    const ready = (orders: OrdersText, member: Member): void => {
      const armed = (shares.get(member) ?? []).map((spec) => ({ spec: faultInput(spec), startAtMs: null }));
      orders.faults = [...orders.faults, ...armed];
    };
    try {
      const orderedMs = this.#ports.clock.nowMs();
      await this.order(members, ready);
      this.#refuseUnready(ids);
      const tookMs = this.#ports.clock.nowMs() - orderedMs;
      await this.#startTogether(members, ids, Math.min(LEAD_MS_MAX, Math.max(LEAD_MS_MIN, 1.5 * tookMs)));
    } catch (error) {
      await this.#drop(ids).catch(() => {});
      throw error;
    }
  }

  async releaseHeld(fault: string, { count }: { count?: number | undefined }): Promise<{ released: number; held: number }> {
    const id = `${fault}#${++this.#releases}`;
    const members = this.#membership.roster.statesOf(fault).map(({ member }) => member);
    await this.order(members, (orders) => {
      orders.releases = [...orders.releases, { id, fault, ...(count !== undefined && { count }) }];
    });
    const all = members.map(({ applied }) => applied?.releases[id] ?? { released: 0, held: 0 });
    return { released: all.reduce((sum, one) => sum + one.released, 0), held: all.reduce((sum, one) => sum + one.held, 0) };
  }

  /** Waits for the deadline of hosts that do not answer. */
  async heal(faults?: readonly string[]): Promise<void> {
    const { roster } = this.#membership;
    const wanted = faults ?? [...new Set(roster.members.flatMap(({ orders }) => orders.faults.map(({ spec }) => spec.id)))];
    const fromMs = this.#ports.clock.nowMs();
    const concerned = roster.members.filter(({ orders }) => orders.faults.some(({ spec }) => wanted.includes(spec.id)));
    if (!(await this.#dropped(new Set(wanted)))) return;
    const isHealed = (member: Member): boolean => wanted.every((id) => !['on', 'armed'].includes(member.applied?.faults[id]?.state ?? ''));
    const silent = concerned.filter((member) => member.applied?.left === undefined && (member.lost !== undefined || !isHealed(member)));
    if (silent.length === 0) return;
    const waitMs = Math.max(0, fromMs + this.#membership.leaseMs + HEAL_MARGIN_MS - this.#ports.clock.nowMs());
    const names = listed(silent.map(({ name }) => name));
    this.#note(
      `${names} cannot be asked whether it has healed: its own deadline does that, in ${Math.ceil(waitMs / 1_000)} s at the latest`,
    );
    await sleep(this.#ports.clock, waitMs);
  }

  async active(): Promise<readonly { readonly id: string }[]> {
    if (this.#isOver) return [];
    const { roster } = this.#membership;
    const on = roster.present.flatMap(({ applied }) => Object.entries(applied?.faults ?? {}).filter(([, { state }]) => state === 'on'));
    return [...new Set(on.map(([id]) => id))].map((id) => ({ id }));
  }

  observations(given: { after: number; waitMs: number; signal: AbortSignal }): Promise<ObservationPage> {
    return this.#membership.intake.observations(given);
  }

  /** Waits until everything that was observed is here, and nothing of the run is left on its hosts. What does not come counts as lost. */
  async settle(): Promise<void> {
    const { clock, policy, note } = this.#ports;
    const { roster, intake } = this.#membership;
    const over = (orders: OrdersText): void => {
      Object.assign(orders, { isOver: true, faults: [], services: [], proxies: [] });
    };
    await this.order(roster.present, over).catch((error: unknown) => this.#note(String(error)));
    noteClocks({ roster, carriers: this.#carriers, note });
    const missing = await lastObservations({ clock, roster, intake, withinMs: policy.observationsWithinMs, isRefused });
    for (const member of missing) this.#note(missingOf(member, intake));
    // Who goes on without an agent that is lost has said so; of every other one it is a hole in what the run is judged by.
    const holes = missing.filter(({ lost }) => lost === undefined || policy.onAgentLoss !== 'continue');
    if (holes.length > 0) intake.lose(holes.length);
  }

  /** Has these agents do it, and waits until they have. Rejects with the problem of one of them. */
  async order(members: readonly Member[], change: (orders: OrdersText, member: Member) => void): Promise<void> {
    const { roster } = this.#membership;
    const present = members.filter(({ lost }) => lost === undefined);
    const numbers = await this.#membership.desk.order(present, change);
    const silent = await roster.until(present, (member) => (member.applied?.n ?? 0) >= (numbers.get(member) ?? 0), FOLLOW_MS);
    for (const member of silent) roster.lose(member, `it has not done what it was told within ${FOLLOW_MS / 1_000} s`);
    this.#membership.refuseLosses();
    const failed = present.find(({ applied }) => applied?.problem !== undefined);
    if (failed?.applied?.problem !== undefined) throw agentFailure(failed.name, failed.applied.problem);
    await this.#membership.entrance.heardFrom(present.filter(({ lost }) => lost === undefined).map(({ name }) => name));
  }

  /** What of each fault each of those who are present has to do. */
  #shareOut(faults: readonly FaultSpec[]): ReadonlyMap<Member, readonly FaultSpec[]> {
    const shares = new Map<Member, FaultSpec[]>();
    for (const member of this.#membership.roster.present) {
      for (const spec of faults) {
        const proxies = spec.proxies.filter((name) => (this.#carrier(name) ?? this.#membership.memberOf(name)) === member);
        if (proxies.length > 0) shares.set(member, [...(shares.get(member) ?? []), { ...spec, proxies }]);
      }
    }
    return shares;
  }

  /** Throws what an agent says against one of them. */
  #refuseUnready(ids: ReadonlySet<string>): void {
    for (const id of ids) {
      for (const { member, state } of this.#membership.roster.statesOf(id))
        if (state.state === 'refused') throw agentFailure(member.name, state);
    }
  }

  async #startTogether(members: readonly Member[], ids: ReadonlySet<string>, leadMs: number): Promise<void> {
    const { roster } = this.#membership;
    const startMs = this.#ports.clock.nowMs() + leadMs;
    await this.order(members, (orders, { name }) => {
      const startAtMs = startMs - (roster.offsetOf(name)?.offsetMs ?? 0);
      orders.faults = orders.faults.map((fault) => (ids.has(fault.spec.id ?? '') ? { ...fault, startAtMs } : fault));
    });
    const hasBegun = ({ applied }: Member): boolean => [...ids].every((id) => applied?.faults[id]?.state !== 'armed');
    for (const member of await roster.until(members, hasBegun, leadMs + FOLLOW_MS)) roster.lose(member, 'it has not put the fault on');
    this.#membership.refuseLosses();
    this.#refuseUnready(ids);
    for (const id of ids) {
      const skew = startSkew(id, roster);
      if (skew !== undefined) this.#note(skew);
    }
  }

  /** False: it is too late to tell anybody, and every agent has healed by the same lease. */
  async #dropped(ids: ReadonlySet<string>): Promise<boolean> {
    try {
      await this.#drop(ids);
      return true;
    } catch (error) {
      // Losses are told elsewhere; whoever is lost heals by himself, and is waited for.
      if (error instanceof LabError && error.code === 'AGENT_LOST') return true;
      if (!(error instanceof LabError && error.code === 'CLAIM_LOST')) throw error;
      this.#isOver = true;
      await sleep(this.#ports.clock, HEAL_MARGIN_MS);
      return false;
    }
  }

  async #drop(ids: ReadonlySet<string>): Promise<void> {
    const { roster } = this.#membership;
    const members = roster.present.filter(({ orders }) => orders.faults.some(({ spec }) => ids.has(spec.id)));
    if (members.length === 0) return;
    await this.order(members, (orders) => {
      orders.faults = orders.faults.filter(({ spec }) => !ids.has(spec.id));
    });
  }

  #carrier(proxy: string): Member | undefined {
    const name = this.#carriers.get(proxy);
    return name === undefined ? undefined : this.#membership.roster.member(name);
  }

  #note(text: string): void {
    this.#ports.note({ type: 'note', text });
  }
}
