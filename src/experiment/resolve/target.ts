/** A fault’s target → the links it means. Nothing meant is an error that shows what there is: a fault on no link would prove nothing. */

import type { Path } from '../../core/document-path.js';
import { didYouMean, listed } from '../../core/suggest.js';
import type { PlannedLink } from '../plan.js';
import type { Complain } from '../problem.js';
import type { Topology } from './topology.js';

export interface TargetText {
  from: string;
  to: string;
}

export function resolveTarget(
  target: TargetText,
  path: Path,
  { topology, complain }: { topology: Topology; complain: Complain },
): readonly PlannedLink[] {
  const from = endMatcher(target.from, [...path, 'from'], { topology, complain });
  const to = endMatcher(target.to, [...path, 'to'], { topology, complain });
  if (from === undefined || to === undefined) return [];
  const links = topology.links.filter((link) => from(link.fromService, link.from) && to(link.toService, link.to));
  if (links.length === 0) {
    const there = new Set(topology.links.map((link) => `${link.fromService} -> ${link.toService}`));
    complain(path, `no link leads from ${target.from} to ${target.to}; there are: ${listed([...there])}`);
  }
  return links;
}

type EndMatcher = (service: string, instance: string) => boolean;

/** `*`, `service`, `service/*` or `service/instance`. Undefined: it names nothing, and that was said. */
function endMatcher(text: string, path: Path, { topology, complain }: { topology: Topology; complain: Complain }): EndMatcher | undefined {
  if (text === '*') return () => true;
  const [serviceName = '', instanceName = '*', ...rest] = text.split('/');
  const service = topology.byName.get(serviceName);
  if (service === undefined) {
    const owner = topology.serviceOf.get(text);
    const hint = owner === undefined ? didYouMean(serviceName, [...topology.byName.keys()]) : `; did you mean "${owner.name}/${text}"?`;
    const note = serviceName === 'load' ? ': the load’s own requests do not cross a link' : hint;
    complain(path, `unknown service "${serviceName}"${note}`);
    return undefined;
  }
  if (instanceName === '*' && rest.length === 0) return (candidate) => candidate === service.name;
  const names = service.instances.map((instance) => instance.name);
  if (rest.length > 0 || !names.includes(instanceName)) {
    const shown = [instanceName, ...rest].join('/');
    complain(path, `${service.name} has no instance "${shown}"${didYouMean(shown, names)}`);
    return undefined;
  }
  return (_service, candidate) => candidate === instanceName;
}
