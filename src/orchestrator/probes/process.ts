/**
 * Looks at the processes that this run has started: one that was stopped (SIGSTOP) still holds its port and accepts connections, and only here
 * is it seen for what it is. Services that run elsewhere have no process that could be looked at.
 */
import { z } from 'zod';
import { conditionOf } from '../services/processes.js';
import { defineProbe } from './probe.js';

export const process = defineProbe({
  name: 'process',
  summary: 'Looks whether the process of every instance of a service runs, is stopped or is gone: liveness, not readiness.',
  schema: z.strictObject({
    target: z.strictObject({ to: z.string() }).meta({ description: 'service or instance, started by this run' }),
    tolerance: z.enum(['running', 'stopped', 'gone']).default('running').meta({ description: 'what every process must be' }),
  }),
  example: { target: { to: 'payments' } },
  seesProcesses: true,
  expectation: ({ target, tolerance }) => `every process of ${target.to} is ${tolerance}`,
  run: async ({ target, tolerance }, ports) => {
    const found = ports.processes(target.to).map((own) => ({ ...own, condition: conditionOf(own) }));
    if (found.length === 0) return { met: null, value: null, detail: `${target.to} has no process that this run has started` };
    const worst = found.find(({ condition }) => condition !== tolerance) ?? found[0];
    const matching = found.filter(({ condition }) => condition === tolerance).length;
    const detail = `${matching} of ${found.length} ${tolerance}; ${worst?.name} (pid ${worst?.pid}) is ${worst?.condition}`;
    return { met: matching === found.length, value: matching, detail };
  },
});
