/** `load:` — the traffic during the run. Open model: requests start when they are due, however slow the answers are. */
import { z } from 'zod';
import { duration, rate } from '../../core/units.js';
import { name, processText, urlPath } from './words.js';

const request = z.strictObject({
  name: name().meta({ description: 'the route’s name in figures and reports' }),
  weight: z.number().positive().max(1e6).default(1).meta({ description: 'share of this route, relative to the others' }),
  method: z
    .string()
    .regex(/^[A-Z]{1,20}$/, 'expected a method in capitals, like GET')
    .default('GET'),
  path: urlPath().meta({ description: `may hold \${key} (fresh for every request) and \${seq}` }),
  headers: z.record(z.string(), processText()).default({}).meta({ description: `may hold \${key} and \${seq}` }),
  body: z.string().optional().meta({ description: `may hold \${key} and \${seq}` }),
});

export const loadSchema = z.strictObject({
  model: z.enum(['open']).default('open').meta({ description: 'open: a slow system does not slow the load' }),
  rate: rate().meta({ description: 'requests to start per second, like 120/s' }),
  target: z.string().meta({ description: 'service that the requests are sent to' }),
  warmUp: duration().default(0).meta({ description: 'load before the baseline that is not judged' }),
  timeout: duration({ minMs: 1 }).default(10_000).meta({ description: 'the generator gives up on an answer after so long' }),
  connectionsMax: z.int().min(1).max(10_000).default(256).meta({ description: 'connections per instance' }),
  requests: z.array(request).min(1).max(100).meta({ description: 'routes; each request is one of them, by weight' }),
});
