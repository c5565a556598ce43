/** Some faults can only act on a process that was started for it: which instances those are, from the steps of the plan and from what people may do by a click. */
import type { Catalog } from '../../core/catalog.js';
import type { ProcessNeed } from '../../dataplane/faults/process-fault.js';
import type { AnyFault } from '../../dataplane/faults/topology-fault.js';
import type { RecordedPlay } from '../../journal/recorded-play.js';
import type { PlannedInstance, PlannedService, PlannedStep } from '../plan.js';

export function withNeeds(
  services: readonly PlannedService[],
  { steps, play, faults }: { steps: readonly PlannedStep[]; play: Pick<RecordedPlay, 'acts'> | undefined; faults: Catalog<AnyFault> },
): readonly PlannedService[] {
  const needs = new Map<string, Set<ProcessNeed>>();
  const note = (type: string, instances: readonly string[]): void => {
    const definition = faults.get(type);
    if (definition?.protocol !== 'process' || definition.needs === undefined) return;
    for (const instance of instances) needs.set(instance, (needs.get(instance) ?? new Set()).add(definition.needs));
  };
  for (const { fault } of steps) if (fault !== undefined) note(fault.performs, fault.processes ?? []);
  for (const { service, fault } of play?.acts ?? []) {
    note(fault.type, services.find(({ name }) => name === service)?.instances.map(({ name }) => name) ?? []);
  }
  const equipped = (instance: PlannedInstance): PlannedInstance => {
    const own = needs.get(instance.name);
    return own === undefined ? instance : { ...instance, needs: [...own] };
  };
  return services.map((service) => ({ ...service, instances: service.instances.map(equipped) }));
}
