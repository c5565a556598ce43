/** `/v1/plans`: experiments that are shipped, what one would do, and, where the daemon allows it, doing it. */
import { Hono } from 'hono';
import { z } from 'zod';
import { readBody } from '../body.js';
import type { Clerk, PlanRequest } from '../library/clerk.js';
import type { PlanDesk } from '../library/plan-desk.js';

const TEXT_CHARACTERS_MAX = 1024 * 1024;

const shared = {
  variables: z.record(z.string().min(1).max(200), z.string().max(10_000)).default({}),
  variant: z.string().max(200).optional(),
  seed: z.int().min(0).optional(),
};
const planSchema = z.union(
  [
    z.strictObject({ file: z.string().min(1).max(500), ...shared }),
    z.strictObject({
      text: z.string().max(TEXT_CHARACTERS_MAX),
      name: z
        .string()
        .regex(/^[\w-][\w.-]{0,99}$/, 'expected a file name of letters, digits, points and dashes')
        .default('experiment.yaml'),
      ...shared,
    }),
  ],
  { error: 'expected {file} or {text, name}, with variables, variant and seed if need be' },
);

export function planRoutes(clerk: Clerk, desk: PlanDesk) {
  return new Hono()
    .get('/experiments', async (c) => c.body(await clerk.ask({ kind: 'shipped' }), 200, { 'content-type': 'application/json' }))
    .get('/started', (c) => c.json(desk.started))
    .post('/started/stop', (c) => c.json(desk.stop()))
    .post('/', async (c) => c.json(await desk.plan(requestOf(await readBody(c, planSchema))), 201))
    .post('/:id/start', async (c) => c.json(await desk.start(c.req.param('id')), 201));
}

function requestOf({ variables, variant, seed, ...source }: z.output<typeof planSchema>): PlanRequest {
  const given = { variables, variant, seed };
  if ('file' in source) return { ...given, source: { kind: 'shipped', file: source.file } };
  return { ...given, source: { kind: 'text', ...source } };
}
