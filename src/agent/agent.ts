/**
 * `faultlab agent`: one host of the fleet. It holds its name, hears what runs want of it, and does what `decide` says, with a daemon of its own in this process.
 * What a reader gets wrong: what it hears only makes it quick. What it rests on is what it asks, whether the run lives, so one that hears nothing any more harms nobody.
 */
import { join as joinPath } from 'node:path';
import { type Clock, every, sleep, type Timer } from '../core/clock.js';
import { LabError, reasonOf } from '../core/errors.js';
import { keyedDraw } from '../core/random.js';
import type { Daemon } from '../dataplane/daemon.js';
import type { KeyValue } from '../etcd/answers.js';
import type { EtcdClient } from '../etcd/client.js';
import { AGENT_LEASE_MS, haltSchema, parseEntry, type Registration } from '../orchestrator/fleet/entries.js';
import { type FleetKeys, lastPart } from '../orchestrator/fleet/keys.js';
import { type LeaveReason, type Orders, ordersSchema } from '../orchestrator/fleet/orders.js';
import { Hearing } from './hearing.js';
import { join, type Membership } from './membership.js';
import { Reporter } from './reporter.js';
import { Shipments } from './shipments.js';
import type { Shipping } from './shipping/ship.js';
import { type AgentAct, type AgentEvent, type AgentState, decide, firstState } from './tenancy.js';
import { Tenant } from './tenant.js';

/** How soon an agent that has a run notices that its time is over; one that has none need not look. */
const TICK_MS = 100;
/** Questions to etcd whether the run lives: several in each of its leases, and seldom enough for many hosts. */
const ASK_EVERY_MS_MAX = 2_000;
const ASKS_PER_LEASE = 5;
const RENEW_EVERY_MS = AGENT_LEASE_MS / 3;
/** Hosts that begin a fault together tell of it so long after it at most, each at a moment of its own. */
const NEWS_SPREAD_MS = 100;
/** For what has been observed and not shipped yet, when the agent itself ends. */
const REST_MS = 1_000;
/** An answer that comes later is worth nothing. */
const ASK_TIMEOUT_MS = 2_000;

export interface AgentPorts {
  clock: Clock;
  client: EtcdClient;
  keys: FleetKeys;
  daemon: Daemon;
  registration: Registration;
  /** For what runs leave on this host. */
  folder: string;
  labFolder: string;
  /** Runs may start programs on this host. */
  allowsExec: boolean;
  /** Begins to ship what is observed from now on. */
  ship(orders: Orders, folder: string): Promise<Shipping>;
  /** For whoever watches over the agent. */
  say(line: string): void;
}

export class Agent implements AsyncDisposable {
  readonly #ports: AgentPorts;
  readonly #stop = new AbortController();
  readonly #reporter: Reporter;
  #membership: Membership;
  #state: AgentState;
  #orders: Orders | undefined;
  #tenant: Tenant | undefined;
  readonly #shipments = new Shipments((reason) => this.#warn(reason));
  /** On their way out: a link goes when it is quiet, or when the next run wants its name. */
  readonly #guests = new Set<Tenant>();
  #taking: Promise<void> = Promise.resolve();
  /** The newest revision of orders that it has looked at, whatever became of them. */
  #heard = 0;
  #hearing: Hearing | undefined;
  #renewal: Timer | undefined;
  #tick: Timer | undefined;
  #askAgain: Timer | undefined;
  #isRenewing = false;

  private constructor(ports: AgentPorts, membership: Membership) {
    this.#ports = ports;
    this.#membership = membership;
    this.#state = firstState(membership.revision);
    this.#reporter = new Reporter(ports, (reason) => this.#warn(reason));
  }

  /** Registers and begins to listen. Rejects with AGENT_NAME_TAKEN, ETCD_UNREACHABLE or ETCD_REFUSED. */
  static async start(ports: AgentPorts, signal: AbortSignal): Promise<Agent> {
    const agent = new Agent(ports, await join(ports, ports.registration, signal));
    await agent.#listen();
    return agent;
  }

  /** Lets go of its run, and of its name. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#hearing?.[Symbol.dispose]();
    for (const timer of [this.#renewal, this.#tick, this.#askAgain]) timer?.cancel();
    this.#letGo({ now: true });
    await this.#taking.catch(() => {});
    await Promise.all([...this.#guests].map((guest) => guest.end({ now: true }).catch(() => {})));
    await Promise.race([this.#shipments.rest(), sleep(this.#ports.clock, REST_MS)]);
    await this.#ports.client.revoke(this.#membership.lease).catch(() => {});
  }

  async #listen(): Promise<void> {
    const { registration } = this.#ports;
    this.#hearing = await Hearing.begin({
      ...this.#ports,
      name: registration.name,
      onPut: (entry) => this.#hear(entry),
      onGone: (key) => this.#miss(key),
      onProblem: (reason) => this.#warn(reason),
    });
    this.#renewal = every(this.#ports.clock, RENEW_EVERY_MS, () => void this.#renewMembership());
  }

  #on(event: AgentEvent): void {
    const { clock } = this.#ports;
    const { state, acts } = decide(this.#state, event, clock.nowMs());
    this.#state = state;
    for (const act of acts) this.#do(act);
    if (this.#state.tenancy.kind === 'free') {
      this.#tick?.cancel();
      this.#tick = undefined;
    } else if (!this.#stop.signal.aborted) this.#tick ??= every(clock, TICK_MS, () => this.#on({ kind: 'tick' }));
  }

  #do(act: AgentAct): void {
    switch (act.act) {
      case 'take':
        this.#take(act.run);
        return;
      case 'follow':
        this.#follow();
        return;
      case 'renew':
        this.#tenant?.renew().catch((error: unknown) => this.#warn(reasonOf(error)));
        return;
      case 'heal':
        this.#heal(act.reason);
        return;
      case 'forget':
        this.#letGo({ now: false });
        return;
      case 'refuse':
        this.#ports.say(`orders refused: ${act.why}`);
    }
  }

  #take(run: string): void {
    const orders = this.#orders;
    if (orders === undefined) return;
    this.#letGo({ now: true });
    const gone = Promise.all(
      [...this.#guests].map((guest) => guest.end({ now: true }).catch((error: unknown) => this.#warn(reasonOf(error)))),
    );
    const { folder, clock, registration } = this.#ports;
    this.#ports.say(`run ${run} begins here`);
    const onChanged = (): void => this.#report();
    const newsAfterMs = NEWS_SPREAD_MS * keyedDraw({ seed: 0, faultId: 'news' })(registration.name, 0);
    // Names of links may be the same as those of the run before: that one has to be gone.
    this.#taking = gone.then(async () => {
      const place = joinPath(folder, run);
      const shipping = this.#ports.ship(orders, place);
      this.#shipments.begin(shipping);
      this.#tenant = new Tenant({ ...this.#ports, host: registration.host, folder: place, shipping, newsAfterMs, onChanged }, run);
      if (this.#isProven) this.#follow();
    });
    this.#taking.catch((error: unknown) => this.#warn(reasonOf(error)));
    this.#reporter.begin(orders, clock.nowMs());
    void this.#ask();
  }

  #follow(): void {
    const orders = this.#orders;
    if (orders === undefined) return;
    const followed = this.#tenant?.follow(orders);
    if (orders.isOver) void followed?.then(() => this.#shipments.end());
  }

  get #isProven(): boolean {
    const { tenancy } = this.#state;
    return tenancy.kind === 'held' && tenancy.provenUntilMs !== undefined;
  }

  #heal(reason: LeaveReason): void {
    this.#ports.say(`healed: ${reason}`);
    const tenant = this.#tenant;
    if (tenant === undefined) return;
    tenant
      .heal()
      .catch((error: unknown) => this.#warn(reasonOf(error)))
      .finally(() => this.#reporter.leave(reason, tenant.report));
  }

  #letGo({ now }: { now: boolean }): void {
    const tenant = this.#tenant;
    if (tenant === undefined) return;
    this.#tenant = undefined;
    this.#guests.add(tenant);
    const ended = tenant.end({ now }).catch((error: unknown) => this.#warn(reasonOf(error)));
    void ended.finally(() => this.#guests.delete(tenant));
    this.#shipments.end();
  }

  #report(): void {
    if (this.#tenant !== undefined) this.#reporter.report(this.#tenant.report);
  }

  #hear({ key, value, modRevision }: KeyValue): void {
    const { keys, registration, clock } = this.#ports;
    try {
      if (key === keys.halt) {
        parseEntry(haltSchema, { key, value });
        this.#on({ kind: 'halt', isHalted: true });
      } else if (key.startsWith(keys.desiredOf(registration.name))) {
        if (modRevision <= this.#heard) return;
        this.#heard = modRevision;
        const orders = parseEntry(ordersSchema, { key, value });
        this.#orders = orders;
        this.#reporter.saw(clock.nowMs());
        this.#on({ kind: 'orders', orders, revision: modRevision });
      }
    } catch (error) {
      this.#warn(reasonOf(error));
    }
  }

  #miss(key: string): void {
    if (key === this.#ports.keys.halt) this.#on({ kind: 'halt', isHalted: false });
    else this.#on({ kind: 'gone', run: lastPart(key) });
  }

  /** Asks whether its run lives, now and then until it has let go of it. */
  async #ask(): Promise<void> {
    const { clock, client } = this.#ports;
    const { tenancy } = this.#state;
    this.#askAgain?.cancel();
    if (tenancy.kind !== 'held' || this.#stop.signal.aborted) return;
    const askedMs = clock.nowMs();
    const everyMs = Math.min(ASK_EVERY_MS_MAX, (this.#orders?.leaseMs ?? 0) / ASKS_PER_LEASE);
    try {
      const { lease } = tenancy;
      const remainingMs = await client.timeToLive(lease, { timeoutMs: ASK_TIMEOUT_MS, signal: this.#stop.signal });
      this.#on({ kind: 'proof', lease, askedMs, remainingMs });
    } catch (error) {
      this.#unanswered(error);
    }
    const pauseMs = Math.max(0, askedMs + everyMs - clock.nowMs());
    this.#askAgain?.cancel();
    this.#askAgain = clock.after(pauseMs, () => void this.#ask());
  }

  /** Nobody is told what was not answered; the time that is proven goes by. */
  #unanswered(error: unknown): void {
    if (!(error instanceof LabError) && !this.#stop.signal.aborted) this.#warn(reasonOf(error));
  }

  /** Who has lost his name takes it again as somebody new, and the run that he had is told by that. */
  async #renewMembership(): Promise<void> {
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    const { client, registration } = this.#ports;
    try {
      if ((await client.keepAlive(this.#membership.lease, { signal: this.#stop.signal })) > 0) return;
      this.#ports.say('the registration was lost: registering again');
      this.#membership = await join(this.#ports, registration, this.#stop.signal);
      this.#state = { ...this.#state, registration: this.#membership.revision };
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#warn(reasonOf(error));
    } finally {
      this.#isRenewing = false;
    }
  }

  #warn(reason: string): void {
    this.#ports.say(`problem: ${reason}`);
  }
}
