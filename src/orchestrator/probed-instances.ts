/** Instances as probes see them: what the plan says of each, and what the run knows of it now. */
import type { Plan } from '../experiment/plan.js';
import type { LiveProcess } from '../journal/store.js';
import type { ProbedInstance } from './probes/probe.js';

export interface Look {
  address(instance: string): string;
  process(instance: string): LiveProcess | undefined;
  /** How often the run has started it. */
  starts(instance: string): number;
}

/** Of a service, or the one instance named. */
export function probedInstances({ services }: Pick<Plan, 'services'>, target: string, look: Look): readonly ProbedInstance[] {
  return services.flatMap(({ name: service, instances, ready }) =>
    instances
      .filter(({ name }) => name === target || service === target)
      .map(({ name }) => ({
        name,
        address: look.address(name),
        readyPath: ready.path,
        process: look.process(name),
        restarts: Math.max(0, look.starts(name) - 1),
      })),
  );
}
