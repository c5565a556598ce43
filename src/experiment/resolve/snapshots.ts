/** Stale data are those of a `snapshot` step: one has to have ended, by the plan, before the fault begins that wants its copy. */
import type { Catalog } from '../../core/catalog.js';
import type { Path } from '../../core/document-path.js';
import { listed } from '../../core/suggest.js';
import { actOf } from '../../dataplane/faults/process-fault.js';
import type { AnyFault } from '../../dataplane/faults/topology-fault.js';
import type { Plane } from '../../orchestrator/planes/plane.js';
import type { PlannedStep } from '../plan.js';
import type { Complain } from '../problem.js';
import { timeline } from '../timeline.js';

export interface StepPlace {
  step: PlannedStep;
  /** Where it stands in the file. */
  path: Path;
}

export function checkSnapshots(
  places: readonly StepPlace[],
  { faults, plane, complain }: { faults: Catalog<AnyFault>; plane: Pick<Plane, 'processesUnseen'>; complain: Complain },
): void {
  for (const { step, path } of places) {
    if (plane.processesUnseen === undefined || step.copies === undefined) continue;
    complain(path, `the run makes the copies itself, and ${plane.processesUnseen}: bring a stale instance up from data of its own instead`);
  }
  const timed = timeline(places.map(({ step }) => step));
  for (const [i, { step, path }] of places.entries()) {
    if (!wantsCopies(step, faults)) continue;
    const fromMs = timed[i]?.fromMs ?? 0;
    const copied = timed.flatMap((other) => (other.step !== step && other.toMs <= fromMs ? (other.step.copies ?? []) : []));
    const without = (step.fault?.processes ?? []).filter((instance) => !copied.includes(instance));
    if (without.length === 0) continue;
    complain(
      [...path, 'fault', 'value'],
      `expected a \`snapshot\` step before it, whose copy is the stale data; found none of ${listed(without)}`,
    );
  }
}

function wantsCopies({ fault }: PlannedStep, faults: Catalog<AnyFault>): boolean {
  const definition = fault && faults.get(fault.performs);
  if (fault === undefined || definition?.protocol !== 'process') return false;
  const act = actOf(definition, fault.spec.value);
  return act.kind === 'kill' && act.data === 'copy';
}
