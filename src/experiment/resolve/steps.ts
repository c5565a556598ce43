/** The method’s steps: unfolded, without a circle, each made into what is carried out. */
import assert from 'node:assert/strict';
import type { Path } from '../../core/document-path.js';
import { listed } from '../../core/suggest.js';
import { formatMs } from '../../core/units.js';
import type { AnyFault } from '../../dataplane/faults/topology-fault.js';
import type { PlannedDeadline, PlannedLoad, PlannedProbe, PlannedStep } from '../plan.js';
import type { Complain } from '../problem.js';
import type { FaultText } from '../schema/fault.js';
import type { Placed } from '../schema/game-day.js';
import type { StepText } from '../schema/method.js';
import { timeline } from '../timeline.js';
import type { FaultContext } from './fault.js';
import type { ProbeContext } from './probes.js';
import { checkSnapshots, type StepPlace } from './snapshots.js';
import { staggered } from './stagger.js';
import { type FlatStep, type Node, namesOf, type Unfolded, unfold } from './unfold.js';

const FAULT = 'fault';

/** The fault of another step that a step does something to, and where that is named. */
export interface FaultInUse {
  step: string;
  path: Path;
  /** What it holds is let go: only some kinds of fault hold anything. */
  isReleased?: true;
}

/** `shortFor`: the key that the step was made of, where nobody wrote the step itself. */
type MethodStep = FlatStep & { shortFor?: Path };

interface Resolved extends StepPlace {
  whileOn?: FaultInUse;
}

/** What steps may refer to. */
export interface MethodContext extends FaultContext, ProbeContext {
  planned: { load: PlannedLoad | undefined; probes: readonly PlannedProbe[] };
}

export interface ResolvedMethod {
  steps: readonly PlannedStep[];
  deadlines: readonly PlannedDeadline[];
  /** The fault steps that a name stands for; complains of what there is not. */
  faultsNamed(name: string, at: Path): readonly string[];
  /** The steps that a name stands for, a group's all of its own; complains of an unknown one. */
  stepsNamed(name: string, at: Path): readonly string[];
}

export function resolveMethod(method: readonly Placed<StepText>[], context: MethodContext): ResolvedMethod {
  const { complain } = context;
  const unfolded = unfold(method, {
    ...context,
    expand: (text, { name, path }) => staggered(text, { path, context: { ...context, step: name } }),
  });
  const flat: readonly MethodStep[] = [...unfolded.steps, ...unfolded.steps.flatMap((step) => releaseOf(step, unfolded))];
  const isInOrder = checkOrder(flat, complain);
  const resolved = flat.flatMap((step) => resolveStep(step, unfolded, context) ?? []);
  const steps = resolved.map(({ step }) => step);
  const isWhole = isInOrder && resolved.length === flat.length;
  if (isWhole) checkWhileOn(resolved, context);
  if (isWhole) checkSnapshots(resolved, { faults: context.catalogs.faults, plane: context.plane, complain });
  if (isWhole) checkDeadlines(unfolded, { steps, complain });
  return {
    steps,
    deadlines: unfolded.deadlines.map(({ node, steps: meant, deadlineMs }) => ({ name: node.name, steps: meant, deadlineMs })),
    faultsNamed: (name, at) => faultsAmong(unfolded.stepsNamed(name, at), { name, at, complain }),
    stepsNamed: (name, at) => unfolded.stepsNamed(name, at).map((node) => node.name),
  };
}

/** `releaseAfter` of a fault as the step that it is short for. It stands where the fault stands. */
function releaseOf({ node, act, startAfter }: FlatStep, { stepsNamed }: Unfolded): MethodStep[] {
  const { releaseAfter } = (act.kind === FAULT ? act.given : {}) as Partial<FaultText>;
  if (releaseAfter === undefined) return [];
  const shortFor = [...node.path, FAULT, 'releaseAfter'];
  const before = stepsNamed(releaseAfter, shortFor, node).map(({ name }) => name);
  const own: Node = { ...node, name: `${node.name}.release` };
  const inOrder = [...new Set([...startAfter, ...before])];
  return [{ node: own, act: { kind: 'release', given: { step: node.name } }, startAfter: inOrder, shortFor }];
}

function resolveStep({ node, act, startAfter, shortFor }: MethodStep, unfolded: Unfolded, context: MethodContext): Resolved | undefined {
  const { complain, catalogs } = context;
  const kind = catalogs.steps.get(act.kind);
  assert(kind !== undefined, 'the schema knows the kinds of the catalog and no other');
  const resolved = kind.resolve(act.given, {
    ...context,
    step: node.name,
    path: [...node.path, act.kind],
    stepsNamed: (name, at) => unfolded.stepsNamed(name, at, node).map((found) => found.name),
    faultsNamed: (name, at) => faultsAmong(unfolded.stepsNamed(name, at, node), { name, at, complain }),
    faultNamed: (name, at) => faultNamed(unfolded.stepsNamed(name, at, node), { name, at, complain }),
  });
  if (resolved === undefined) return undefined;
  const { whileOn: used, ...step } = resolved;
  const whileOn = used && { ...used, path: shortFor ?? used.path };
  return { step: { name: node.name, startAfter, kind: act.kind, ...step }, path: node.path, ...(whileOn && { whileOn }) };
}

function isFault({ text }: Node): boolean {
  return text.act.kind === FAULT;
}

function faultsAmong(nodes: readonly Node[], { name, at, complain }: { name: string; at: Path; complain: Complain }): readonly string[] {
  const faults = nodes.filter(isFault);
  if (nodes.length > 0 && faults.length === 0) complain(at, `expected a fault step, but "${name}" injects nothing`);
  return faults.map((node) => node.name);
}

function faultNamed(nodes: readonly Node[], given: { name: string; at: Path; complain: Complain }): string | undefined {
  const [only, ...more] = faultsAmong(nodes, given);
  if (more.length > 0) given.complain(given.at, `"${given.name}" stands for several: ${namesOf(nodes.filter(isFault))}; name one of them`);
  return only;
}

/** What is not on holds nothing, and cannot be healed. */
function checkWhileOn(resolved: readonly Resolved[], { catalogs: { faults }, complain }: MethodContext): void {
  const timed = timeline(resolved.map(({ step }) => step));
  const rows = new Map(timed.map((row) => [row.step.name, row]));
  for (const [i, { step, whileOn }] of resolved.entries()) {
    const fault = whileOn && rows.get(whileOn.step);
    const fromMs = timed[i]?.fromMs ?? 0;
    if (whileOn === undefined || fault === undefined) continue;
    const { type = '', performs = '' } = fault.step.fault ?? {};
    if (whileOn.isReleased && !isReleasable(faults.get(performs))) {
      const others = faults.all.filter(isReleasable).map(({ name }) => name);
      complain(whileOn.path, `expected a fault that holds messages (${listed(others)}), but ${fault.step.name} is of type ${type}`);
      continue;
    }
    const because = `when ${step.name} is due: there is nothing to ${step.kind}`;
    if (fromMs < fault.fromMs) complain(whileOn.path, `${fault.step.name} has not begun ${because}`);
    else if (fromMs >= fault.toMs) complain(whileOn.path, `${fault.step.name} has ended ${because}`);
  }
}

function isReleasable(definition: AnyFault | undefined): boolean {
  return definition?.protocol === 'http' && definition.isReleasable === true;
}

/** A deadline that cannot be met would stop every run. */
function checkDeadlines({ deadlines }: Unfolded, { steps, complain }: { steps: readonly PlannedStep[]; complain: Complain }): void {
  const rows = new Map(timeline(steps).map((row) => [row.step.name, row]));
  for (const { node, steps: meant, deadlineMs } of deadlines) {
    const own = meant.flatMap((name) => rows.get(name) ?? []);
    const takesMs = Math.max(...own.map(({ toMs }) => toMs)) - Math.min(...own.map(({ fromMs }) => fromMs));
    if (takesMs <= deadlineMs) continue;
    complain([...node.path, 'deadline'], `cannot be met: ${node.name} takes ${formatMs(takesMs)}, found ${formatMs(deadlineMs)}`);
  }
}

function checkOrder(steps: readonly FlatStep[], complain: Complain): boolean {
  const names = new Set(steps.map(({ node }) => node.name));
  // Two steps of one name look like a circle when one waits for the other.
  const circle = names.size === steps.length ? findCircle(steps) : undefined;
  if (circle === undefined) return true;
  const node = steps.find((step) => step.node.name === circle[0])?.node;
  const waiting = node?.within.find(({ text }) => text.startAfter.length > 0) ?? node;
  complain([...(waiting?.path ?? ['method']), 'startAfter'], `these steps wait for each other: ${circle.join(' -> ')}`);
  return false;
}

/** Step names from one back to itself, following `startAfter`; undefined if there is no circle. Iterative: a plan may chain a thousand steps. */
function findCircle(steps: readonly FlatStep[]): readonly string[] | undefined {
  const waiting = new Map(steps.map(({ node, startAfter }) => [node.name, new Set(startAfter)]));
  for (let removed = true; removed; ) {
    removed = false;
    for (const [name, before] of waiting) {
      if ([...before].some((earlier) => waiting.has(earlier))) continue;
      waiting.delete(name);
      removed = true;
    }
  }
  // Every step that is left waits for another that is left, so the walk must come back to where it has been.
  const walk: string[] = [];
  let current = waiting.keys().next().value;
  while (current !== undefined && !walk.includes(current)) {
    walk.push(current);
    current = [...(waiting.get(current) ?? [])].find((earlier) => waiting.has(earlier));
  }
  return current === undefined ? undefined : [...walk.slice(walk.indexOf(current)), current];
}
