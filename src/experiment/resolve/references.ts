/**
 * Names inside the parameters of checks and probes. A catalog member says nothing about which of its parameters are names, so the key decides:
 * `during`, `after` and `step` name steps; `from` (or `load`), `to`, `at`, `below` and `notSentTo` services; `expect` instances of `to`; `probes` probes; `policy`
 * a declared policy.
 */

import type { Path } from '../../core/document-path.js';
import { didYouMean, listed } from '../../core/suggest.js';
import { LOAD } from '../../journal/observations.js';
import type { Complain } from '../problem.js';
import type { Experiment } from '../schema/experiment.js';
import type { ResolvedMethod } from './steps.js';
import type { Topology } from './topology.js';

export interface Known {
  topology: Topology;
  experiment: Experiment;
  complain: Complain;
}

/** Beside `to`, services that are called; `at` may be one instance too. */
const CALLEE_KEYS: ReadonlySet<string> = new Set(['at', 'below', 'notSentTo']);
const STEP_KEYS: ReadonlySet<string> = new Set(['during', 'after', 'step']);

/**
 * A check that names a step looks at the fault of that step: while it was on, or after it has ended. A group stands for the fault steps in it,
 * of which a list takes any number.
 */
export function withFaultSteps(params: unknown, path: Path, { method, complain }: { method: ResolvedMethod; complain: Complain }): unknown {
  if (params === null || typeof params !== 'object') return params;
  const named = (name: unknown, at: Path): readonly unknown[] => (typeof name === 'string' ? method.faultsNamed(name, at) : [name]);
  const entries = Object.entries(params).map(([key, value]: [string, unknown]) => {
    if (!STEP_KEYS.has(key)) return [key, value];
    if (Array.isArray(value)) return [key, value.flatMap((name: unknown, i) => named(name, [...path, key, i]))];
    const steps = named(value, [...path, key]);
    if (steps.length > 1) complain([...path, key], `"${String(value)}" stands for several: ${listed(steps.map(String))}; name one of them`);
    return [key, steps[0] ?? value];
  });
  return Object.fromEntries(entries);
}

export function checkCheckReferences(params: unknown, path: Path, known: Known): void {
  for (const { key, name, at } of namesIn(params, path)) {
    if (key === 'probes') {
      const probes = known.experiment.steadyState.probes.map((probe) => probe.name);
      if (!probes.includes(name)) known.complain(at, `unknown probe "${name}"${didYouMean(name, probes)}`);
    } else if (key === 'policy') {
      const policies = known.experiment.topology.policies.map((policy) => policy.name);
      if (!policies.includes(name)) known.complain(at, `unknown policy "${name}"${didYouMean(name, policies)}`);
    }
  }
  checkEnds(params, path, known, { instancesToo: false });
  const services = [...known.topology.byName.keys()];
  for (const { key, name, at } of namesIn(params, path)) {
    const candidates = key === 'at' ? [...services, ...known.topology.serviceOf.keys()] : services;
    if (CALLEE_KEYS.has(key) && !candidates.includes(name)) known.complain(at, `unknown service "${name}"${didYouMean(name, candidates)}`);
  }
}

/** A probe may look at one instance; a check judges services. */
export function checkProbeReferences(params: unknown, path: Path, known: Known): void {
  if (params === null || typeof params !== 'object' || !('target' in params)) return;
  checkEnds(params.target, [...path, 'target'], known, { instancesToo: true });
}

/** Defences are declared of services. */
export function checkPolicyEnds(ends: { from: string; to: string }, path: Path, known: Known): void {
  checkEnds(ends, path, known, { instancesToo: false });
}

function checkEnds(params: unknown, path: Path, known: Known, { instancesToo }: { instancesToo: boolean }): void {
  const { topology, complain } = known;
  const services = [...topology.byName.keys()];
  const candidates = instancesToo ? [...services, ...topology.serviceOf.keys()] : services;
  const names = namesIn(params, path);
  for (const { key, name, at } of names) {
    if (key === 'to' && !candidates.includes(name)) complain(at, `unknown service "${name}"${didYouMean(name, candidates)}`);
    if (key === 'from' && name !== LOAD && !candidates.includes(name)) {
      complain(at, `unknown service "${name}"${didYouMean(name, [...candidates, LOAD])}`);
    }
  }
  const from = names.find(({ key }) => key === 'from');
  const to = names.find(({ key }) => key === 'to');
  if (from !== undefined && to !== undefined) checkThereIsALink(from.name, to.name, path, known);
  const service = topology.byName.get(to?.name ?? '');
  if (service === undefined) return;
  const instances = service.instances.map((instance) => instance.name);
  for (const { key, name, at } of names) {
    if (key === 'expect' && !instances.includes(name))
      complain(at, `${service.name} has no instance "${name}"${didYouMean(name, instances)}`);
  }
}

/** Without a link nothing is seen, and a promise about nothing can never be kept or broken. */
function checkThereIsALink(from: string, to: string, path: Path, { topology, experiment, complain }: Known): void {
  const isEnd = (name: string, service: string, instance: string): boolean => name === service || name === instance;
  const isKnown = (name: string): boolean => topology.byName.has(name) || topology.serviceOf.has(name);
  if (from === LOAD) {
    if (experiment.load === undefined) complain([...path, 'from'], 'there is no load in this experiment; add `load:`');
    else if (isKnown(to) && isKnown(experiment.load.target) && !isLoadTarget(to, experiment.load.target, topology)) {
      complain([...path, 'to'], `the load calls ${experiment.load.target}, not ${to}`);
    }
    return;
  }
  if (!isKnown(from) || !isKnown(to)) return;
  if (topology.links.some((link) => isEnd(from, link.fromService, link.from) && isEnd(to, link.toService, link.to))) return;
  const there = new Set(topology.links.map((link) => `${link.fromService} -> ${link.toService}`));
  complain(path, `no link leads from ${from} to ${to}; there are: ${listed([...there])}`);
}

function isLoadTarget(name: string, target: string, topology: Topology): boolean {
  return name === target || topology.serviceOf.get(name)?.name === target;
}

interface NamedPart {
  key: string;
  name: string;
  at: Path;
}

/** The strings directly under each key, lists opened. */
function namesIn(params: unknown, path: Path): readonly NamedPart[] {
  if (params === null || typeof params !== 'object') return [];
  return Object.entries(params).flatMap(([key, value]): NamedPart[] => {
    if (typeof value === 'string') return [{ key, name: value, at: [...path, key] }];
    if (!Array.isArray(value)) return [];
    return value.flatMap((item: unknown, i) => (typeof item === 'string' ? [{ key, name: item, at: [...path, key, i] }] : []));
  });
}
