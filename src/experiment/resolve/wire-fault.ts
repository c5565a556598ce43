/** A fault and whom it means → what is asked of the wire. A tcp or http fault is that already; a topology fault says which it becomes, and on which links. */
import assert from 'node:assert/strict';
import type { Path } from '../../core/document-path.js';
import { keyedDraw } from '../../core/random.js';
import type { AnyFault, TopologyFault, TopologyScope, WireFault } from '../../dataplane/faults/topology-fault.js';
import type { FaultText } from '../schema/fault.js';
import type { Scope, TargetContext } from './target.js';

/** Without a direction it is the fault's own. */
export type Wire = Omit<WireFault, 'direction'> & { direction?: WireFault['direction'] | undefined };

interface Given {
  definition: AnyFault;
  scope: Scope;
  path: Path;
  context: TargetContext;
}

/** Undefined: it cannot be, and that was said. */
export function wireFaultOf(fault: FaultText, { definition, scope, path, context }: Given): Wire | undefined {
  if (definition.protocol === 'topology') {
    const scopes =
      scope.kind === 'group' && scope.openRoles.length > 0 ? scope.selected.map((one) => ({ ...scope, selected: [one] })) : [scope];
    return expanded(fault, { definition, scopes, path, context });
  }
  assert(scope.kind === 'links', 'the schema knows groups only of topology faults');
  return {
    type: fault.type,
    direction: fault.direction,
    connections: fault.connections ?? 'all',
    value: fault.value.written,
    links: scope.links.map((link) => link.name),
  };
}

/** Of several scopes it is what any of them may become: then nobody knows yet which it will be. */
function expanded(
  fault: FaultText,
  {
    definition,
    scopes,
    path,
    context,
  }: Omit<Given, 'definition' | 'scope'> & { definition: TopologyFault; scopes: readonly TopologyScope[] },
): Wire | undefined {
  const draw = keyedDraw({ seed: context.seed, faultId: context.step });
  const scene = { all: context.topology.links, draw: (name: string) => draw(`shape:${name}`, 0) };
  const outcomes = scopes.map((scope) => definition.expand(fault.value.params as Record<string, unknown>, { ...scene, scope }));
  const wires: WireFault[] = [];
  for (const outcome of outcomes) {
    if (!('problem' in outcome)) wires.push(outcome);
    else {
      context.complain(outcome.key === undefined ? path : [...path, outcome.key], outcome.problem);
      return undefined;
    }
  }
  const [first, ...others] = wires;
  if (first === undefined || others.length === 0) return first;
  const { summary: _summary, ...open } = first;
  return { ...open, links: [...new Set(wires.flatMap(({ links }) => links))] };
}
