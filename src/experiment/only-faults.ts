/** The same plan with some of its faults alone. A step whose fault is left out waits for as long, so that all others come when they came before. Nobody is told: it is a trial. */
import type { Plan, PlannedStep } from './plan.js';

export function onlyFaults({ notify: _notify, ...plan }: Plan, kept: readonly string[]): Plan {
  const steps = plan.steps.map((step) => (kept.includes(step.name) ? step : withoutFault(step)));
  const recorded = plan.recorded.steps.map((step) => {
    if (step.fault === undefined || kept.includes(step.name)) return step;
    return { name: step.name, kind: 'wait', startAfter: step.startAfter, summary: 'wait' };
  });
  // With fewer faults it is no run that could be compared with whole ones.
  return { ...plan, steps, recorded: { ...plan.recorded, steps: recorded }, report: { formats: plan.report.formats } };
}

function withoutFault({ fault, ...step }: PlannedStep): PlannedStep {
  return fault === undefined ? step : { ...step, kind: 'wait', params: { waitMs: fault.durationMs }, summary: 'wait' };
}
