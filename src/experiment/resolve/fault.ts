/** A fault as written → the fault that the daemon will be asked for: links resolved, topology faults expanded, every refusal found before anything runs. */

import type { Path } from '../../core/document-path.js';
import { listed } from '../../core/suggest.js';
import { carriersOf, LINK_PROTOCOLS } from '../../dataplane/faults/carriers.js';
import type { Direction, FlowDirection, HttpFault, LinkFault } from '../../dataplane/faults/fault.js';
import { misfitOf, misplacedKeys } from '../../dataplane/faults/misplaced.js';
import type { FaultSpec } from '../../dataplane/faults/spec.js';
import { type AnyFault, isLinkFault } from '../../dataplane/faults/topology-fault.js';
import type { Plane } from '../../orchestrator/planes/plane.js';
import type { Catalogs } from '../catalogs.js';
import type { PlannedFault, PlannedLink } from '../plan.js';
import type { Complain } from '../problem.js';
import type { FaultText } from '../schema/fault.js';
import { resolveProcessFault } from './process-fault.js';
import { faultSummary } from './summary.js';
import { resolveScope, type Scope, type TargetContext } from './target.js';
import type { Topology } from './topology.js';
import { type Wire, wireFaultOf } from './wire-fault.js';

const BOTH: readonly FlowDirection[] = ['up', 'down'];

export interface FaultContext extends Omit<TargetContext, 'step'> {
  catalogs: Catalogs;
  /** What carries the links. */
  plane: Plane;
}

/** Undefined when it cannot be carried out; what is wrong was then complained about. */
export function resolveFault(fault: FaultText, path: Path, context: FaultContext & TargetContext): PlannedFault | undefined {
  const { topology, catalogs, complain, seed } = context;
  const definition = catalogs.faults.get(fault.type);
  if (definition?.protocol === 'process') return resolveProcessFault(fault, { definition, path, context });
  const scope = resolveScope(fault, path, context);
  const wire = definition && scope && wireFaultOf(fault, { definition, scope, path, context });
  if (definition === undefined || scope === undefined || wire === undefined) return undefined;
  const links = topology.links.filter((link) => wire.links.includes(link.name));
  const performed = catalogs.faults.get(wire.type);
  checkLinks(fault, links, { path, performed, topology, complain });
  if (definition.protocol !== 'topology') checkKeys(fault, definition, { path, complain });
  if (fault.resolve === 'live' && scope.openRoles.length === 0 && context.roles === undefined) {
    complain([...path, 'resolve'], 'expected a role to ask for: who else is meant is decided before the run, and stays so');
  }
  return {
    type: fault.type,
    performs: wire.type,
    links: links.map((link) => link.name),
    instances: [...new Set(links.map((link) => link.to))],
    durationMs: fault.duration,
    minMatched: fault.minMatched,
    summary: faultSummary(fault, performed?.protocol === 'http' ? 'requests' : 'connections'),
    ...chosenBy(scope, wire),
    ...severityOf(fault),
    spec: specOf({ ...fault, exclude: excludedOf(fault, links, topology) }, wire, seed),
    leaseMs: fault.lease,
    ...(performed?.protocol === 'http' && { turn: turnOf(performed, fault.direction) }),
    ...(scope.openRoles.length > 0 && { open: { text: fault, roles: scope.openRoles, resolve: fault.resolve } }),
  };
}

function chosenBy({ chosen }: Scope, { summary }: Wire): Pick<PlannedFault, 'chosen'> {
  const words = [...chosen, ...(summary === undefined ? [] : [summary])];
  return words.length === 0 ? {} : { chosen: words };
}

/** Where it is one level of a sweep. */
function severityOf({ sweep }: FaultText): Pick<PlannedFault, 'severity'> {
  const [severity] = sweep?.severities ?? [];
  return sweep === undefined || severity === undefined ? {} : { severity: { of: sweep.of, ...severity } };
}

function specOf(fault: FaultText, wire: Wire, seed: number): Omit<FaultSpec, 'id' | 'proxies'> {
  return {
    type: wire.type,
    ...(wire.direction && { direction: wire.direction }),
    connections: wire.connections,
    ...(fault.source && { source: fault.source }),
    ...(fault.match && { match: fault.match }),
    ...(fault.exclude && { exclude: fault.exclude }),
    percentage: fault.percentage ?? 100,
    ...(fault.keyBy !== undefined && { keyBy: fault.keyBy }),
    ...(fault.cohort !== undefined && { cohort: fault.cohort }),
    ...(fault.ramp && { ramp: fault.ramp }),
    ...(fault.pulse && { pulse: fault.pulse }),
    ...(fault.first !== undefined && { first: fault.first }),
    ...(fault.nth !== undefined && { nth: fault.nth }),
    ...(fault.every !== undefined && { every: fault.every }),
    ...(fault.maxActive !== undefined && { maxActive: fault.maxActive }),
    value: wire.value,
    lease: fault.lease,
    duration: fault.duration,
    seed,
  };
}

function checkKeys(fault: FaultText, definition: LinkFault, { path, complain }: { path: Path; complain: Complain }): void {
  for (const { key, problem } of misplacedKeys(definition, fault)) complain([...path, key], problem);
  const misfit = misfitOf(definition, { params: fault.value.params, direction: fault.direction });
  if (misfit !== undefined) complain([...path, 'value'], misfit);
}

function turnOf(
  { defaultDirection, phases = BOTH, order }: HttpFault,
  direction: Direction = defaultDirection,
): NonNullable<PlannedFault['turn']> {
  return { phases: phases.filter((phase) => direction === 'both' || direction === phase), order };
}

/** `probes` means what the plan says of the callees’ health as well, not only what everybody calls so. */
function excludedOf({ exclude }: FaultText, links: readonly PlannedLink[], { byName }: Topology): FaultText['exclude'] {
  if (!exclude?.includes('probes')) return exclude;
  const services = [...new Set(links.map((link) => link.toService))].map((name) => byName.get(name));
  const paths = services.flatMap((service) => [service?.healthPath, service?.ready.path]).filter((path) => path !== undefined);
  return paths.length === 0 ? exclude : [...exclude, { path: [...new Set(paths)] }];
}

function checkLinks(
  fault: FaultText,
  links: readonly PlannedLink[],
  { path, performed, topology, complain }: { path: Path; performed: AnyFault | undefined; topology: Topology; complain: Complain },
): void {
  const guarded = links.filter((link) => link.protected).map((link) => link.name);
  if (guarded.length > 0) complain([...path, 'target'], `protected links cannot be faulted: ${listed(guarded)} (see topology.protect)`);
  const carriers = performed !== undefined && isLinkFault(performed) ? carriersOf(performed) : LINK_PROTOCOLS;
  const unsuited = links.filter((link) => !carriers.includes(link.protocol)).map((link) => `${link.name} (${link.protocol})`);
  if (unsuited.length > 0) {
    const needed = carriers.join(' or ');
    complain([...path, 'type'], `${fault.type} needs links that carry ${needed}, found ${listed(unsuited)}; set protocol on the callee`);
  }
  const closed = performed?.protocol === 'tls' ? links.filter(({ tls }) => tls?.terminate === undefined).map((link) => link.name) : [];
  if (closed.length > 0) {
    complain([...path, 'type'], `${fault.type} needs links that terminate TLS, found ${listed(closed)}; set tls: terminate on the link`);
  }
  for (const service of new Set(links.map((link) => topology.byName.get(link.toService)))) {
    if (service?.accepts === undefined || service.accepts.includes(fault.type)) continue;
    complain([...path, 'type'], `${service.name} does not accept ${fault.type}; it accepts: ${listed(service.accepts)}`);
  }
}
