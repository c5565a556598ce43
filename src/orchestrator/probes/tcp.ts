/** Connects to each instance directly, past its links. An accepted connection says that somebody listens, not that anybody answers: ask `http` for readiness. */
import { z } from 'zod';
import { dial } from '../services/dial.js';
import { defineProbe } from './probe.js';

export const tcp = defineProbe({
  name: 'tcp',
  summary: 'Opens a TCP connection to every instance of a service and closes it again: liveness, not readiness.',
  schema: z.strictObject({
    target: z.strictObject({ to: z.string() }).meta({ description: 'service or instance to connect to' }),
    tolerance: z.enum(['accepted', 'refused']).default('accepted').meta({
      description: 'that every instance accepts, or that none does',
    }),
  }),
  example: { target: { to: 'payments' } },
  expectation: ({ target, tolerance }) => `connections to ${target.to} are ${tolerance}`,
  run: async ({ target, tolerance }, ports, signal) => {
    const addresses = ports.addresses(target.to);
    if (addresses.length === 0) return { met: null, value: null, detail: `${target.to} has no instance to connect to` };
    const answers = await Promise.all(addresses.map(async (address) => ({ address, problem: await dial(address, { signal }) })));
    const accepted = answers.filter(({ problem }) => problem === undefined).length;
    const met = tolerance === 'accepted' ? accepted === answers.length : accepted === 0;
    const told = answers.find(({ problem }) => (problem === undefined) !== (tolerance === 'accepted')) ?? answers[0];
    return { met, value: accepted, detail: `${accepted} of ${answers.length} accepted; ${told?.address}: ${told?.problem ?? 'accepted'}` };
  },
});
