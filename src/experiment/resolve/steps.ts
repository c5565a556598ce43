/** The method’s steps: names unique, every `startAfter` known, no circle, faults resolved. */
import assert from 'node:assert/strict';
import type { Path } from '../../core/document-path.js';
import { didYouMean } from '../../core/suggest.js';
import type { PlannedStep } from '../plan.js';
import type { Complain } from '../problem.js';
import type { StepText } from '../schema/method.js';
import { timeline } from '../timeline.js';
import type { FaultContext } from './fault.js';

interface Resolved {
  step: PlannedStep;
  whileOn?: { step: string; path: Path };
}

export function resolveSteps(steps: readonly StepText[], context: FaultContext): readonly PlannedStep[] {
  checkOrder(steps, context.complain);
  const resolved = steps.flatMap((text, i) => resolveStep(text, ['method', i], context) ?? []);
  if (resolved.length === steps.length) checkWhileOn(resolved, context.complain);
  return resolved.map(({ step }) => step);
}

function resolveStep({ name, startAfter, kind, given }: StepText, path: Path, context: FaultContext): Resolved | undefined {
  const definition = context.catalogs.steps.get(kind);
  assert(definition !== undefined, 'the schema knows the kinds of the catalog and no other');
  const resolved = definition.resolve(given, { ...context, step: name, path: [...path, kind] });
  if (resolved === undefined) return undefined;
  const { whileOn, ...step } = resolved;
  return { step: { name, startAfter, kind, ...step }, ...(whileOn && { whileOn }) };
}

/** What is not on holds nothing, and cannot be healed. */
function checkWhileOn(resolved: readonly Resolved[], complain: Complain): void {
  const timed = timeline(resolved.map(({ step }) => step));
  const faults = new Map(timed.filter(({ step }) => step.fault !== undefined).map((row) => [row.step.name, row]));
  for (const [i, { step, whileOn }] of resolved.entries()) {
    if (whileOn === undefined) continue;
    const { step: wanted, path } = whileOn;
    const fromMs = timed[i]?.fromMs ?? 0;
    const fault = faults.get(wanted);
    if (fault === undefined) complain(path, `expected a fault step, found "${wanted}"${didYouMean(wanted, [...faults.keys()])}`);
    else if (fromMs < fault.fromMs) complain(path, `${wanted} has not begun when ${step.name} is due: there is nothing to ${step.kind}`);
    else if (fromMs >= fault.toMs) complain(path, `${wanted} has ended when ${step.name} is due: there is nothing to ${step.kind}`);
  }
}

function checkOrder(steps: readonly StepText[], complain: Complain): void {
  const names = steps.map((step) => step.name);
  const known = new Set(names);
  const seen = new Set<string>();
  for (const [i, { name, startAfter }] of steps.entries()) {
    if (seen.has(name)) complain(['method', i, 'name'], `two steps are named "${name}"`);
    seen.add(name);
    for (const [j, earlier] of startAfter.entries()) {
      if (known.has(earlier)) continue;
      complain(startAfterPath(i, j, startAfter), `unknown step "${earlier}"${didYouMean(earlier, names)}`);
    }
  }
  // Two steps of one name look like a circle when one waits for the other.
  const circle = known.size === steps.length ? findCircle(steps) : undefined;
  if (circle === undefined) return;
  const i = names.indexOf(circle[0] ?? '');
  complain(['method', i, 'startAfter'], `these steps wait for each other: ${circle.join(' -> ')}`);
}

/** `startAfter` may be written as one name: then there is no list to point into. */
function startAfterPath(step: number, index: number, all: readonly string[]): Path {
  return all.length === 1 ? ['method', step, 'startAfter'] : ['method', step, 'startAfter', index];
}

/** Step names from one back to itself, following `startAfter`; undefined if there is no circle. Iterative: a plan may chain a thousand steps. */
function findCircle(steps: readonly StepText[]): readonly string[] | undefined {
  const waiting = new Map(steps.map((step) => [step.name, new Set(step.startAfter)]));
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
