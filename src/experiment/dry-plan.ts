/**
 * The same plan as a rehearsal: everything is brought up and every fault looks at what passes and counts, but none hits anybody. What a
 * reader gets wrong: a dry run proves nothing of the system under test, and the judge lets no promise pass by it.
 */
import type { Plan, PlannedFault, PlannedStep } from './plan.js';

export function dryPlan(plan: Plan): Plan {
  return { ...plan, recorded: { ...plan.recorded, isDry: true }, steps: plan.steps.map(dryStep) };
}

function dryStep(step: PlannedStep): PlannedStep {
  const { params, rehearsed = params, fault } = step;
  return { ...step, params: rehearsed, ...(fault !== undefined && { fault: dryFault(fault) }) };
}

/** A ramp would bring the share up again. */
function dryFault({ spec: { ramp: _ramp, ...spec }, ...fault }: PlannedFault): PlannedFault {
  return { ...fault, spec: { ...spec, percentage: 0 } };
}
