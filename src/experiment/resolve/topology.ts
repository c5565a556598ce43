/** Services → instances, and links between services → links between instances. From here on every name is unique and resolved. */

import type { Path } from '../../core/document-path.js';
import { didYouMean } from '../../core/suggest.js';
import type { ObserveSpec } from '../../dataplane/observe/observe-spec.js';
import type { TlsSpec } from '../../dataplane/tls/spec/tls-spec.js';
import { LOAD, linkName } from '../../journal/observations.js';
import type { PlannedInstance, PlannedLink, PlannedService } from '../plan.js';
import type { Complain } from '../problem.js';
import type { Experiment } from '../schema/experiment.js';
import type { ServiceText } from '../schema/topology.js';
import { CA_TEMPLATE, GATEWAY_TEMPLATE, linkTemplates } from '../template.js';

/** Links between instances; each costs the daemon a listener. */
export const LINKS_MAX = 5_000;

export interface Topology {
  services: readonly PlannedService[];
  byName: ReadonlyMap<string, PlannedService>;
  /** Instance name → its service. */
  serviceOf: ReadonlyMap<string, PlannedService>;
  links: readonly PlannedLink[];
}

export function resolveTopology({ topology }: Experiment, complain: Complain): Topology {
  const services = Object.entries(topology.services).map(([name, text]) => resolveService(name, text, complain));
  const byName = new Map(services.map((service) => [service.name, service]));
  const serviceOf = new Map<string, PlannedService>();
  for (const service of services) registerInstances(service, { byName, serviceOf, complain });
  const edges = checkedEdges(topology, { byName, complain });
  const isProtected = protection(topology.protect, { byName, edges, complain });
  const links = edges.flatMap((edge) => expandEdge(edge, isProtected));
  if (links.length > LINKS_MAX)
    complain(['topology', 'links'], `expected at most ${LINKS_MAX} links between instances, found ${links.length}`);
  checkTemplates(topology.services, { edges, complain });
  return { services, byName, serviceOf, links };
}

function resolveService(name: string, text: ServiceText, complain: Complain): PlannedService {
  const path: Path = ['topology', 'services', name];
  if (name === LOAD) complain(path, '"load" is the load generator; choose another name', { at: 'key' });
  const given = typeof text.instances === 'number' ? numbered(name, text.instances) : text.instances;
  const instances = given.map((instance): PlannedInstance => (typeof instance === 'string' ? { name: instance } : withoutGaps(instance)));
  if (text.argv === undefined) {
    const nowhere = instances.find((instance) => instance.address === undefined);
    if (nowhere !== undefined) {
      const found = `found neither for ${nowhere.name}`;
      complain(path, `expected argv (to start it) or an address for every instance (where it already runs), ${found}`, { at: 'key' });
    }
  } else if (instances.some((instance) => instance.address !== undefined)) {
    complain([...path, 'instances'], 'expected either argv (to start it) or addresses (where it already runs), found both');
  }
  const { path: readyPath, timeout: timeoutMs, interval: intervalMs } = text.ready;
  if (text.protocol !== 'http' && readyPath !== undefined) {
    complain(
      [...path, 'ready'],
      `expected no path for a service that speaks ${text.protocol}: a connection is enough; or set protocol: http`,
    );
  }
  return {
    name,
    protocol: text.protocol,
    instances,
    ...(text.argv && { argv: text.argv }),
    env: text.env,
    ...(text.workingDirectory !== undefined && { workingDirectory: text.workingDirectory }),
    ready: { ...(readyPath !== undefined && { path: readyPath }), timeoutMs, intervalMs },
    ...(text.health !== undefined && { healthPath: text.health }),
    ...(text.accepts && { accepts: text.accepts }),
  };
}

function numbered(service: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${service}-${i + 1}`);
}

function withoutGaps({ name, port, address }: { name: string; port?: number | undefined; address?: string | undefined }): PlannedInstance {
  return { name, ...(port !== undefined && { port }), ...(address !== undefined && { address }) };
}

/** An instance's name must mean one thing everywhere: it stands alone in checks, probes and reports. */
function registerInstances(
  service: PlannedService,
  {
    byName,
    serviceOf,
    complain,
  }: { byName: ReadonlyMap<string, PlannedService>; serviceOf: Map<string, PlannedService>; complain: Complain },
): void {
  for (const [i, { name }] of service.instances.entries()) {
    const path: Path = ['topology', 'services', service.name, 'instances', i];
    const other = serviceOf.get(name);
    const namesake = byName.get(name);
    if (name === LOAD) complain(path, '"load" is the load generator; choose another name');
    else if (other !== undefined) complain(path, `the instance name "${name}" is taken by ${other.name}`);
    else if (namesake !== undefined && namesake !== service) complain(path, `"${name}" is the name of a service`);
    serviceOf.set(name, service);
  }
}

interface Edge {
  from: PlannedService;
  to: PlannedService;
  tls: TlsSpec | undefined;
  observe: ObserveSpec | undefined;
}

function checkedEdges(
  { links, observe }: Experiment['topology'],
  { byName, complain }: { byName: ReadonlyMap<string, PlannedService>; complain: Complain },
): readonly Edge[] {
  const seen = new Set<string>();
  const edges: Edge[] = [];
  for (const [i, link] of links.entries()) {
    const from = serviceNamed(link.from, ['topology', 'links', i, 'from'], { byName, complain });
    const to = serviceNamed(link.to, ['topology', 'links', i, 'to'], { byName, complain });
    const name = linkName(link.from, link.to);
    if (seen.has(name)) complain(['topology', 'links', i], `the link ${name} stands here twice`);
    else if (from !== undefined && to !== undefined)
      edges.push({ from, to, tls: link.tls, observe: to.protocol === 'tcp' ? undefined : (link.observe ?? observe) });
    if (to?.protocol === 'tcp' && link.observe !== undefined) {
      complain(['topology', 'links', i, 'observe'], `expected a callee that speaks HTTP, found ${to.name}, which speaks tcp`);
    }
    seen.add(name);
  }
  return edges;
}

function serviceNamed(
  name: string,
  path: Path,
  { byName, complain }: { byName: ReadonlyMap<string, PlannedService>; complain: Complain },
): PlannedService | undefined {
  const service = byName.get(name);
  if (service === undefined) complain(path, `unknown service "${name}"${didYouMean(name, [...byName.keys()])}`);
  return service;
}

/** Every pair of instances; an instance does not call itself. */
function expandEdge(
  { from: { name: fromService, instances }, to, tls, observe }: Edge,
  isProtected: (link: PairNames) => boolean,
): PlannedLink[] {
  return instances.flatMap((from) =>
    to.instances
      .filter((callee) => callee.name !== from.name)
      .map((callee): PlannedLink => {
        const names = { from: from.name, fromService, to: callee.name, toService: to.name };
        const given = { ...(tls && { tls }), ...(observe && { observe }) };
        return { name: linkName(from.name, callee.name), ...names, protocol: to.protocol, protected: isProtected(names), ...given };
      }),
  );
}

interface PairNames {
  from: string;
  fromService: string;
  to: string;
  toService: string;
}

/** `protect` names services (all links to and from them) and links, between services or between instances. */
function protection(
  protect: readonly string[],
  { byName, edges, complain }: { byName: ReadonlyMap<string, PlannedService>; edges: readonly Edge[]; complain: Complain },
): (link: PairNames) => boolean {
  const names = new Set(protect);
  const serviceLinks = edges.map(({ from, to }) => linkName(from.name, to.name));
  const instanceLinks = edges.flatMap(({ from, to }) => from.instances.flatMap((a) => to.instances.map((b) => linkName(a.name, b.name))));
  const known = new Set([...byName.keys(), ...serviceLinks, ...instanceLinks]);
  for (const [i, entry] of protect.entries()) {
    if (known.has(entry)) continue;
    // Written as one name or as a list: the shorter path finds either.
    const path: Path = protect.length === 1 ? ['topology', 'protect'] : ['topology', 'protect', i];
    complain(path, `unknown service or link "${entry}"${didYouMean(entry, [...byName.keys(), ...serviceLinks])}`);
  }
  return (link) =>
    names.has(link.fromService) ||
    names.has(link.toService) ||
    names.has(linkName(link.fromService, link.toService)) ||
    names.has(linkName(link.from, link.to));
}

/** `${link.SERVICE}` has an address only if this service has a link to that one, `${gateway}` needs one to anybody, and `${ca}` is there only if some link needs it. */
function checkTemplates(
  services: Experiment['topology']['services'],
  { edges, complain }: { edges: readonly Edge[]; complain: Complain },
): void {
  for (const [name, { argv = [], env }] of Object.entries(services)) {
    const callees = edges.filter((edge) => edge.from.name === name).map((edge) => edge.to.name);
    const texts: (readonly [Path, string])[] = [
      ...argv.map((text, i) => [['topology', 'services', name, 'argv', i], text] as const),
      ...Object.entries(env).map(([key, text]) => [['topology', 'services', name, 'env', key], text] as const),
    ];
    for (const [path, text] of texts) {
      if (text.includes(CA_TEMPLATE) && !edges.some(({ tls }) => tls?.terminate !== undefined))
        complain(path, 'no link of the plan terminates TLS, so there is no CA to trust', { part: CA_TEMPLATE });
      if (text.includes(GATEWAY_TEMPLATE) && callees.length === 0)
        complain(path, `${name} has no link, so the gateway leads it nowhere`, { part: GATEWAY_TEMPLATE });
      for (const callee of linkTemplates(text)) {
        if (callees.includes(callee)) continue;
        complain(path, `${name} has no link to "${callee}"${didYouMean(callee, callees)}`, { part: `\${link.${callee}}` });
      }
    }
  }
}
