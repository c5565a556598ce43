/** The load of a plan on the instances that a run has brought up, and what is written down when it has ended. */
import type { Clock } from '../core/clock.js';
import type { Plan } from '../experiment/plan.js';
import type { Exchange } from '../journal/observations.js';
import type { JournalWriter } from '../journal/writer.js';
import { LoadGenerator } from './workloads/workload.js';

export interface LoadPorts {
  clock: Clock;
  /** `host:port` of an instance. */
  addressOf(instance: string): string;
  onExchange(exchange: Exchange): void;
}

/** Undefined for a plan without a load. Rejects with WORKLOAD_FAILED. */
export async function startLoad({ load, services, recorded }: Plan, ports: LoadPorts): Promise<LoadGenerator | undefined> {
  if (load === undefined) return undefined;
  const targetsOf = (name: string): { instance: string; address: string }[] => {
    const instances = services.find((service) => service.name === name)?.instances ?? [];
    return instances.map((instance) => ({ instance: instance.name, address: ports.addressOf(instance.name) }));
  };
  const scenarios = load.scenarios.map((s) => ({ ...s, requests: [...s.requests], targets: targetsOf(s.service) }));
  return LoadGenerator.start({
    config: { ...load, scenarios, seed: recorded.seed },
    onExchanges: (batch) => {
      for (const exchange of batch) ports.onExchange(exchange);
    },
    clock: ports.clock,
  });
}

/** Ends the load and writes down its figures. */
export async function endLoad(load: LoadGenerator, journal: JournalWriter): Promise<void> {
  const { lost, ...summary } = await load.stop();
  if (lost > 0) journal.append({ type: 'observationsLost', count: lost, reason: 'the load generator’s stream is bounded' });
  journal.append({ type: 'loadEnded', ...summary });
}
