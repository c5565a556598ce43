/** What a probe may look at, with nothing there but what a test puts there. */
import type { ProbePorts } from '../../src/orchestrator/probes/probe.js';

export function probing(given: Partial<ProbePorts> = {}): ProbePorts {
  return {
    recent: () => [],
    baseline: () => [],
    addresses: () => [],
    instances: () => [],
    processes: () => [],
    mark: () => ({}),
    ...given,
  };
}
