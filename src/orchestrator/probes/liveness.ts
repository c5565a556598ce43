/**
 * Looks whether each instance lives: its process runs and was not started anew. One that was restarted answers again, and everything that it had in
 * memory is gone, which a question to its port would not tell. Where there is no process to look at, somebody who accepts is alive.
 */
import { z } from 'zod';
import { dial } from '../services/dial.js';
import { conditionOf } from '../services/processes.js';
import { defineProbe, type ProbedInstance } from './probe.js';

export const liveness = defineProbe({
  name: 'liveness',
  summary: 'Looks whether every instance of a service is alive, and has not been restarted since the run began: liveness, not readiness.',
  schema: z.strictObject({
    target: z.strictObject({ to: z.string() }).meta({ description: 'service or instance to look at' }),
    restartsMax: z.int().min(0).max(1_000).default(0).meta({ description: 'restarts of an instance in this run that are forgiven' }),
  }),
  example: { target: { to: 'payments' } },
  seesProcesses: true,
  expectation: ({ target, restartsMax }) =>
    `every instance of ${target.to} lives${restartsMax === 0 ? ', never restarted' : `, restarted ${restartsMax} times at most`}`,
  run: async ({ target, restartsMax }, ports, signal) => {
    const looked = await Promise.all(
      ports.instances(target.to).map(async (instance) => ({ ...instance, problem: await whyDead(instance, { restartsMax, signal }) })),
    );
    if (looked.length === 0) return { met: null, value: null, detail: `${target.to} has no instance to look at` };
    const alive = looked.filter(({ problem }) => problem === undefined).length;
    const told = looked.find(({ problem }) => problem !== undefined);
    const detail = `${alive} of ${looked.length} alive${told === undefined ? '' : `; ${told.name}: ${told.problem}`}`;
    return { met: told === undefined, value: alive, detail };
  },
});

/** A process that SIGSTOP holds is alive for the system, and dead for whoever waits for it. */
async function whyDead(
  { address, process, restarts }: ProbedInstance,
  { restartsMax, signal }: { restartsMax: number; signal: AbortSignal },
): Promise<string | undefined> {
  if (process === undefined) return dial(address, { signal });
  const condition = conditionOf(process);
  if (condition !== 'running') return `its process (pid ${process.pid}) is ${condition}`;
  return restarts > restartsMax ? `it was restarted ${restarts === 1 ? 'once' : `${restarts} times`}` : undefined;
}
