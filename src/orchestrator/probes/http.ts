/** Asks each instance directly, past its links, and looks at the status of the answer, or into its body. */
import { z } from 'zod';
import { jsonPathSchema } from '../../dataplane/faults/json-path.js';
import { ask } from '../services/ask.js';
import { defineProbe, roleQuestion } from './probe.js';
import { answerTolerance, needsText, toleranceWords, tolerates } from './tolerance.js';

const status = z.int().min(100).max(599);

export const http = defineProbe({
  name: 'http',
  summary: 'Sends one request to every instance of a service and judges the status or the body of the answers.',
  schema: z.strictObject({
    target: z.strictObject({ to: z.string() }).meta({ description: 'service or instance to ask' }),
    path: z.string().startsWith('/').default('/').meta({ description: 'path to ask for' }),
    method: z.enum(['GET', 'HEAD', 'POST']).default('GET'),
    tolerance: answerTolerance(status).default(200).meta({
      description: 'a status, {in: [200, 204]} or {range: [200, 299]}; of the body, {regex: …} or {jsonpath: …, expect: …}',
    }),
  }),
  example: { target: { to: 'gateway' }, path: '/ready', tolerance: { in: [200] } },
  role: roleQuestion({
    needsHttp: true,
    schema: z.strictObject({
      path: z.string().startsWith('/').max(2_000).meta({ description: 'what each instance is asked for, past its links' }),
      jsonpath: jsonPathSchema.meta({ description: 'a place in the JSON of its answer, by RFC 9535' }),
      expect: z.union([z.string(), z.number(), z.boolean()]).meta({ description: 'what stands there in the answer of who holds the role' }),
    }),
    paramsFor: ({ path, jsonpath, expect }, { name }) => ({
      target: { to: name },
      path,
      method: 'GET' as const,
      tolerance: { jsonpath, expect },
    }),
  }),
  expectation: ({ target, path, tolerance }) => `${path} of ${target.to} answers ${toleranceWords(tolerance)}`,
  run: async ({ target, path, method, tolerance }, ports, signal) => {
    const answers = await Promise.all(
      ports.addresses(target.to).map((address) => ask({ address, path, method, signal, withText: needsText(tolerance) })),
    );
    const bad = answers.filter(({ status: figure, text }) => figure === 0 || !tolerates(tolerance, { figure, text }));
    const worst = bad[0] ?? answers[0];
    if (worst === undefined) return { met: null, value: null, detail: `${target.to} has no instance to ask` };
    return { met: bad.length === 0, value: worst.status, detail: `${worst.detail}${bad.length > 1 ? ` and ${bad.length - 1} more` : ''}` };
  },
});
