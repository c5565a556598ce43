/** A fault’s target → the links, or the group, that it means. Nothing meant is an error that shows what there is: a fault on no link would prove nothing. */

import type { Path } from '../../core/document-path.js';
import { keyedDraw } from '../../core/random.js';
import { didYouMean, listed } from '../../core/suggest.js';
import type { PlannedLink } from '../plan.js';
import type { Complain } from '../problem.js';
import type { FaultText } from '../schema/fault.js';
import type { SelectorText } from '../schema/selector.js';
import type { TargetText } from '../schema/target.js';
import { type RoleHolders, type Selection, type SelectionContext, saidOf, selectInstances } from './selector.js';
import type { Topology } from './topology.js';

export interface TargetContext {
  topology: Topology;
  seed: number;
  /** Name of the step: chance is another in every step. */
  step: string;
  /** Those that are known; none of them while the plan is made. */
  roles?: RoleHolders;
  complain: Complain;
}

interface Chosen {
  /** What was chosen and why, for people. */
  chosen: readonly string[];
  /** Roles that have to be asked for first: until then it means whoever may come to hold them. */
  openRoles: readonly string[];
}
export type Scope = Chosen &
  ({ kind: 'links'; links: readonly PlannedLink[] } | { kind: 'group'; members: readonly string[]; selected: readonly string[] });

/** Undefined: it means nothing, and that was said. */
export function resolveScope({ target, among, select }: FaultText, path: Path, context: TargetContext): Scope | undefined {
  if (target !== undefined && among === undefined && select === undefined) return resolveTarget(target, [...path, 'target'], context);
  if (target === undefined && among !== undefined) return resolveGroup({ among, select }, path, context);
  const found = target === undefined ? 'neither' : 'both';
  context.complain(path, `expected a target, or \`among\` and what belongs to it; found ${found}`);
  return undefined;
}

function resolveTarget(target: TargetText, path: Path, context: TargetContext): Scope | undefined {
  const from = selectInstances(target.from, [...path, 'from'], selectionContext('from', context));
  const to = selectInstances(target.to, [...path, 'to'], selectionContext('to', context));
  if (from === undefined || to === undefined) return undefined;
  const links = context.topology.links.filter((link) => from.instances.includes(link.from) && to.instances.includes(link.to));
  if (links.length === 0) {
    const there = new Set(context.topology.links.map((link) => `${link.fromService} -> ${link.toService}`));
    context.complain(path, `no link leads from ${saidOf(target.from)} to ${saidOf(target.to)}; there are: ${listed([...there])}`);
    return undefined;
  }
  return { kind: 'links', links, ...chosenOf({ from, to }) };
}

function resolveGroup(
  { among, select }: { among: string; select: FaultText['select'] },
  path: Path,
  context: TargetContext,
): Scope | undefined {
  const { topology, complain } = context;
  const service = topology.byName.get(among);
  if (service === undefined) {
    complain([...path, 'among'], `unknown service "${among}"${didYouMean(among, [...topology.byName.keys()])}`);
    return undefined;
  }
  const members = service.instances.map(({ name }) => name);
  if (select === undefined) return { kind: 'group', members, selected: [], chosen: [], openRoles: [] };
  const selection = selectInstances(select, [...path, 'select'], selectionContext('select', context));
  if (selection === undefined) return undefined;
  const strangers = selection.instances.filter((name) => !members.includes(name));
  if (strangers.length > 0) {
    complain([...path, 'select'], `expected instances of ${among}, found ${listed(strangers)}`);
    return undefined;
  }
  return { kind: 'group', members, selected: selection.instances, ...chosenOf({ select: selection }) };
}

/** Instances by themselves, whatever calls them. Undefined: nobody is meant, and that was said. */
export function resolveInstances(
  who: SelectorText,
  path: Path,
  context: TargetContext,
): (Chosen & { instances: readonly string[] }) | undefined {
  const selection = selectInstances(who, path, selectionContext('target', context));
  return selection && { instances: selection.instances, ...chosenOf({ target: selection }) };
}

/** Whoever is chosen for one end is not, by that, chosen for the other. */
function selectionContext(end: string, { topology, seed, step, roles = new Map(), complain }: TargetContext): SelectionContext {
  const draw = keyedDraw({ seed, faultId: step });
  return { topology, roles, complain, draw: (name) => draw(`${end}:${name}`, 0) };
}

function chosenOf(selections: Readonly<Record<string, Selection>>): Chosen {
  const all = Object.entries(selections);
  return {
    chosen: all.flatMap(([end, { instances, openRole, why }]) => {
      if (openRole !== undefined) return [`${end}: whoever turns out to be ${openRole} of ${instances.join(', ')}`];
      return why === undefined ? [] : [`${end}: ${instances.join(', ')}: ${why}`];
    }),
    openRoles: [...new Set(all.flatMap(([, { openRole }]) => openRole ?? []))],
  };
}
