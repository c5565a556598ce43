/**
 * Everything that a run has brought up: the data plane, one proxy a link, the services, the load. It comes up in that order, so that a
 * service finds its links when it starts, and goes down in the reverse.
 */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LabError } from '../core/errors.js';
import type { Plan } from '../experiment/plan.js';
import type { Observation } from '../journal/observations.js';
import type { RunFolder } from '../journal/store.js';
import type { JournalWriter } from '../journal/writer.js';
import type { Driver, Faults } from './drivers/driver.js';
import { gatewayRoutes } from './gateway-routes.js';
import { HandFaults } from './hand-faults.js';
import { fillInstanceText, linksTo } from './instance-text.js';
import { LeaseKeeper, renewalOf } from './lease-keeper.js';
import { liveRunOf } from './live-run.js';
import { ObservationPump } from './observation-pump.js';
import { observe } from './observe.js';
import { openLinks } from './open-links.js';
import { planes } from './planes/catalog.js';
import type { OpenedPlane, PlanePorts } from './planes/plane.js';
import { probedInstances } from './probed-instances.js';
import type { ProbedInstance, ProbePorts } from './probes/probe.js';
import { allFaults, ProcessFaults } from './process-faults.js';
import { RoleFinder } from './role-finder.js';
import type { RunTeller } from './run-teller.js';
import { Equipment } from './services/equipment.js';
import { ServiceGroup, type ServiceGroupPorts } from './services/service-group.js';
import type { Services } from './services/services.js';
import { endLoad, startLoad } from './start-load.js';
import { Traffic } from './traffic.js';
import type { LoadControl, LoadGenerator } from './workloads/workload.js';

export interface RigPorts extends Pick<PlanePorts, 'clock' | 'connect' | 'daemonArgv' | 'etcd' | 'signal' | 'version'> {
  journal: JournalWriter;
  folder: RunFolder;
  /** Folder of the shipped sample programs: `${lab}`. */
  labFolder: string;
  /** Who tells the daemon what happens in the run. */
  teller?: RunTeller | undefined;
  /** Something that the run depends on has broken. */
  onFailure(error: unknown): void;
}

export class Rig implements AsyncDisposable {
  readonly plan: Plan;
  readonly traffic: Traffic;
  readonly roles: RoleFinder;
  /** What people ask of processes while it goes on. */
  readonly byHand: HandFaults;
  readonly #ports: RigPorts;
  readonly #proxies = new Map<string, string>();
  #plane: OpenedPlane | undefined;
  /** Where the gateway listens, if a service uses it. */
  #gateway: string | undefined;
  #group: Services | undefined;
  #pump: ObservationPump | undefined;
  #leases: LeaseKeeper | undefined;
  /** Instance → how often it was started. */
  readonly #starts = new Map<string, number>();
  readonly #equipment: Equipment;
  readonly #processFaults: ProcessFaults;
  #load: LoadGenerator | undefined;

  constructor(ports: RigPorts, plan: Plan) {
    this.#ports = ports;
    this.plan = plan;
    this.#equipment = new Equipment(ports.folder, { services: plan.services, note: (event) => ports.journal.append(event) });
    this.roles = new RoleFinder(
      {
        clock: ports.clock,
        probing: this.probing,
        fill: (text, instance) => this.#resolve(text, instance),
        note: (event) => ports.journal.append(event),
      },
      plan,
    );
    this.traffic = new Traffic(ports.clock, plan.recorded);
    this.#processFaults = new ProcessFaults({
      clock: ports.clock,
      run: ports.folder.run,
      processOf: (instance) => this.#group?.reachOf(instance),
      reaper: () => this.#group?.reaper,
      kill: async (instance) => this.#group?.kill(instance),
      revive: async (instance) => this.#group?.revive(instance),
      clockFile: (instance) => this.#equipment.clockFile(instance),
      note: (event) => ports.journal.append(event),
      data: this.#equipment.data,
      tell: (change) => this.pump.tell(change),
    });
    this.byHand = new HandFaults({
      plan,
      journal: ports.journal,
      faults: () => this.faults,
      isOwn: (instance) => this.#group?.isOwn(instance) ?? false,
    });
  }

  get driver(): Driver {
    if (this.#plane === undefined) throw new Error('the rig is not up');
    return this.#plane.driver;
  }

  /** What puts faults on, on links and on processes. */
  get faults(): Faults {
    return this.#isElsewhere ? this.driver : allFaults(this.driver, this.#processFaults);
  }

  get pump(): ObservationPump {
    if (this.#pump === undefined) throw new Error('the rig is not up');
    return this.#pump;
  }

  /** Steers the load; undefined before it has started, after it has ended, and in a plan without one. */
  get load(): LoadControl | undefined {
    return this.#load;
  }

  /** What probes may look at. */
  get probing(): ProbePorts {
    return {
      recent: (target, windowMs) => this.traffic.recent(target, windowMs),
      baseline: (target) => this.traffic.baseline(target),
      addresses: (target) => this.#group?.addresses(target) ?? [],
      processes: (target) => this.#group?.processes(target) ?? [],
      instances: (target) => this.#instances(target),
      mark: () => this.mark(),
    };
  }

  /** To be added to the environment of every program that is started: whatever becomes of the run, it is ended with it. */
  mark(): Readonly<Record<string, string>> {
    return this.#group?.mark ?? {};
  }

  /** The instances of a service, or the one named, as probes see them. */
  #instances(target: string): readonly ProbedInstance[] {
    return probedInstances(this.plan, target, {
      address: (name) => this.#group?.addresses(name)[0] ?? '',
      process: (name) => this.#group?.processes(name)[0],
      starts: (name) => this.#starts.get(name) ?? 0,
    });
  }

  /** Copies the data folders of these instances, which stand still meanwhile. Rejects with PROCESS_TAKEN where a fault has one of them, and with the signal's reason. */
  async snapshot(instances: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#processFaults.whileStill(instances, async () => {
      for (const instance of instances) await this.#equipment.data.snapshot(instance, signal);
    });
  }

  /** Where the proxy of a link listens; undefined where that is not for this machine to dial. */
  linkAddress(link: string): string | undefined {
    return this.#isElsewhere ? undefined : this.#proxies.get(link);
  }

  /** Finds the data plane and claims it. Rejects with DAEMON_UNREACHABLE, ENVIRONMENT_MISMATCH, RUN_ACTIVE or HALTED; nothing has been started then. */
  async claim(): Promise<{ epoch: number; version: string }> {
    const { clock, folder, onFailure } = this.#ports;
    const { driver: name, params } = this.plan.proxies;
    const plane = planes.get(name);
    if (plane === undefined) throw new Error(`the plan names a driver that there is none of: ${name}`);
    const logFile = join(folder.services, 'daemon.log');
    const note: PlanePorts['note'] = (event) => this.#ports.journal.append(event);
    this.#plane = await plane.open(params, { ...this.#ports, plan: this.plan, run: folder.run, logFile, note });
    const { driver } = this.#plane;
    const { environment: actual, newestObservation, version, wantsNews } = await driver.status();
    const planned = this.plan.recorded.environment;
    if (actual !== undefined && actual !== planned) throw new LabError('ENVIRONMENT_MISMATCH', { planned, actual });
    const { epoch, leaseMs: claimMs } = await driver.claim(folder.run, { isDry: this.plan.recorded.isDry === true });
    if (wantsNews) this.#ports.teller?.open({ epoch, tell: async (news) => driver.tell?.(news), hosts: this.#plane.hosts });
    const renewal = renewalOf(this.plan, claimMs);
    this.#leases = new LeaseKeeper({ clock, faults: this.faults, ...renewal, onLost: onFailure });
    this.#pump = new ObservationPump(
      {
        driver,
        onObservation: (observation) => this.#observe(observation),
        onLost: (count) => this.#ports.journal.append({ type: 'observationsLost', count, reason: driver.losses }),
        onFailure,
      },
      newestObservation,
    );
    await this.#writeLive();
    return { epoch, version };
  }

  /** Brings up links and services. Rejects with SERVICE_NOT_READY and the like. */
  async up(signal: AbortSignal): Promise<void> {
    const { clock, journal, folder, onFailure } = this.#ports;
    this.pump.start();
    const ports: ServiceGroupPorts = {
      clock,
      note: (event) => {
        if (event.type === 'serviceStarted') this.#starts.set(event.instance, (this.#starts.get(event.instance) ?? 0) + 1);
        journal.append(event);
      },
      logFolder: folder.services,
      equipment: this.#equipment,
      onStarted: () => void this.#writeLive().catch(onFailure),
      onUnexpectedExit: (instance, how) => onFailure(new LabError('SERVICE_ENDED', { instance, how })),
    };
    const group = (await this.#plane?.services?.(ports, this.plan.services)) ?? (await ServiceGroup.allocate(ports, this.plan.services));
    this.#group = group;
    await this.#writeAuthority();
    const onOpen = (link: string, listen: string): void => void this.#proxies.set(link, listen);
    await openLinks(this.plan, { driver: this.driver, addressOf: (instance) => group.address(instance), onOpen, signal });
    await this.#openGateway();
    try {
      await group.start((text, instance) => this.#resolve(text, instance));
    } finally {
      await this.#writeLive();
    }
    await group.ready(signal);
  }

  /** Starts the load, if the plan has one, and waits until it sends: what is measured from then on has traffic. */
  async startLoad(signal: AbortSignal): Promise<void> {
    this.#load = await startLoad(this.plan, {
      clock: this.#ports.clock,
      addressOf: (instance) => this.#group?.address(instance) ?? '',
      onExchange: (exchange) => this.#observe(exchange),
    });
    this.#load?.ended.catch((error: unknown) => this.#ports.onFailure(error));
    await this.#load?.begun(signal);
  }

  /** Ends the load and writes down its summary. */
  async stopLoad(): Promise<void> {
    const load = this.#load;
    this.#load = undefined;
    if (load !== undefined) await endLoad(load, this.#ports.journal);
  }

  /** From now on no lease is renewed: faults end with theirs. */
  stopRenewing(): void {
    this.#leases?.[Symbol.dispose]();
  }

  /** Takes everything down; safe at any stage of bringing up. The journal stays open. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopLoad().catch((error: unknown) => this.#ports.onFailure(error));
    await this.#group?.[Symbol.asyncDispose]();
    await this.#plane?.driver.settle?.();
    await this.#pump?.drain();
    this.#leases?.[Symbol.dispose]();
    // First the proxies, then the claim: whoever claims next may want links of the same names.
    if (this.#plane?.outlivesRun && this.#gateway !== undefined)
      await this.#plane.driver.leaveGateway?.(gatewayRoutes(this.plan.links)).catch(() => {});
    if (this.#plane?.outlivesRun) for (const link of this.#proxies.keys()) await this.#plane.driver.removeProxy(link).catch(() => {});
    await this.#plane?.driver.release().catch(() => {});
    await this.#plane?.[Symbol.asyncDispose]();
    await this.#ports.folder.removeLive();
  }

  /** Each caller is led by the names of services and instances, to its own links. */
  async #openGateway(): Promise<void> {
    if (!this.plan.usesGateway) return;
    this.#gateway = await this.driver.openGateway?.(gatewayRoutes(this.plan.links));
  }

  /** For callers to trust, before the first of them is started. */
  async #writeAuthority(): Promise<void> {
    if (!this.plan.links.some(({ tls }) => tls?.terminate !== undefined)) return;
    const certificate = await this.driver.authority?.();
    if (certificate !== undefined) await writeFile(this.#ports.folder.authority, certificate);
  }

  /** Services are on other hosts, and so are their processes, files and links. */
  get #isElsewhere(): boolean {
    return this.#plane?.services !== undefined;
  }

  #resolve(text: string, instance: string): string {
    return fillInstanceText(text, {
      lab: this.#isElsewhere ? undefined : this.#ports.labFolder,
      ca: resolve(this.#ports.folder.authority),
      gateway: this.#gateway,
      name: instance,
      data: this.#isElsewhere ? undefined : this.#equipment.data.folderOf(instance),
      address: this.#group?.address(instance) ?? '',
      linksTo: (target) => linksTo(this.plan, { from: instance, target }).map(({ name }) => this.#proxies.get(name) ?? ''),
    });
  }

  #observe(told: Observation): void {
    const { journal, folder, teller, onFailure } = this.#ports;
    const { byHand, plan, traffic } = this;
    const observation = told.kind === 'fault' ? byHand.signed(told) : told;
    teller?.observe(observation);
    observe(observation, { journal, run: folder.run, plan: plan.recorded, byHand, traffic, onFailure });
  }

  async #writeLive(): Promise<void> {
    const { clock, folder } = this.#ports;
    const [plan, plane, group, links] = [this.plan, this.#plane, this.#group, this.#proxies.keys()];
    if (plane !== undefined) await folder.writeLive(liveRunOf({ run: folder.run, wallMs: clock.wallMs(), plan, plane, group, links }));
  }
}
