/**
 * A run's hold on its agents: the lease in etcd under which all that it wants of them stands, what they answer, and the port at which they hand in what they have
 * observed. Whoever loses an agent learns of it here, and what becomes of the run then.
 */
import type { Clock } from '../../core/clock.js';
import { LabError } from '../../core/errors.js';
import type { KeyValue } from '../../etcd/answers.js';
import type { EtcdClient } from '../../etcd/client.js';
import type { KeyRange } from '../../etcd/key-range.js';
import type { Plan } from '../../experiment/plan.js';
import type { NewEvent } from '../../journal/events.js';
import type { LiveFleet } from '../run-news.js';
import { claimAgents, type RunClaimed } from './claim-agents.js';
import { ClockOffset } from './clock-offset.js';
import { ControlPath } from './control-path.js';
import { type HaltEntry, haltSchema, parseEntry } from './entries.js';
import { FaultFold } from './fault-fold.js';
import { fleetHosts } from './fleet-hosts.js';
import type { FleetPolicy } from './fleet-policy.js';
import { type FleetKeys, fleetKeys, lastPart } from './keys.js';
import { ObservationEntrance } from './observation-entrance.js';
import type { ObservationIntake } from './observation-intake.js';
import type { ObservationRoute } from './observation-route.js';
import { OrderDesk } from './order-desk.js';
import { appliedSchema, type OrdersText } from './orders.js';
import { placeInstances } from './place-instances.js';
import { type KnownAgent, readWorld } from './read-world.js';
import { type Member, Roster, seenIn } from './roster.js';
import { ShippingProgress } from './shipping-progress.js';

/** A renewal that takes longer is no renewal. */
const RENEW_TIMEOUT_MS = 2_000;
/** Every so many renewals everything that watches would tell is read anew. */
const REFRESH_EVERY = 4;

export interface FleetMembershipPorts {
  clock: Clock;
  client: EtcdClient;
  plan: Plan;
  policy: FleetPolicy;
  /** Where agents reach this machine. */
  host: string;
  /** How they hand in what they have observed. */
  route: ObservationRoute;
  /** Machines with the same one have the same monotonic clock. */
  bootId: string;
  note(event: NewEvent): void;
  onFailure(error: unknown): void;
  /** Aborts when the run is over. */
  signal: AbortSignal;
}

/** Agents for a run, as of a revision of etcd. */
interface Choice {
  revision: number;
  agents: readonly KnownAgent[];
}

/** The same for the same lives of the same agents. */
function sayChoice({ agents }: Choice): string {
  return agents.map(({ registration, revision }) => `${registration.name}@${revision}`).join(' ');
}

export class FleetMembership implements AsyncDisposable {
  readonly fold = new FaultFold();
  readonly roster: Roster;
  readonly root: string;
  readonly #ports: FleetMembershipPorts;
  readonly #keys: FleetKeys;
  readonly #stop = new AbortController();
  readonly #progress = new ShippingProgress();
  /** Everybody, as of the last look. */
  #known: readonly KnownAgent[] = [];
  #places: ReadonlyMap<string, string> = new Map();
  #path: ControlPath | undefined;
  #held: { run: string; lease: string; leaseMs: number } | undefined;
  #desk: OrderDesk | undefined;
  #entrance: ObservationEntrance | undefined;
  #halt: HaltEntry | undefined;
  #loss: LabError | undefined;
  #renewals = 0;

  constructor(ports: FleetMembershipPorts) {
    this.#ports = ports;
    this.#keys = fleetKeys(ports.plan.recorded.environment);
    this.root = `etcd:${this.#keys.root}`;
    this.roster = new Roster(ports.clock, (lost) => this.#lose(lost));
  }

  get leaseMs(): number {
    return this.#held?.leaseMs ?? 0;
  }

  get desk(): OrderDesk {
    if (this.#desk === undefined) throw new Error('nothing has been claimed');
    return this.#desk;
  }

  get entrance(): ObservationEntrance {
    if (this.#entrance === undefined) throw new Error('nothing has been claimed');
    return this.#entrance;
  }

  get intake(): ObservationIntake {
    return this.entrance.intake;
  }

  /** The agent that an instance is placed on; undefined for who only calls, from outside. */
  memberOf(instance: string): Member | undefined {
    return this.roster.member(this.#places.get(instance) ?? '');
  }

  /** For people who look on. */
  hosts(): Omit<LiveFleet, 'faults'> {
    const progressOf = (agent: string) => this.#progress.of(agent);
    const offsetOf = (agent: string) => this.roster.offsetOf(agent);
    const known = { known: this.#known, run: this.#held?.run ?? '', members: this.roster.members, places: this.#places };
    return fleetHosts({ ...known, streams: this.#entrance?.intake.streams() ?? [], progressOf, offsetOf });
  }

  /** All agents depend on this instance. */
  isControl(instance: string): boolean {
    return this.#path?.has(instance) ?? false;
  }

  async halt(): Promise<HaltEntry | undefined> {
    const { entries } = await this.#ports.client.read({ key: this.#keys.halt });
    return entries[0] && parseEntry(haltSchema, entries[0]);
  }

  /** Rejects with HALTED, AGENTS_MISSING, CONTROL_PATH, AGENT_HELD, RUN_ACTIVE, or what etcd refuses; nothing is taken then. */
  async claim(run: string): Promise<{ epoch: number; leaseMs: number }> {
    const { clock, client } = this.#ports;
    const { choice, claimed } = await this.#take(run);
    const { lease, leaseMs, epoch } = claimed;
    this.#held = { run, lease, leaseMs };
    this.#entrance = await this.#openEntrance(run);
    const { ingest } = this.#entrance;
    for (const { registration, revision } of choice.agents) {
      const orders: OrdersText = {
        run,
        epoch,
        registration: revision,
        lease,
        leaseMs,
        n: 0,
        ports: [],
        proxies: [],
        services: [],
        faults: [],
        releases: [],
        isOver: false,
        ingest,
      };
      const hasOurClock = registration.bootId === this.#ports.bootId;
      const nothing = { orderedMs: 0, applied: undefined, lost: undefined, process: 'alive' } as const;
      this.roster.add({ name: registration.name, registration, revision, clock: new ClockOffset(), hasOurClock, orders, ...nothing });
    }
    this.#desk = new OrderDesk({ clock, client, keys: this.#keys, roster: this.roster, run, epoch, lease });
    this.#watchAll(run, choice.revision);
    return { epoch, leaseMs };
  }

  /** Who waits for agents may find others there when he has them than when he began: then he chooses anew. */
  async #take(run: string): Promise<{ choice: Choice; claimed: RunClaimed }> {
    const { clock, client, plan, policy, host, signal } = this.#ports;
    const ports = { clock, client, keys: this.#keys };
    const about = { run, title: plan.recorded.title, host, pid: process.pid, startedWallMs: clock.wallMs(), leaseMs: policy.leaseMs };
    const giveUpMs = clock.nowMs() + policy.queueForMs;
    for (;;) {
      const choice = await this.#choose();
      const entry = { ...about, agents: choice.agents.map(({ registration }) => registration.name) };
      const claimed = await claimAgents(ports, { entry, queueForMs: Math.max(0, giveUpMs - clock.nowMs()), signal });
      if (policy.queueForMs === 0) return { choice, claimed };
      const now = await this.#choose().catch(async (error: unknown) => {
        await client.revoke(claimed.lease).catch(() => {});
        throw error;
      });
      if (sayChoice(now) === sayChoice(choice)) return { choice: now, claimed };
      await client.revoke(claimed.lease);
    }
  }

  /** Who is to have which instance, as things stand. Rejects with HALTED, AGENTS_MISSING or CONTROL_PATH. */
  async #choose(): Promise<Choice> {
    const { client, plan } = this.#ports;
    const world = await readWorld({ client, keys: this.#keys });
    this.#known = world.agents;
    if (world.halt !== undefined) throw new LabError('HALTED', { ...world.halt });
    const free = world.agents.filter(({ isDraining }) => !isDraining);
    const registrations = free.map(({ registration }) => registration);
    this.#places = placeInstances(plan.services, { agents: registrations, seed: plan.recorded.seed });
    const agentOf = (instance: string) => registrations.find(({ name }) => name === this.#places.get(instance));
    this.#path = await ControlPath.find(plan, { endpoints: client.endpoints, agentOf });
    this.#path.refuseTargets(plan);
    const names = new Set(this.#places.values());
    const agents = free.filter(({ registration }) => names.has(registration.name));
    return { revision: world.revision, agents: agents.toSorted((a, b) => (a.registration.name < b.registration.name ? -1 : 1)) };
  }

  /** Rejects with CLAIM_LOST, HALTED, or AGENT_LOST where the plan wants to stop then. */
  async renew(): Promise<void> {
    const { client } = this.#ports;
    const { run, lease } = this.#held ?? { run: '', lease: '' };
    if ((await client.keepAlive(lease, { timeoutMs: RENEW_TIMEOUT_MS })) === 0) throw new LabError('CLAIM_LOST', { run });
    this.#renewals += 1;
    if (this.#renewals % REFRESH_EVERY === 0) {
      await this.desk.refresh();
      this.#halt = await this.halt();
      // Who is no member changes nothing of the run, whatever stands there.
      this.#known = (await readWorld({ client, keys: this.#keys }).catch(() => undefined))?.agents ?? this.#known;
    }
    if (this.#halt !== undefined) throw new LabError('HALTED', { ...this.#halt });
    this.refuseLosses();
  }

  /** Throws AGENT_LOST where an agent was lost and the plan wants to stop then. */
  refuseLosses(): void {
    if (this.#loss !== undefined) throw this.#loss;
  }

  /** Everything that stands under the run's lease goes, and with it whatever agents still hold for it. */
  async release(): Promise<void> {
    this.#stop.abort();
    if (this.#held !== undefined) await this.#ports.client.revoke(this.#held.lease);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#entrance?.[Symbol.asyncDispose]();
    await this.#ports.client[Symbol.asyncDispose]();
  }

  #openEntrance(run: string): Promise<ObservationEntrance> {
    const { clock, host, route, note } = this.#ports;
    const { roster, fold } = this;
    return ObservationEntrance.open({
      clock,
      run,
      route,
      host,
      offsetOf: (agent) => roster.offsetOf(agent),
      fold: (agent, observation) => {
        this.#progress.heed(agent, observation, clock.nowMs());
        return fold.fold(agent, observation);
      },
      onRoundTrip: (agent, trip) => roster.member(agent)?.clock.addTheirs(trip),
      streams: () =>
        roster.members.flatMap(({ name, applied }) => (applied?.streams ?? []).map((stream) => ({ run, agent: name, stream }))),
      say: (text) => note({ type: 'note', text }),
    });
  }

  #watchAll(run: string, afterRevision: number): void {
    const { roster } = this;
    const keys = this.#keys;
    this.#watch({ key: keys.appliedOf(run), isPrefix: true }, afterRevision, (entry) => roster.heard(parseEntry(appliedSchema, entry)));
    const agents = { key: keys.agents, isPrefix: true } as const;
    const onPut = (entry: KeyValue): void => roster.seen(lastPart(entry.key), seenIn(entry));
    this.#watch(agents, afterRevision, onPut, (key) => roster.seen(lastPart(key), undefined));
    this.#watch({ key: keys.halt }, afterRevision, (entry) => {
      this.#halt = parseEntry(haltSchema, entry);
    });
  }

  /** Makes it quick; that nothing is missed is what `renew` reads for. */
  #watch(range: KeyRange, after: number, onPut: (entry: KeyValue) => void, onGone = (_key: string): void => {}): void {
    const { client, onFailure } = this.#ports;
    const { signal } = this.#stop;
    void (async () => {
      for await (const message of client.watch({ range, fromRevision: after + 1, signal })) {
        if (message.kind === 'compacted') return;
        for (const event of message.events) {
          if (event.kind === 'put') onPut(event.entry);
          else onGone(event.key);
        }
      }
    })().catch((error: unknown) => {
      if (!signal.aborted) onFailure(error);
    });
  }

  #lose(lost: readonly Member[]): void {
    const { policy, note, onFailure } = this.#ports;
    const agents = lost.map(({ name }) => name).join(', ');
    const reason = lost.map((member) => member.lost?.reason).join('; ');
    note({ type: 'note', text: `agent ${agents} cannot be followed any more: ${reason}` });
    this.#entrance?.intake.push(
      this.fold.lose(
        lost.map(({ name }) => name),
        this.#ports.clock.nowMs(),
      ),
    );
    if (policy.onAgentLoss === 'inconclusive') this.#entrance?.intake.lose(1);
    if (policy.onAgentLoss !== 'stop') return;
    this.#loss ??= new LabError('AGENT_LOST', { agents, reason });
    onFailure(this.#loss);
  }
}
