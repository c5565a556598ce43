/**
 * Who calls whom: from the plan of the run, else read out of the names of proxies. A run names its links `caller->callee`; any other proxy is drawn
 * as somebody who calls what has the proxy's name.
 */
import type { LiveProxy } from '../../../../src/control/live/contract.js';
import type { RecordedPlan } from '../../../../src/journal/events.js';
import { LOAD } from '../../../../src/journal/observations.js';

export interface TopologyInstance {
  name: string;
  service: string;
  /** Where it is, on a daemon without a plan. */
  address?: string;
}
export interface TopologyLink {
  name: string;
  from: string;
  fromService: string;
  to: string;
  toService: string;
  protocol: string;
  /** The load generator's own requests: no proxy stands there, and no fault can. */
  isLoad: boolean;
}
export interface Topology {
  /** In the order in which the plan names them; callers without a name of their own first. */
  services: readonly { name: string; instances: readonly string[] }[];
  instances: ReadonlyMap<string, TopologyInstance>;
  links: readonly TopologyLink[];
  /** Equal for equal topologies. */
  key: string;
}

/** Whoever dials a proxy that does not say who its caller is. */
export const ANYONE = 'callers';

export function topologyOf(plan: RecordedPlan | null, proxies: readonly LiveProxy[]): Topology {
  const planned = plan === null ? [] : [...loadLinks(plan), ...plan.links.map((link) => ({ ...link, isLoad: false }))];
  const known = new Set(planned.map(({ name }) => name));
  const found = proxies.filter(({ name }) => !known.has(name)).map(linkOfProxy);
  const links = [...planned, ...found];
  const addresses = new Map(found.map((link, i) => [link.to, proxies.filter(({ name }) => !known.has(name))[i]?.upstream ?? '']));
  const services = new Map<string, Set<string>>();
  const add = (service: string, instance: string): void => {
    services.set(service, (services.get(service) ?? new Set()).add(instance));
  };
  for (const { fromService, from } of links) if (!plan?.services.some(({ name }) => name === fromService)) add(fromService, from);
  for (const { name, instances } of plan?.services ?? []) for (const instance of instances) add(name, instance);
  for (const { toService, to } of links) add(toService, to);
  const instances = [...services].flatMap(([service, names]) =>
    [...names].map((name): TopologyInstance => {
      const address = addresses.get(name);
      return address === undefined ? { name, service } : { name, service, address };
    }),
  );
  return {
    services: [...services].map(([name, names]) => ({ name, instances: [...names] })),
    instances: new Map(instances.map((instance) => [instance.name, instance])),
    links,
    key: JSON.stringify([instances, links]),
  };
}

/** The load generator calls every instance of one service, and is no part of the plan's links. */
function loadLinks({ load, services }: RecordedPlan): TopologyLink[] {
  if (load === undefined) return [];
  const called = services.find(({ name }) => name === load.service)?.instances ?? [];
  return called.map((to) => ({
    name: `${LOAD}->${to}`,
    from: LOAD,
    fromService: LOAD,
    to,
    toService: load.service,
    protocol: 'http',
    isLoad: true,
  }));
}

function linkOfProxy({ name, protocol }: LiveProxy): TopologyLink {
  const [, from = ANYONE, to = name] = /^(.+?)->(.+)$/.exec(name) ?? [];
  return { name, from, fromService: serviceOf(from), to, toService: serviceOf(to), protocol, isLoad: false };
}

/** `inventory-3` is one of `inventory`. */
function serviceOf(instance: string): string {
  return /^(.+)-\d+$/.exec(instance)?.[1] ?? instance;
}
