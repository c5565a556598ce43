/** The method’s steps: names unique, every `startAfter` known, no circle, faults resolved. */

import type { Path } from '../../core/document-path.js';
import { didYouMean } from '../../core/suggest.js';
import type { PlannedStep } from '../plan.js';
import type { Complain } from '../problem.js';
import type { StepText } from '../schema/method.js';
import { timeline } from '../timeline.js';
import { type FaultContext, resolveFault } from './fault.js';

export function resolveSteps(steps: readonly StepText[], context: FaultContext): readonly PlannedStep[] {
  checkOrder(steps, context.complain);
  const planned = steps.flatMap(({ name, startAfter, wait, release, fault: text }, i): PlannedStep[] => {
    if (release !== undefined) return [{ name, startAfter, action: { kind: 'release', ...release } }];
    if (text === undefined) return [{ name, startAfter, action: { kind: 'wait', waitMs: wait ?? 0 } }];
    const fault = resolveFault(text, ['method', i, 'fault'], context);
    return fault === undefined ? [] : [{ name, startAfter, action: { kind: 'fault', fault } }];
  });
  if (planned.length === steps.length) checkReleases(planned, context.complain);
  return planned;
}

/** What is not on holds nothing. */
function checkReleases(steps: readonly PlannedStep[], complain: Complain): void {
  const timed = timeline(steps);
  for (const [i, { step, fromMs }] of timed.entries()) {
    if (step.action.kind !== 'release') continue;
    const { step: wanted } = step.action;
    const path = ['method', i, 'release', 'step'];
    const fault = timed.find((candidate) => candidate.step.name === wanted);
    const names = timed.filter((candidate) => candidate.step.action.kind === 'fault').map((candidate) => candidate.step.name);
    if (fault?.step.action.kind !== 'fault') complain(path, `expected a fault step, found "${wanted}"${didYouMean(wanted, names)}`);
    else if (fromMs < fault.fromMs) complain(path, `${wanted} has not begun when ${step.name} is due: there is nothing to let go`);
    else if (fromMs >= fault.toMs) complain(path, `${wanted} has ended when ${step.name} is due: there is nothing to let go`);
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
