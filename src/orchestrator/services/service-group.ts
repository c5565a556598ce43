/**
 * The services of a run: picks their ports, starts their processes, waits until they are ready, and ends them. Services that already run
 * elsewhere are only addressed. Whatever happens to the orchestrator, the reaper ends what was started here.
 */
import { join } from 'node:path';
import { type Clock, sleep } from '../../core/clock.js';
import { reasonOf } from '../../core/errors.js';
import type { PlannedInstance, PlannedLimits, PlannedRestart, PlannedService } from '../../experiment/plan.js';
import type { NewEvent } from '../../journal/events.js';
import type { LiveProcess, Stoppable } from '../../journal/store.js';
import { awaitReady } from './await-ready.js';
import { ControlGroup, limitsGroup } from './control-group.js';
import type { Equipment } from './equipment.js';
import { findForeignProcess, foreignReach } from './foreign-process.js';
import { freePorts } from './free-ports.js';

import { markAs } from './marked.js';
import { type ExitStatus, endWords, OwnedProcess, signalFamily, terminate } from './processes.js';
import type { Reach } from './reach.js';
import { ReaperLine } from './reaper-line.js';
import type { Resolve, Services } from './services.js';

export interface ServiceGroupPorts {
  clock: Clock;
  note(event: NewEvent): void;
  /** Folder for the services' output. */
  logFolder: string;
  equipment: Equipment;
  /** Where instances that are started here listen; loopback if omitted. */
  host?: string;
  /** Told when a process was started that was not there before. */
  onStarted(): void;
  /** Told when a service that should be running has ended by itself, and is not started again. */
  onUnexpectedExit(instance: string, detail: string): void;
}

interface Member {
  service: PlannedService;
  instance: PlannedInstance;
  /** `host:port` */
  address: string;
  process: OwnedProcess | undefined;
  /** Somebody else's, where it is known. */
  foreign: LiveProcess | undefined;
  /** Starts after the first. */
  restarts: number;
  /** A fault has killed it: its end is no failure, and nobody starts it again by himself. */
  isKilled: boolean;
}

export class ServiceGroup implements Services {
  readonly #ports: ServiceGroupPorts;
  readonly #members = new Map<string, Member>();
  readonly #restarting: Promise<void>[] = [];
  /** Aborts when it goes down. */
  readonly #down = new AbortController();
  #reaper: ReaperLine | undefined;
  #resolve: Resolve = (text) => text;
  /** Before it is up, whoever waits for readiness reports an exit; while it goes down, exits are expected. */
  #stage: 'starting' | 'up' | 'stopping' = 'starting';

  private constructor(ports: ServiceGroupPorts) {
    this.#ports = ports;
  }

  /** Gives every instance an address; starts nothing. */
  static async allocate(ports: ServiceGroupPorts, services: readonly PlannedService[]): Promise<ServiceGroup> {
    const group = new ServiceGroup(ports);
    const wanted = services.flatMap((service) => service.instances.map((instance) => ({ service, instance })));
    const free = await freePorts(wanted.filter(({ instance }) => instance.address === undefined && instance.port === undefined).length);
    for (const { service, instance } of wanted) {
      const address = instance.address ?? `${ports.host ?? '127.0.0.1'}:${instance.port ?? free.pop()}`;
      group.#members.set(instance.name, {
        service,
        instance,
        address,
        process: undefined,
        foreign: undefined,
        restarts: 0,
        isKilled: false,
      });
    }
    return group;
  }

  address(instance: string): string {
    const member = this.#members.get(instance);
    if (member === undefined) throw new Error(`no instance ${instance} in the group`);
    return member.address;
  }

  /** Addresses of a service's instances, or of one instance. */
  addresses(target: string): readonly string[] {
    const members = [...this.#members.values()];
    return members.filter((m) => m.service.name === target || m.instance.name === target).map((m) => m.address);
  }

  /** Processes of a service's instances, or of one instance, that were started here, ended ones too, and those of others that were found. */
  processes(target: string): readonly LiveProcess[] {
    const members = [...this.#members.values()].filter((m) => m.service.name === target || m.instance.name === target);
    return members.flatMap(({ process: own, foreign }) => own?.live ?? foreign ?? []);
  }

  /** How an instance's process is reached, ours or somebody else's; undefined where there is none any more, or none is known. */
  reachOf(instance: string): { process: LiveProcess; reach: Reach } | undefined {
    const member = this.#members.get(instance);
    if (member?.foreign !== undefined) return { process: member.foreign, reach: foreignReach(member.foreign, member.instance.process) };
    const own = member?.process?.exit === undefined ? member?.process?.live : undefined;
    return own && { process: own, reach: { kind: 'group', pid: own.pid } };
  }

  isOwn(instance: string): boolean {
    return this.reachOf(instance)?.reach.kind === 'group';
  }

  /** Somebody else's process, as a later run would have to let it go on. */
  stoppable(instance: string): Stoppable | undefined {
    const member = this.#members.get(instance);
    const wanted = member?.instance.process;
    return member?.foreign && { ...member.foreign, ...(wanted?.kind === 'unit' && { unit: wanted.name }) };
  }

  /** Those started here: what is not ours is never on this list, for what is on it will be ended. */
  get live(): readonly LiveProcess[] {
    return [...this.#members.values()].flatMap((member) => (member.process && !member.process.exit ? [member.process.live] : []));
  }

  /** Environment of whoever is to be ended with the group; empty before anything was started. */
  get mark(): Readonly<Record<string, string>> {
    return this.#reaper === undefined ? {} : markAs(this.#reaper.mark);
  }

  /** Keeps processes that a fault holds; undefined before anything was started. */
  get reaper(): ReaperLine | undefined {
    return this.#reaper;
  }

  /** Kills an instance that was started here, and waits until it has ended. */
  async kill(instance: string): Promise<void> {
    const member = this.#members.get(instance);
    if (member?.process === undefined) throw new Error(`${instance} was not started here`);
    member.isKilled = true;
    signalFamily(member.process.pid, 'SIGKILL');
    await member.process.exited;
  }

  /** Starts an instance again that `kill` has ended, and waits until it is ready. Rejects with SERVICE_NOT_READY. */
  async revive(instance: string): Promise<void> {
    const member = this.#members.get(instance);
    if (member?.isKilled !== true || this.#stage === 'stopping') return;
    // It stays one that was killed until it is ready: whoever tries again finds it as it is.
    if (member.process?.exit !== undefined) await this.#startOne(member);
    this.#ports.onStarted();
    await this.#awaitReady(member, this.#down.signal);
    member.isKilled = false;
  }

  /**
   * Starts all processes, and finds those of others. Rejects with FAKETIME_MISSING or DATA_UNWRITABLE, and at the first that is not there with PROGRAM_NOT_FOUND or
   * SERVICE_NOT_READY.
   */
  async start(resolve: Resolve): Promise<void> {
    this.#resolve = resolve;
    await this.#ports.equipment.prepare();
    this.#reaper = new ReaperLine();
    for (const member of this.#members.values()) {
      const { service, instance } = member;
      if (service.argv !== undefined) await this.#startOne(member);
      if (instance.process !== undefined) member.foreign = await findForeignProcess(instance.name, instance.process, this.#down.signal);
    }
  }

  /** Waits until every instance answers. Rejects with SERVICE_NOT_READY, naming the first that does not. */
  async ready(signal: AbortSignal): Promise<void> {
    const failure = new AbortController();
    const either = AbortSignal.any([signal, failure.signal]);
    const asked = [...this.#members.values()].filter((member) => !isOutside(member));
    const waits = asked.map((member) =>
      this.#awaitReady(member, either).catch((error: unknown) => {
        failure.abort(error);
        throw error;
      }),
    );
    await Promise.allSettled(waits);
    if (signal.aborted) throw signal.reason;
    if (failure.signal.aborted) throw failure.signal.reason;
    this.#stage = 'up';
  }

  /** Ends every process that was started here, and waits for it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stage = 'stopping';
    this.#down.abort();
    await Promise.allSettled(this.#restarting);
    await terminate(this.#ports.clock, this.live);
    this.#reaper?.close();
  }

  async #startOne(member: Member): Promise<OwnedProcess> {
    const { service, instance } = member;
    const files = Object.entries(service.files ?? {}).map(([name, text]) => [name, this.#resolve(text, instance.name)] as const);
    if (files.length > 0) await this.#ports.equipment.data.write(instance.name, Object.fromEntries(files));
    const own = await OwnedProcess.spawn({
      name: instance.name,
      argv: (service.argv ?? []).map((word) => this.#resolve(word, instance.name)),
      env: { ...this.#environmentOf(member), ...this.mark },
      workingDirectory: service.workingDirectory,
      logFile: join(this.#ports.logFolder, `${instance.name}.log`),
    });
    member.process = own;
    this.#reaper?.tell({ order: 'own', pid: own.pid });
    this.#ports.note({ type: 'serviceStarted', instance: instance.name, pid: own.pid, address: member.address });
    void own.exited.then((status) => this.#onExit(member, own, status));
    if (service.limits !== undefined) this.#limit(own, service.limits);
    return own;
  }

  #environmentOf({ service, instance }: Member): Record<string, string> {
    const given = Object.fromEntries(Object.entries(service.env).map(([key, value]) => [key, this.#resolve(value, instance.name)]));
    return { ...given, ...this.#ports.equipment.environmentOf(instance.name, given) };
  }

  #onExit(member: Member, own: OwnedProcess, { code, signal }: ExitStatus): void {
    const { instance, service } = member;
    this.#reaper?.tell({ order: 'disown', pid: own.pid });
    this.#ports.equipment.forget(instance.name, own.pid);
    this.#ports.note({
      type: 'serviceExited',
      instance: instance.name,
      code,
      signal,
      expected: this.#stage === 'stopping' || member.isKilled,
    });
    if (this.#stage !== 'up' || member.isKilled) return;
    const status = endWords({ code, signal });
    if (service.restart === undefined || code === 0) this.#ports.onUnexpectedExit(instance.name, status);
    else if (member.restarts >= service.restart.max)
      this.#ports.onUnexpectedExit(instance.name, `${status}, after ${member.restarts} restarts`);
    else {
      member.restarts += 1;
      this.#restarting.push(this.#startAgain(member, service.restart));
    }
  }

  /** Never rejects: a process that ends again is told of by its own exit. */
  async #startAgain(member: Member, { max, delayMs }: PlannedRestart): Promise<void> {
    const { name } = member.instance;
    const { signal } = this.#down;
    let own: OwnedProcess | undefined;
    try {
      await sleep(this.#ports.clock, delayMs, signal);
      own = await this.#startOne(member);
      this.#ports.note({ type: 'note', text: `${name} was started again (${member.restarts} of at most ${max} times)` });
      this.#ports.onStarted();
      await this.#awaitReady(member, signal);
    } catch (error) {
      if (this.#stage === 'up' && own?.exit === undefined) this.#ports.onUnexpectedExit(name, reasonOf(error));
    }
  }

  /** Children that it has started by then are not limited; those that it starts later are. The reaper takes the group away. */
  #limit(own: OwnedProcess, limits: PlannedLimits): void {
    try {
      ControlGroup.make({ limits, pid: own.pid, name: limitsGroup(own.pid) }).take([own.pid]);
    } catch (error) {
      this.#ports.note({ type: 'note', text: `limits of ${own.name} are not in force: ${reasonOf(error)}` });
    }
  }

  async #awaitReady({ service, instance: { name: instance }, address, process: own }: Member, signal: AbortSignal): Promise<void> {
    const tookMs = await awaitReady(this.#ports.clock, { service, instance, address, process: own }, signal);
    this.#ports.note({ type: 'serviceReady', instance, tookMs });
  }
}

/** Somebody who only calls: nothing is known of where he is. */
function isOutside({ service, instance }: Member): boolean {
  return service.argv === undefined && instance.address === undefined;
}
