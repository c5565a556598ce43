/** Services → instances, and links between services → links between instances. From here on every name is unique and resolved. */

import type { Path } from '../../core/document-path.js';
import { didYouMean, listed } from '../../core/suggest.js';
import type { ObserveSpec } from '../../dataplane/observe/observe-spec.js';
import type { TlsSpec } from '../../dataplane/tls/spec/tls-spec.js';
import { LOAD, linkName } from '../../journal/observations.js';
import type { Catalogs } from '../catalogs.js';
import type { PlannedInstance, PlannedLink, PlannedRole, PlannedService } from '../plan.js';
import type { Complain } from '../problem.js';
import type { Experiment } from '../schema/experiment.js';
import { CA_TEMPLATE, GATEWAY_TEMPLATE, linkTemplates } from '../template.js';
import { type Pair, protection } from './protect.js';
import { resolveRoles } from './roles.js';
import { isAttached, resolveService } from './service.js';

/** Links between instances; each costs the daemon a listener. */
export const LINKS_MAX = 5_000;

export interface Topology {
  services: readonly PlannedService[];
  byName: ReadonlyMap<string, PlannedService>;
  /** Instance name → its service. */
  serviceOf: ReadonlyMap<string, PlannedService>;
  links: readonly PlannedLink[];
  roles: ReadonlyMap<string, PlannedRole>;
}

export function resolveTopology(experiment: Experiment, probes: Catalogs['probes'], complain: Complain): Topology {
  const { topology, load } = experiment;
  const services = Object.entries(topology.services).map(([name, text]) => resolveService(name, text, complain));
  const byName = new Map(services.map((service) => [service.name, service]));
  const serviceOf = new Map<string, PlannedService>();
  for (const service of services) registerInstances(service, { byName, serviceOf, complain });
  const edges = checkedEdges(topology, { byName, complain });
  for (const service of services) checkFindable(service, { edges, load, complain });
  const isProtected = protection(topology.protect, { byName, edges, complain });
  const links = edges.flatMap((edge) => expandEdge(edge, isProtected));
  if (links.length > LINKS_MAX)
    complain(['topology', 'links'], `expected at most ${LINKS_MAX} links between instances, found ${links.length}`);
  checkReachable(links, { services, complain });
  checkTemplates(topology.services, { edges, complain });
  return { services, byName, serviceOf, links, roles: resolveRoles(experiment, { byName, probes, complain }) };
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
  /** One for each pair of instances. */
  listen: readonly string[] | undefined;
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
      edges.push({ from, to, listen: link.listen, tls: link.tls, observe: to.protocol === 'tcp' ? undefined : (link.observe ?? observe) });
    if (to?.protocol === 'tcp' && link.observe !== undefined) {
      complain(['topology', 'links', i, 'observe'], `expected a callee that speaks HTTP, found ${to.name}, which speaks tcp`);
    }
    if (from !== undefined && to !== undefined && link.listen !== undefined) {
      const pairs = pairsOf({ from, to });
      if (pairs.length !== link.listen.length) {
        const found = `found ${link.listen.length} for ${pairs.length}: ${listed(pairs.map(([a, b]) => linkName(a.name, b.name)))}`;
        complain(['topology', 'links', i, 'listen'], `expected an address for each pair of instances, ${found}`);
      }
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
function pairsOf({ from, to }: Pick<Edge, 'from' | 'to'>): readonly (readonly [PlannedInstance, PlannedInstance])[] {
  return from.instances.flatMap((caller) =>
    to.instances.filter((callee) => callee.name !== caller.name).map((callee) => [caller, callee] as const),
  );
}

function expandEdge(edge: Edge, isProtected: (link: Pair) => boolean): PlannedLink[] {
  const { from: fromService, to: toService, tls, observe, listen } = edge;
  return pairsOf(edge).map(([from, to], i): PlannedLink => {
    const place = listen?.[i];
    return {
      name: linkName(from.name, to.name),
      from: from.name,
      fromService: fromService.name,
      to: to.name,
      toService: toService.name,
      protocol: toService.protocol,
      protected: isProtected({ from, fromService: fromService.name, to, toService: toService.name }),
      ...(place !== undefined && { listen: place }),
      ...(tls && { tls }),
      ...(observe && { observe }),
    };
  });
}

/** Who is neither started nor found anywhere can only be somebody outside, who calls links that are where he looks for them. */
function checkFindable(
  { name, argv, instances }: PlannedService,
  { edges, load, complain }: { edges: readonly Edge[]; load: Experiment['load']; complain: Complain },
): void {
  const nowhere = instances.find((instance) => !isAttached(instance));
  if (argv !== undefined || nowhere === undefined) return;
  const calls = edges.filter((edge) => edge.from.name === name);
  const isCalled = edges.some((edge) => edge.to.name === name) || load?.target === name;
  if (!isCalled && calls.length > 0 && calls.every((edge) => edge.listen !== undefined)) return;
  const found = `found neither for ${nowhere.name}`;
  complain(
    ['topology', 'services', name],
    `expected argv (to start it) or an address for every instance (where it already runs), ${found}; who only calls, from outside, needs links with \`listen\``,
    { at: 'key' },
  );
}

/** A process alone can be looked at; a link has to lead somewhere. */
function checkReachable(
  links: readonly PlannedLink[],
  { services, complain }: { services: readonly PlannedService[]; complain: Complain },
): void {
  const called = new Set(links.map((link) => link.to));
  for (const { name, instances, argv } of services) {
    for (const [i, instance] of instances.entries()) {
      if (argv !== undefined || instance.process === undefined || instance.address !== undefined || !called.has(instance.name)) continue;
      complain(['topology', 'services', name, 'instances', i], `links lead to ${instance.name}: expected its address beside its process`);
    }
  }
}

/** `${link.SERVICE}`, and of one instance `${link.INSTANCE}`, has an address only if this service has a link to that one, `${gateway}` needs one to anybody, and `${ca}` is there only if some link needs it. */
function checkTemplates(
  services: Experiment['topology']['services'],
  { edges, complain }: { edges: readonly Edge[]; complain: Complain },
): void {
  for (const [name, { argv = [], env, files }] of Object.entries(services)) {
    const called = edges.filter((edge) => edge.from.name === name).map((edge) => edge.to);
    const callees = called.flatMap((to) => [to.name, ...to.instances.map((instance) => instance.name)]);
    const texts: (readonly [Path, string])[] = [
      ...argv.map((text, i) => [['topology', 'services', name, 'argv', i], text] as const),
      ...Object.entries(env).map(([key, text]) => [['topology', 'services', name, 'env', key], text] as const),
      ...Object.entries(files).map(([key, text]) => [['topology', 'services', name, 'files', key], text] as const),
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
