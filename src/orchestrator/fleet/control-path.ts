/**
 * What a run must never touch: the way by which it, and every halt, reaches the agents. No link of ours carries that way; a plan could only name it as if it
 * were a service of its own, and is refused for it before anything is taken. What a reader gets wrong: places are compared by address and port, whatever name
 * they were given by, and a name is taken for what it means on this machine.
 */
import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { LabError } from '../../core/errors.js';
import type { Plan, PlannedInstance } from '../../experiment/plan.js';

/** All addresses of a name; none where it has none. */
export type ResolveName = (name: string) => Promise<readonly string[]>;

export interface ControlPathPorts {
  /** URLs of etcd. */
  endpoints: readonly string[];
  /** The agent that an instance is placed on, and where that host is reached. */
  agentOf(instance: string): { name: string; pid: number; host: string } | undefined;
  resolve?: ResolveName;
  /** Addresses of this machine, beside loopback. */
  ownAddresses?: readonly string[];
}

type Refusable = Pick<Plan, 'services' | 'links' | 'steps'>;

export class ControlPath {
  readonly #agentOf: ControlPathPorts['agentOf'];
  readonly #resolve: ResolveName;
  readonly #own: ReadonlySet<string>;
  readonly #looked = new Map<string, Promise<readonly string[]>>();
  /** `address:port`, as `#placesOf` has them. */
  readonly #places = new Set<string>();
  /** Instances that are a part of it. */
  readonly #instances = new Map<string, string>();

  private constructor({ agentOf, resolve = resolveName, ownAddresses = addressesOfThisMachine() }: ControlPathPorts) {
    this.#agentOf = agentOf;
    this.#resolve = resolve;
    this.#own = new Set(ownAddresses);
  }

  /** Looks up what the plan and etcd's endpoints name. */
  static async find({ services }: Pick<Plan, 'services'>, ports: ControlPathPorts): Promise<ControlPath> {
    const path = new ControlPath(ports);
    for (const endpoint of ports.endpoints) for (const place of await path.#placesOf(endpoint)) path.#places.add(place);
    const look = async ({ name, address }: PlannedInstance): Promise<void> => {
      if (address === undefined) return;
      const places = await path.#placesOf(`http://${address}`, path.#agentOf(name)?.host);
      if (places.some((place) => path.#places.has(place))) path.#instances.set(name, address);
    };
    await Promise.all(services.flatMap(({ instances }) => instances.map(look)));
    return path;
  }

  /** All agents depend on this instance: no link to it may be faulted, by whomever. */
  has(instance: string): boolean {
    return this.#instances.has(instance);
  }

  /** Throws CONTROL_PATH at the first fault that would cut it. */
  refuseTargets({ services, links, steps }: Refusable): void {
    const instances = new Map(services.flatMap((service) => service.instances.map((instance) => [instance.name, instance] as const)));
    const toOf = new Map(links.map(({ name, to }) => [name, to]));
    for (const { name: step, fault } of steps) {
      if (fault === undefined) continue;
      for (const target of [...fault.links.map((link) => toOf.get(link) ?? ''), ...(fault.processes ?? [])]) {
        const process = instances.get(target)?.process;
        const agent = this.#agentOf(target);
        if (this.has(target)) throw new LabError('CONTROL_PATH', { step, target, what: `etcd at ${this.#instances.get(target)}` });
        if (agent !== undefined && process?.kind === 'pid' && process.pid === agent.pid)
          throw new LabError('CONTROL_PATH', { step, target, what: `the agent ${agent.name} itself` });
      }
    }
  }

  /** `beside`: the host on which loopback is meant, if that is not this machine. */
  async #placesOf(url: string, beside?: string): Promise<readonly string[]> {
    const { protocol, hostname, port } = new URL(url);
    const there = await this.#addressesOf(hostname);
    const addresses = there.includes(HERE) && beside !== undefined ? await this.#addressesOf(beside) : there;
    return addresses.map((address) => `${address}:${port || (protocol === 'https:' ? 443 : 80)}`);
  }

  async #addressesOf(hostname: string): Promise<readonly string[]> {
    const name = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
    const looked = this.#looked.get(name) ?? this.#resolve(name);
    this.#looked.set(name, looked);
    const found = await looked;
    return [...new Set([name, ...found].map((address) => (this.#isHere(address) ? HERE : address)))];
  }

  #isHere(address: string): boolean {
    return LOOPBACK.test(address) || this.#own.has(address);
  }
}

/** One word for all addresses of this machine: who listens at one mostly listens at all of them. */
const HERE = 'here';
const LOOPBACK = /^(?:::ffff:)?127\.|^::1$|^(?:::ffff:)?0\.0\.0\.0$|^::$|(?:^|\.)localhost$|^ip6-(?:localhost|loopback)$/;

async function resolveName(name: string): Promise<readonly string[]> {
  const found = await lookup(name, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}

function addressesOfThisMachine(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address));
}
