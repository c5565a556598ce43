/**
 * Asks each instance what the plan calls ready: its `ready.path`, or a connection where there is none. An instance may be alive and not ready; whoever
 * restarts what is not ready makes a slow start slower.
 */
import { z } from 'zod';
import { ask } from '../services/ask.js';
import { dial } from '../services/dial.js';
import { defineProbe, type ProbedInstance } from './probe.js';

export const readiness = defineProbe({
  name: 'readiness',
  summary: 'Asks whether every instance of a service can work, in the way that the service itself declares: readiness, not liveness.',
  schema: z.strictObject({
    target: z.strictObject({ to: z.string() }).meta({ description: 'service or instance to ask' }),
    tolerance: z.enum(['ready', 'notReady']).default('ready').meta({ description: 'what every instance must be' }),
  }),
  example: { target: { to: 'payments' } },
  expectation: ({ target, tolerance }) => `every instance of ${target.to} is ${tolerance === 'ready' ? 'ready' : 'not ready'}`,
  run: async ({ target, tolerance }, ports, signal) => {
    const asked = await Promise.all(
      ports.instances(target.to).map(async (instance) => ({ name: instance.name, problem: await whyNotReady(instance, signal) })),
    );
    if (asked.length === 0) return { met: null, value: null, detail: `${target.to} has no instance to ask` };
    const ready = asked.filter(({ problem }) => problem === undefined).length;
    const told = asked.find(({ problem }) => (problem === undefined) !== (tolerance === 'ready'));
    const detail = `${ready} of ${asked.length} ready${told === undefined ? '' : `; ${told.name}: ${told.problem ?? 'ready'}`}`;
    return { met: told === undefined, value: ready, detail };
  },
});

async function whyNotReady({ address, readyPath: path }: ProbedInstance, signal: AbortSignal): Promise<string | undefined> {
  if (path === undefined) return dial(address, { signal });
  const { status, detail } = await ask({ address, path, signal });
  return status >= 200 && status < 300 ? undefined : detail;
}
