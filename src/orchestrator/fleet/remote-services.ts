/**
 * The services of a run on the hosts of a fleet. Agents choose ports, start processes and wait until they answer; from here they are only told to. What a reader
 * gets wrong: no process here is one of this machine, so nothing on it is signalled, looked at or ended from here.
 */
import { LabError } from '../../core/errors.js';
import type { PlannedInstance, PlannedService } from '../../experiment/plan.js';
import type { ServiceGroupPorts } from '../services/service-group.js';
import type { Resolve, Services } from '../services/services.js';
import type { FleetDriver } from './fleet-driver.js';
import type { FleetMembership } from './fleet-membership.js';
import type { Member } from './roster.js';

/** Beyond what the services themselves may take to be ready. */
const MARGIN_MS = 5_000;

export interface RemoteServicesPorts {
  driver: FleetDriver;
  membership: FleetMembership;
  group: Pick<ServiceGroupPorts, 'note' | 'onUnexpectedExit'>;
}

interface Placed {
  service: PlannedService;
  instance: PlannedInstance;
  member: Member | undefined;
}

export class RemoteServices implements Services {
  readonly live = [];
  readonly mark = {};
  readonly reaper = undefined;
  readonly #ports: RemoteServicesPorts;
  readonly #placed = new Map<string, Placed>();

  private constructor(ports: RemoteServicesPorts) {
    this.#ports = ports;
  }

  /** Every instance that is started there gets an address of its host. */
  static async allocate(ports: RemoteServicesPorts, services: readonly PlannedService[]): Promise<RemoteServices> {
    const remote = new RemoteServices(ports);
    for (const service of services) {
      for (const instance of service.instances)
        remote.#placed.set(instance.name, { service, instance, member: ports.membership.memberOf(instance.name) });
    }
    const isWanting = ({ service, instance }: Placed): boolean => service.argv !== undefined && instance.port === undefined;
    const wanting = [...remote.#placed.values()].filter(isWanting);
    await ports.driver.order(membersOf(wanting), (orders, member) => {
      orders.ports = wanting.filter((placed) => placed.member === member).map(({ instance }) => instance.name);
    });
    refuseHomeless(wanting);
    return remote;
  }

  address(name: string): string {
    const placed = this.#placed.get(name);
    if (placed === undefined) throw new Error(`no instance ${name} in the fleet`);
    const { instance, member } = placed;
    if (instance.address !== undefined) return instance.address;
    if (instance.port !== undefined) return `${member?.registration.host}:${instance.port}`;
    return member?.applied?.addresses[name] ?? '';
  }

  addresses(target: string): readonly string[] {
    const named = [...this.#placed.values()].filter(({ service, instance }) => service.name === target || instance.name === target);
    return named.map(({ instance }) => this.address(instance.name)).filter((address) => address !== '');
  }

  processes(): readonly [] {
    return [];
  }

  reachOf(): undefined {
    return undefined;
  }

  isOwn(name: string): boolean {
    return this.#placed.get(name)?.service.argv !== undefined;
  }

  stoppable(): undefined {
    return undefined;
  }

  kill(instance: string): Promise<void> {
    return Promise.reject(new Error(`${instance} is on another host: its agent kills it`));
  }

  revive(instance: string): Promise<void> {
    return Promise.reject(new Error(`${instance} is on another host: its agent starts it again`));
  }

  async start(resolve: Resolve): Promise<void> {
    const placed = [...this.#placed.values()].filter(({ member }) => member !== undefined);
    await this.#ports.driver.order(membersOf(placed), (orders, member) => {
      orders.services = placed
        .filter((one) => one.member === member)
        .map((one) => ({ instance: one.instance.name, service: { ...this.#filled(one, resolve) } }));
    });
  }

  /** Rejects with what the first agent says that could not bring one up. */
  async ready(signal: AbortSignal): Promise<void> {
    const { membership, group } = this.#ports;
    const placed = [...this.#placed.values()].filter(({ member }) => member !== undefined);
    const withinMs = Math.max(0, ...placed.map(({ service }) => service.ready.timeoutMs)) + MARGIN_MS;
    const isSettled = (member: Member): boolean =>
      signal.aborted || placed.every((one) => one.member !== member || !['starting', undefined].includes(stateOf(one)?.state));
    const late = await membership.roster.until(membersOf(placed), isSettled, withinMs);
    signal.throwIfAborted();
    membership.refuseLosses();
    for (const { service, instance, member } of placed) {
      const state = stateOf({ service, instance, member });
      if (state?.state !== 'ready') {
        const why =
          state?.state === 'failed'
            ? String(state.details['reason'] ?? state.details['how'] ?? state.code)
            : 'nothing was heard of it in time';
        throw new LabError('SERVICE_NOT_READY', {
          instance: instance.name,
          reason: `${why}, on agent ${member?.name}`,
          log: String(state?.state === 'failed' ? (state.details['log'] ?? '') : ''),
        });
      }
      if (service.argv !== undefined)
        group.note({ type: 'serviceStarted', instance: instance.name, pid: state.pid, address: this.address(instance.name) });
      group.note({ type: 'serviceReady', instance: instance.name, tookMs: state.tookMs });
    }
    if (late.length > 0) throw new Error('an agent was late, and all of its services are ready');
  }

  /** Agents end them with the run's last orders. */
  async [Symbol.asyncDispose](): Promise<void> {}

  /** Texts with everything in them that is known here; what only the host knows it fills in itself. */
  #filled({ service, instance }: Placed, resolve: Resolve): PlannedService {
    const fill = (text: string): string => resolve(text, instance.name);
    const fillAll = (texts: Readonly<Record<string, string>>): Record<string, string> =>
      Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, fill(text)]));
    const address = this.address(instance.name);
    const port = instance.address === undefined && service.argv !== undefined ? { port: Number(address.split(':').at(-1)) } : {};
    return {
      ...service,
      instances: [{ ...instance, ...port }],
      ...(service.argv && { argv: service.argv.map(fill) }),
      env: fillAll(service.env),
      ...(service.files && { files: fillAll(service.files) }),
    };
  }
}

/** Whatever the plan says of losses: nobody can be led to a service that was never anywhere. Throws AGENT_LOST. */
function refuseHomeless(placed: readonly Placed[]): void {
  const without = placed.find(({ instance, member }) => member?.applied?.addresses[instance.name] === undefined);
  if (without === undefined) return;
  const { instance, member } = without;
  const reason = `${member?.lost?.reason ?? 'it has given no address'}, before ${instance.name} was started there`;
  throw new LabError('AGENT_LOST', { agents: `agent ${member?.name}`, reason });
}

function membersOf(placed: readonly Placed[]): readonly Member[] {
  return [...new Set(placed.flatMap(({ member }) => member ?? []))];
}

function stateOf({ instance, member }: Placed) {
  return member?.applied?.services[instance.name];
}
