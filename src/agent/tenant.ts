/**
 * One run as a guest on one host: its links, its services and its faults, brought to what the newest orders want. What a reader gets wrong: setting up is
 * done in order and may take a while, but faults never wait for it; they are ended as soon as somebody wants that.
 */
import { join } from 'node:path';
import { type Clock, sleep } from '../core/clock.js';
import { LabError } from '../core/errors.js';
import type { Daemon } from '../dataplane/daemon.js';
import { faults as catalog } from '../dataplane/faults/catalog.js';
import type { FaultSpec } from '../dataplane/faults/spec.js';
import type { PlannedService } from '../experiment/plan.js';
import type { NewEvent } from '../journal/events.js';
import type { Faults } from '../orchestrator/drivers/driver.js';
import type { Applied, Orders, ServiceState } from '../orchestrator/fleet/orders.js';
import { allFaults, ProcessFaults } from '../orchestrator/process-faults.js';
import { dial } from '../orchestrator/services/dial.js';
import { Equipment } from '../orchestrator/services/equipment.js';
import { freePorts } from '../orchestrator/services/free-ports.js';
import { ServiceGroup } from '../orchestrator/services/service-group.js';
import { FaultDesk, failureOf } from './fault-desk.js';
import { localFaults } from './local-faults.js';
import type { Shipping } from './shipping/ship.js';

const DIAL_TIMEOUT_MS = 1_000;
/** Links of a run that is over go when nobody has used them for so long. */
const QUIET_MS = 15_000;

export interface TenantPorts {
  clock: Clock;
  daemon: Daemon;
  /** Where services of this host listen, and links that others call. */
  host: string;
  /** For output and data of the services of this run. */
  folder: string;
  /** Folder of the shipped sample programs, on this host. */
  labFolder: string;
  /** Runs may start programs on this host. */
  allowsExec: boolean;
  /** What is observed here goes to the run by it. */
  shipping: Promise<Pick<Shipping, 'streams' | 'opened'>>;
  /** See `FaultDeskPorts`. */
  newsAfterMs: number;
  /** Something is otherwise than it was. */
  onChanged(): void;
}

export class Tenant {
  readonly run: string;
  readonly #ports: TenantPorts;
  readonly #epoch: number;
  readonly #faults: Faults;
  readonly #desk: FaultDesk;
  readonly #addresses: Record<string, string> = {};
  readonly #listens: Record<string, string> = {};
  readonly #services: Record<string, ServiceState> = {};
  readonly #releases: Record<string, { released: number; held: number }> = {};
  readonly #down = new AbortController();
  readonly #hurry = new AbortController();
  #ending: Promise<void> | undefined;
  #equipment: Equipment | undefined;
  #group: ServiceGroup | undefined;
  #setUp: Promise<void> = Promise.resolve();
  #n = 0;
  #streams: readonly string[] = [];
  #problem: Applied['problem'];

  /** Claims the daemon. Throws RUN_ACTIVE or HALTED. */
  constructor(ports: TenantPorts, run: string) {
    this.run = run;
    this.#ports = ports;
    const { clock, daemon } = ports;
    const { epoch } = daemon.claim(run);
    this.#epoch = epoch;
    const processes = new ProcessFaults({
      clock,
      run,
      processOf: (instance) => this.#group?.reachOf(instance),
      reaper: () => this.#group?.reaper,
      kill: async (instance) => this.#group?.kill(instance),
      revive: async (instance) => this.#group?.revive(instance),
      clockFile: (instance) => this.#equipment?.clockFile(instance),
      note: (event) => this.#note(event),
      data: {
        check: async (instance, by) => this.#equipment?.data.check(instance, by),
        replace: async (instance, by) => this.#equipment?.data.replace(instance, by),
      },
      tell: (change) => daemon.observations.push(change),
    });
    this.#faults = allFaults(localFaults(daemon, { run, epoch }), processes);
    const check = (spec: FaultSpec): void => {
      if (catalog.get(spec.type)?.protocol !== 'process') daemon.admit({ run, epoch, faults: [spec] });
    };
    this.#desk = new FaultDesk({ clock, faults: this.#faults, check, onChanged: ports.onChanged, newsAfterMs: ports.newsAfterMs });
  }

  get report(): Omit<Applied, 'agent' | 'epoch' | 'seenMs' | 'writtenMs' | 'left'> {
    const problem = this.#problem && { problem: this.#problem };
    const [addresses, listens, services, releases] = [this.#addresses, this.#listens, this.#services, this.#releases];
    return { n: this.#n, addresses, listens, services, releases, faults: this.#desk.states, streams: [...this.#streams], ...problem };
  }

  /** Resolves when what is wanted has been done as far as it can be; what became of it is in the report. */
  follow(orders: Orders): Promise<void> {
    const before = this.#desk.on;
    const faults = this.#desk.follow(orders.faults);
    this.#setUp = this.#setUp.then(async () => {
      try {
        await this.#openWay();
        await this.#bringTo(orders);
        await faults;
        await this.#confirmHealed(before);
        await this.#release(orders.releases);
        this.#problem = undefined;
      } catch (error) {
        this.#problem = failureOf(error);
      }
      this.#n = orders.n;
      this.#ports.onChanged();
    });
    return this.#setUp;
  }

  /** Lets faults go on, and looks which have not. Rejects where the daemon refuses it. */
  async renew(): Promise<void> {
    await this.#faults.renew();
    await this.#desk.look();
  }

  /** Ends every fault for good. */
  heal(): Promise<void> {
    return this.#desk.close();
  }

  /** Ends what the run has on this host: services at once, links as soon as nobody uses them, or at once where somebody else wants them `now`. */
  end({ now }: { now: boolean }): Promise<void> {
    if (now) this.#hurry.abort();
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    this.#down.abort();
    await this.heal();
    await this.#setUp;
    await this.#group?.[Symbol.asyncDispose]();
    await this.#untilQuiet();
    for (const name of Object.keys(this.#listens)) await this.#removeProxy(name);
    this.#ports.daemon.release(this.run);
  }

  /** Read back, and by traffic: what a fault was taken off accepts connections again. Rejects with HEALING_UNCONFIRMED. */
  async #confirmHealed(before: readonly FaultSpec[]): Promise<void> {
    const stillOn = new Set(this.#desk.on.flatMap(({ proxies }) => proxies));
    const freed = new Set(before.flatMap(({ proxies }) => proxies).filter((name) => !stillOn.has(name)));
    for (const name of freed) {
      const address = this.#listens[name];
      if (address === undefined) continue;
      const problem = await dial(address, { signal: AbortSignal.timeout(DIAL_TIMEOUT_MS) });
      if (problem !== undefined)
        throw new LabError('HEALING_UNCONFIRMED', { reason: `the link at ${address} does not accept connections: ${problem}` });
    }
  }

  /** A host whose observations reach nobody is of no use to the run, which is to know it before anything else is done. */
  async #openWay(): Promise<void> {
    const { streams, opened } = await this.#ports.shipping;
    this.#streams = streams;
    await opened;
  }

  async #bringTo(orders: Orders): Promise<void> {
    const { daemon, host } = this.#ports;
    const lacking = orders.ports.filter((instance) => this.#addresses[instance] === undefined);
    for (const [i, port] of (await freePorts(lacking.length)).entries()) this.#addresses[lacking[i] ?? ''] = `${host}:${port}`;
    const wanted = new Set(orders.proxies.map(({ name }) => name));
    for (const name of Object.keys(this.#listens)) if (!wanted.has(name)) await this.#removeProxy(name);
    for (const spec of orders.proxies) {
      if (this.#listens[spec.name] === undefined) this.#listens[spec.name] = (await daemon.createProxy(spec)).listen;
    }
    // The planner made it, on a machine of the same version; nothing but a plan of ours passes the run's fence.
    const services = orders.services.map(({ service }) => service as unknown as PlannedService);
    const program = services.find(({ argv }) => argv !== undefined);
    if (program !== undefined && !this.#ports.allowsExec)
      throw new LabError('AGENT_FORBIDS', { what: `to start ${program.name}: ${program.argv?.join(' ')}` });
    if (services.length > 0 && this.#group === undefined) await this.#startServices(services);
    if (services.length === 0 && this.#group !== undefined) await this.#endServices();
  }

  async #removeProxy(name: string): Promise<void> {
    delete this.#listens[name];
    if (this.#ports.daemon.hasProxy(name)) await this.#ports.daemon.removeProxy(name);
  }

  async #startServices(services: readonly PlannedService[]): Promise<void> {
    const { clock, folder, host, labFolder } = this.#ports;
    const note = (event: NewEvent): void => this.#note(event);
    const equipment = new Equipment({ clocks: join(folder, 'clocks'), data: join(folder, 'data'), run: this.run }, { services, note });
    this.#equipment = equipment;
    for (const { instances } of services) for (const { name } of instances) this.#services[name] = { state: 'starting' };
    const group = await ServiceGroup.allocate(
      {
        clock,
        note,
        logFolder: folder,
        host,
        equipment,
        onStarted: () => this.#ports.onChanged(),
        onUnexpectedExit: (instance, how) => this.#fail(instance, { code: 'SERVICE_ENDED', details: { instance, how } }),
      },
      services,
    );
    this.#group = group;
    const fill = (text: string, instance: string): string =>
      text.replaceAll(`\${lab}`, labFolder).replaceAll(`\${self.data}`, equipment.data.folderOf(instance) ?? `\${self.data}`);
    try {
      await group.start(fill);
    } catch (error) {
      this.#failAll(error);
      return;
    }
    // Whoever waits for it reads the report; other orders need not wait.
    group.ready(this.#down.signal).catch((error: unknown) => this.#failAll(error));
  }

  async #endServices(): Promise<void> {
    await this.#group?.[Symbol.asyncDispose]();
    this.#group = undefined;
    for (const instance of Object.keys(this.#services)) delete this.#services[instance];
  }

  #note(event: NewEvent): void {
    if (event.type === 'serviceReady') {
      const pid = this.#group?.processes(event.instance)[0]?.pid ?? process.pid;
      this.#services[event.instance] = { state: 'ready', pid, tookMs: event.tookMs };
      this.#ports.onChanged();
    }
  }

  #failAll(error: unknown): void {
    const failed = failureOf(error);
    for (const [instance, { state }] of Object.entries(this.#services)) if (state === 'starting') this.#fail(instance, failed);
  }

  #fail(instance: string, failed: { code: string; details: Record<string, unknown> }): void {
    this.#services[instance] = { state: 'failed', ...failed };
    this.#ports.onChanged();
  }

  async #release(releases: Orders['releases']): Promise<void> {
    for (const { id, fault, count } of releases) {
      if (this.#releases[id] !== undefined) continue;
      // Taken first: what lets go may throw, and is not done twice all the same.
      this.#releases[id] = { released: 0, held: 0 };
      this.#releases[id] = this.#ports.daemon.releaseHeld(fault, { run: this.run, epoch: this.#epoch, count });
    }
  }

  async #untilQuiet(): Promise<void> {
    const { clock, daemon } = this.#ports;
    const open = (): number =>
      Object.keys(this.#listens).reduce((sum, name) => sum + (daemon.hasProxy(name) ? daemon.proxy(name).connections : 0), 0);
    const { signal } = this.#hurry;
    for (let quietSinceMs = clock.nowMs(); !signal.aborted && clock.nowMs() - quietSinceMs < QUIET_MS; ) {
      await sleep(clock, 500, signal).catch(() => {});
      if (open() > 0) quietSinceMs = clock.nowMs();
    }
  }
}
