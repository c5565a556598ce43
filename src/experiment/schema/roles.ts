/** `topology.roles` — what an instance may be at a time and another at another, like a leader: who holds a role is found by asking each. */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import { jsonPathSchema } from '../../dataplane/faults/json-path.js';
import { answerTolerance } from '../../orchestrator/probes/tolerance.js';
import { processText, urlPath } from './words.js';

const timing = {
  timeout: duration({ minMs: 10 }).default(1_000).meta({ description: 'how long an instance may take to answer; later is a no' }),
};

const http = z.strictObject({
  type: z.literal('http'),
  path: urlPath().meta({ description: 'what each instance is asked for, past its links' }),
  jsonpath: jsonPathSchema.meta({ description: 'a place in the JSON of its answer, by RFC 9535' }),
  expect: z.union([z.string(), z.number(), z.boolean()]).meta({ description: 'what stands there in the answer of who holds the role' }),
  ...timing,
});

const command = z.strictObject({
  type: z.literal('command'),
  argv: z.array(processText()).min(1).max(1_000).meta({
    description: `program and words, run for each instance; may hold \${self.name}, \${self.port}, \${self.address}; needs --allow-exec`,
  }),
  tolerance: answerTolerance(z.int().min(0).max(255)).default(0).meta({
    description: 'the exit code of who holds the role, or of what it prints {regex: …} or {jsonpath: …, expect: …}',
  }),
  ...timing,
});

export const roleSchema = z.strictObject({
  service: z.string().meta({ description: 'the service whose instances are asked' }),
  probe: z.discriminatedUnion('type', [http, command]).meta({ description: 'the question, and the answer of who holds the role' }),
  within: duration({ minMs: 100 }).default(10_000).meta({ description: 'how long somebody is looked for, where nobody holds it yet' }),
});
export type RoleText = z.output<typeof roleSchema>;
