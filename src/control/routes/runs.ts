/** `/v1/runs`: a run claims the daemon (and gets its epoch), renews its claim and all its leases, and lets go. */
import { Hono } from 'hono';
import { z } from 'zod';
import type { Daemon } from '../../dataplane/daemon.js';
import { readBody } from '../body.js';

const claimSchema = z.strictObject({ run: z.string().min(1).max(200), environment: z.string().optional() });
const renewSchema = z.strictObject({ epoch: z.int().min(1) });

export function runRoutes(daemon: Daemon) {
  return new Hono()
    .post('/', async (c) => c.json(daemon.claim((await readBody(c, claimSchema)).run), 201))
    .post('/:run/renew', async (c) => c.json(daemon.renew({ run: c.req.param('run'), ...(await readBody(c, renewSchema)) })))
    .delete('/:run', (c) => c.json({ ended: daemon.release(c.req.param('run')) }));
}
