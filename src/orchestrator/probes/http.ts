/** Asks each instance directly, past its links, and looks at the status of the answer. */
import { z } from 'zod';
import { ask } from '../services/ask.js';
import { defineProbe } from './probe.js';

const status = z.int().min(100).max(599);

export const http = defineProbe({
  name: 'http',
  summary: 'Sends one request to every instance of a service and judges the status of the answers.',
  schema: z.strictObject({
    target: z.strictObject({ to: z.string() }).meta({ description: 'service or instance to ask' }),
    path: z.string().startsWith('/').default('/').meta({ description: 'path to ask for' }),
    method: z.enum(['GET', 'HEAD', 'POST']).default('GET'),
    tolerance: z
      .union([status, z.strictObject({ in: z.array(status).min(1) })])
      .default(200)
      .meta({ description: 'a status, or {in: [200, 204]}' }),
  }),
  example: { target: { to: 'gateway' }, path: '/ready', tolerance: { in: [200] } },
  expectation: ({ target, path, tolerance }) => `${path} of ${target.to} answers ${allowed(tolerance).join(' or ')}`,
  run: async ({ target, path, method, tolerance }, ports, signal) => {
    const answers = await Promise.all(ports.addresses(target.to).map((address) => ask({ address, path, method, signal })));
    const bad = answers.filter((answer) => !allowed(tolerance).includes(answer.status));
    const worst = bad[0] ?? answers[0];
    if (worst === undefined) return { met: null, value: null, detail: `${target.to} has no instance to ask` };
    return { met: bad.length === 0, value: worst.status, detail: `${worst.detail}${bad.length > 1 ? ` and ${bad.length - 1} more` : ''}` };
  },
});

function allowed(tolerance: number | { in: number[] }): number[] {
  return typeof tolerance === 'number' ? [tolerance] : tolerance.in;
}
