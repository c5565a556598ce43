/** Some faults can only act on a process that was started for it: which instances those are, from the steps of the plan. */
import type { Catalog } from '../../core/catalog.js';
import type { ProcessNeed } from '../../dataplane/faults/process-fault.js';
import type { AnyFault } from '../../dataplane/faults/topology-fault.js';
import type { PlannedInstance, PlannedService, PlannedStep } from '../plan.js';

export function withNeeds(
  services: readonly PlannedService[],
  { steps, faults }: { steps: readonly PlannedStep[]; faults: Catalog<AnyFault> },
): readonly PlannedService[] {
  const needs = new Map<string, Set<ProcessNeed>>();
  for (const { fault } of steps) {
    const definition = fault === undefined ? undefined : faults.get(fault.performs);
    if (definition?.protocol !== 'process' || definition.needs === undefined) continue;
    for (const instance of fault?.processes ?? []) needs.set(instance, (needs.get(instance) ?? new Set()).add(definition.needs));
  }
  const equipped = (instance: PlannedInstance): PlannedInstance => {
    const own = needs.get(instance.name);
    return own === undefined ? instance : { ...instance, needs: [...own] };
  };
  return services.map((service) => ({ ...service, instances: service.instances.map(equipped) }));
}
