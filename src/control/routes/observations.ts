/** `/v1/observations?after=N`: what was seen since, waiting a moment if there is nothing yet. `lost` says how many came too late for this reader. */
import { Hono } from 'hono';
import { z } from 'zod';
import type { Daemon } from '../../dataplane/daemon.js';
import { readQuery } from '../body.js';

const querySchema = z.object({
  after: z.coerce.number().int().min(0).default(0),
  max: z.coerce.number().int().min(1).max(10_000).default(5_000),
  waitMs: z.coerce.number().int().min(0).max(30_000).default(0),
});

export function observationRoutes(daemon: Daemon) {
  return new Hono().get('/', async (c) => {
    const query = readQuery(c, querySchema);
    return c.json(await daemon.observations.readOrWait({ ...query, signal: c.req.raw.signal }));
  });
}
