/**
 * `faultlab agent`: one host of the fleet. It holds its name, hears what runs want of it, and does what `decide` says, with a daemon of its own in this process.
 * What a reader gets wrong: the watches only make it quick. What it rests on are the questions that it asks, so a watch that died unseen harms nobody.
 */
import { join as joinPath } from 'node:path';
import { type Clock, every, sleep, type Timer } from '../core/clock.js';
import { LabError, reasonOf } from '../core/errors.js';
import type { Daemon } from '../dataplane/daemon.js';
import type { KeyValue } from '../etcd/answers.js';
import type { EtcdClient } from '../etcd/client.js';
import type { KeyRange } from '../etcd/key-range.js';
import type { KeyEvent } from '../etcd/watch-keys.js';
import { haltSchema, parseEntry, type Registration } from '../orchestrator/fleet/entries.js';
import { type FleetKeys, lastPart } from '../orchestrator/fleet/keys.js';
import { type LeaveReason, type Orders, ordersSchema } from '../orchestrator/fleet/orders.js';
import { join, type Membership } from './membership.js';
import { Reporter } from './reporter.js';
import { Shipments } from './shipments.js';
import type { Shipping } from './shipping/ship.js';
import { type AgentAct, type AgentEvent, type AgentState, decide, firstState } from './tenancy.js';
import { Tenant } from './tenant.js';

/** How soon it notices that its time is over. */
const TICK_MS = 100;
/** Questions to etcd: a lease of a few seconds is asked about several times in it. */
const ASK_EVERY_MS = 500;
/** Every so many questions it also reads what is wanted of it. */
const READ_EVERY = 4;
const RENEW_EVERY_MS = 2_500;
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
  readonly #timers: Timer[] = [];
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
  #questions = 0;
  #isAsking = false;
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
    await agent.#readAll();
    agent.#listen();
    return agent;
  }

  /** Lets go of its run, and of its name. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    for (const timer of this.#timers) timer.cancel();
    this.#letGo({ now: true });
    await this.#taking.catch(() => {});
    await Promise.all([...this.#guests].map((guest) => guest.end({ now: true }).catch(() => {})));
    await Promise.race([this.#shipments.rest(), sleep(this.#ports.clock, REST_MS)]);
    await this.#ports.client.revoke(this.#membership.lease).catch(() => {});
  }

  #listen(): void {
    const { clock } = this.#ports;
    const { name } = this.#ports.registration;
    this.#timers.push(every(clock, TICK_MS, () => this.#on({ kind: 'tick' })));
    this.#timers.push(every(clock, ASK_EVERY_MS, () => void this.#ask()));
    this.#timers.push(every(clock, RENEW_EVERY_MS, () => void this.#renewMembership()));
    void this.#watch({ key: this.#ports.keys.desiredOf(name), isPrefix: true });
    void this.#watch({ key: this.#ports.keys.halt });
  }

  #on(event: AgentEvent): void {
    const { state, acts } = decide(this.#state, event, this.#ports.clock.nowMs());
    this.#state = state;
    for (const act of acts) this.#do(act);
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
    // Names of links may be the same as those of the run before: that one has to be gone.
    this.#taking = gone.then(async () => {
      const place = joinPath(folder, run);
      this.#tenant = new Tenant({ ...this.#ports, host: registration.host, folder: place, onChanged }, run);
      this.#shipments.begin(this.#ports.ship(orders, place));
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

  #notice(event: KeyEvent): void {
    if (event.kind === 'put') this.#hear(event.entry);
    else this.#missed(event.key);
  }

  #missed(key: string): void {
    if (key === this.#ports.keys.halt) this.#on({ kind: 'halt', isHalted: false });
    else this.#on({ kind: 'gone', run: lastPart(key) });
  }

  async #watch(range: KeyRange): Promise<void> {
    const { client } = this.#ports;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const { revision } = await client.read(range, { signal });
        for await (const message of client.watch({ range, fromRevision: revision + 1, signal })) {
          if (message.kind === 'compacted') await this.#readAll();
          else for (const event of message.events) this.#notice(event);
        }
      } catch (error) {
        if (signal.aborted) return;
        this.#warn(reasonOf(error));
        // What etcd refuses it refuses at once, and again: the questions go on meanwhile.
        await sleep(this.#ports.clock, ASK_EVERY_MS, signal).catch(() => {});
      }
    }
  }

  /** Whether its run lives; and now and then all that it would hear by a watch, in case one has died unseen. */
  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const { clock, client } = this.#ports;
    const { tenancy } = this.#state;
    try {
      this.#questions += 1;
      if (this.#questions % READ_EVERY === 0) await this.#readAll();
      if (tenancy.kind !== 'held') return;
      const { lease } = tenancy;
      const askedMs = clock.nowMs();
      const remainingMs = await client.timeToLive(lease, { timeoutMs: ASK_TIMEOUT_MS, signal: this.#stop.signal });
      this.#on({ kind: 'proof', lease, askedMs, remainingMs });
    } catch (error) {
      // Nobody is told what was not answered; the time that is proven goes by.
      if (!(error instanceof LabError)) this.#warn(reasonOf(error));
    } finally {
      this.#isAsking = false;
    }
  }

  async #readAll(): Promise<void> {
    const { client, keys, registration } = this.#ports;
    const desired = keys.desiredOf(registration.name);
    const { read } = await client.txn({
      ops: [
        { op: 'read', key: desired, isPrefix: true },
        { op: 'read', key: keys.halt },
      ],
      signal: this.#stop.signal,
    });
    const [orders = [], halt = []] = read;
    if (halt.length === 0 && this.#state.isHalted) this.#missed(keys.halt);
    for (const entry of [...halt, ...orders]) this.#hear(entry);
    const { tenancy } = this.#state;
    if (tenancy.kind !== 'free' && !orders.some(({ key }) => lastPart(key) === tenancy.run)) this.#on({ kind: 'gone', run: tenancy.run });
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
