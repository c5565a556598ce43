/** When each step starts and ends if nothing holds it up, counted from the start of the method. A step starts when the last of its `startAfter` has ended. */
import type { Plan, PlannedStep } from './plan.js';

export interface TimedStep {
  step: PlannedStep;
  fromMs: number;
  toMs: number;
}

/** In the order of the file. */
export function timeline(steps: readonly PlannedStep[]): readonly TimedStep[] {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const ends = new Map<string, number>();
  const pending = new Set(byName.keys());
  // Steps may stand in any order; each round settles those whose predecessors are settled. Plans have no circles.
  while (pending.size > 0) {
    const ready = [...pending].filter((name) => byName.get(name)?.startAfter.every((earlier) => !pending.has(earlier)));
    if (ready.length === 0) break;
    for (const name of ready) {
      const step = byName.get(name);
      if (step !== undefined) ends.set(name, startOf(step, ends) + step.takesMs);
      pending.delete(name);
    }
  }
  return steps.map((step) => {
    const fromMs = startOf(step, ends);
    return { step, fromMs, toMs: fromMs + step.takesMs };
  });
}

function startOf(step: PlannedStep, ends: ReadonlyMap<string, number>): number {
  return Math.max(0, ...step.startAfter.map((earlier) => ends.get(earlier) ?? 0));
}

/** Length of the method alone. */
export function methodDurationMs(plan: Plan): number {
  return Math.max(0, ...timeline(plan.steps).map(({ toMs }) => toMs));
}

/** Warm-up, baseline, method and settling together; starting and stopping services comes on top. */
export function planDurationMs(plan: Plan): number {
  return (plan.load?.warmUpMs ?? 0) + plan.baselineMs + methodDurationMs(plan) + plan.settleMs;
}
