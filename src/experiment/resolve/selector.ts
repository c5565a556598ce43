/**
 * Whom a selector means. Chance is a draw for each instance, keyed by the step and by what is chosen for, so the same seed chooses the same, and a
 * smaller share lies inside a larger. Nobody meant is an error that says who there is.
 */

import type { Path } from '../../core/document-path.js';
import { didYouMean, listed } from '../../core/suggest.js';
import type { Complain } from '../problem.js';
import type { SelectorText } from '../schema/selector.js';
import type { Topology } from './topology.js';

/** Role → the instances that hold it. A role that is not in it is not known yet. */
export type RoleHolders = ReadonlyMap<string, readonly string[]>;

export interface SelectionContext {
  topology: Topology;
  roles: RoleHolders;
  /** In [0, 1), the same for the same name. */
  draw(name: string): number;
  complain: Complain;
}

export interface Selection {
  /** Names of instances, in the order of the topology; while a role is open, whoever may come to hold it. */
  instances: readonly string[];
  /** The role that has to be asked for. */
  openRole?: string;
  /** How they were chosen, where that is more than their name. */
  why?: string;
}

/** Undefined: it means nobody, and that was said. */
export function selectInstances(selector: SelectorText, path: Path, context: SelectionContext): Selection | undefined {
  const named = namedInstances(selector, path, context);
  const inRole = named && withRole(selector, { named, path, context });
  if (inRole === undefined) return undefined;
  const fitting = inRole.instances.filter((name) => hasLabels(name, selector.labels, context.topology));
  if (fitting.length === 0) {
    context.complain(path, `nobody fits: ${saidOf(selector)}; ${whoThereIs(inRole.instances, selector, context.topology)}`);
    return undefined;
  }
  if (inRole.openRole !== undefined) return { instances: fitting, openRole: inRole.openRole, why: saidOf(selector) };
  const wanted = wantedOf(selector, fitting.length);
  if (wanted === 0 || wanted > fitting.length) {
    context.complain(path, `expected ${wanted === 0 ? 'a share of somebody' : `${wanted} instances`}, found ${listed(fitting)}`);
    return undefined;
  }
  if (wanted === fitting.length) return { instances: fitting, ...(isPlain(selector) ? {} : { why: saidOf(selector) }) };
  const drawn = new Set(fitting.toSorted((a, b) => context.draw(a) - context.draw(b)).slice(0, wanted));
  return {
    instances: fitting.filter((name) => drawn.has(name)),
    why: `${wanted} of ${fitting.length} (${saidOf(selector)}), drawn by the seed`,
  };
}

/** Whether it says nothing that names do not say. */
function isPlain({ labels, role, count, percentage }: SelectorText): boolean {
  return role === undefined && count === undefined && percentage === undefined && Object.keys(labels).length === 0;
}

function wantedOf({ count, percentage }: SelectorText, fitting: number): number {
  if (count !== undefined) return count;
  return percentage === undefined ? fitting : Math.ceil((fitting * percentage) / 100);
}

/** In the order of the topology, each once. */
function namedInstances(selector: SelectorText, path: Path, { topology, complain }: SelectionContext): readonly string[] | undefined {
  const all = [...topology.serviceOf.keys()];
  if (selector.names.length === 0) return all;
  const matchers = selector.names.map((text) => nameMatcher(text, path, { topology, complain }));
  if (matchers.includes(undefined)) return undefined;
  return all.filter((instance) => matchers.some((matches) => matches?.(instance)));
}

/** `*`, `service`, `service/*` or `service/instance`. Undefined: it names nothing, and that was said. */
function nameMatcher(
  text: string,
  path: Path,
  { topology, complain }: Pick<SelectionContext, 'topology' | 'complain'>,
): ((instance: string) => boolean) | undefined {
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
  if (instanceName === '*' && rest.length === 0) return (instance) => topology.serviceOf.get(instance) === service;
  const names = service.instances.map((instance) => instance.name);
  if (rest.length > 0 || !names.includes(instanceName)) {
    const shown = [instanceName, ...rest].join('/');
    complain(path, `${service.name} has no instance "${shown}"${didYouMean(shown, names)}`);
    return undefined;
  }
  return (instance) => instance === instanceName;
}

function withRole(
  { role }: SelectorText,
  { named, path, context }: { named: readonly string[]; path: Path; context: SelectionContext },
): Pick<Selection, 'instances' | 'openRole'> | undefined {
  if (role === undefined) return { instances: named };
  const { topology, roles, complain } = context;
  const planned = topology.roles.get(role);
  if (planned === undefined) {
    complain([...path, 'role'], `unknown role "${role}"${didYouMean(role, [...topology.roles.keys()])} (see topology.roles)`);
    return undefined;
  }
  const holders = roles.get(role);
  if (holders !== undefined) return { instances: named.filter((name) => holders.includes(name)) };
  return { instances: named.filter((name) => topology.serviceOf.get(name)?.name === planned.service), openRole: role };
}

function hasLabels(instance: string, wanted: Readonly<Record<string, string>>, topology: Topology): boolean {
  const labels = labelsOf(instance, topology);
  return Object.entries(wanted).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

function labelsOf(instance: string, topology: Topology): Readonly<Record<string, string>> {
  return topology.serviceOf.get(instance)?.instances.find(({ name }) => name === instance)?.labels ?? {};
}

/** `payments with zone a, leader` */
export function saidOf({ names, labels, role, count, percentage }: SelectorText): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key} ${value}`);
  const who = [names.join(' '), role].filter((part) => part !== undefined && part !== '').join(' ');
  const said = [who, ...(pairs.length > 0 ? [`with ${pairs.join(' and ')}`] : [])].filter((part) => part !== '').join(' ');
  const share = count === undefined ? percentage && `${percentage} %` : `${count}`;
  return share === undefined ? said : `${share} of ${said}`;
}

function whoThereIs(instances: readonly string[], { labels, role }: SelectorText, topology: Topology): string {
  if (instances.length === 0) return `nobody${role === undefined ? '' : ` who is ${role}`} is among them`;
  const keys = Object.keys(labels);
  const described = instances.map((name) => {
    const own = labelsOf(name, topology);
    return `${name} (${keys.map((key) => `${key} ${own[key] ?? '–'}`).join(', ')})`;
  });
  return `there are: ${listed(described)}`;
}
