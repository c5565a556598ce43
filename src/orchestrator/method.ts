/**
 * Carries out the steps of a method: each starts when the steps named in its `startAfter` have ended. What a step does is
 * the business of its kind.
 */
import { reasonOf } from '../core/errors.js';
import type { Plan, PlannedStep } from '../experiment/plan.js';
import { DeadlineWatch } from './deadline-watch.js';
import { stepKinds } from './steps/catalog.js';
import type { StepPorts } from './steps/step-kind.js';

/**
 * Resolves when all steps have ended. The first failure, or the signal, stops the others; it rejects when none is under way any more, so that
 * whoever heals afterwards is not overtaken by an injection.
 */
export async function carryOut(
  ports: StepPorts,
  { steps, deadlines }: Pick<Plan, 'steps' | 'deadlines'>,
  signal: AbortSignal,
): Promise<void> {
  const failure = new AbortController();
  const stop = AbortSignal.any([signal, failure.signal]);
  const ends = new Map<string, Promise<void>>();
  using watch = new DeadlineWatch(ports.clock, deadlines, (passed) => failure.abort(passed));
  const endOf = (name: string): Promise<void> => {
    const known = ends.get(name);
    if (known !== undefined) return known;
    const step = steps.find((s) => s.name === name);
    if (step === undefined) throw new Error(`the plan names a step that it does not have: ${name}`);
    const end = Promise.all(step.startAfter.map(endOf)).then(() => {
      watch.started(name);
      return carryOutStep(ports, step, stop);
    });
    ends.set(name, end);
    return end;
  };
  const all = steps.map((step) => endOf(step.name));
  for (const [i, end] of all.entries()) {
    end.then(
      () => watch.ended(steps[i]?.name ?? ''),
      (error: unknown) => failure.abort(error),
    );
  }
  await Promise.allSettled(all);
  stop.throwIfAborted();
}

async function carryOutStep(ports: StepPorts, step: PlannedStep, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const kind = stepKinds.get(step.kind);
  if (kind === undefined) throw new Error(`the plan names a kind of step that there is none of: ${step.kind}`);
  ports.journal.append({ type: 'stepStarted', step: step.name });
  try {
    await kind.carryOut(step, ports, signal);
    ports.journal.append({ type: 'stepEnded', step: step.name, outcome: 'completed' });
  } catch (error) {
    ports.journal.append({ type: 'stepEnded', step: step.name, outcome: signal.aborted ? 'stopped' : 'error', reason: reasonOf(error) });
    throw error;
  }
}
