/** `/v1/proxies`: list, create, remove; their connections: list, kill. */
import { Hono } from 'hono';
import { z } from 'zod';
import { LabError } from '../../core/errors.js';
import type { Daemon } from '../../dataplane/daemon.js';
import { BY_HAND } from '../../dataplane/faults/spec.js';
import { proxySpecSchema } from '../../dataplane/proxy.js';
import { readBody, readQuery } from '../body.js';

const pageSchema = z.object({
  after: z.coerce.number().int().min(0).default(0),
  max: z.coerce.number().int().min(1).max(10_000).default(1_000),
});
const connectionSchema = z.coerce.number().int().min(1);

export function proxyRoutes(daemon: Daemon) {
  return new Hono()
    .get('/', (c) => c.json({ proxies: daemon.proxies() }))
    .post('/', async (c) => c.json(await daemon.createProxy(await readBody(c, proxySpecSchema)), 201))
    .delete('/:name', async (c) => {
      // A run may always take its own links away, as it may its faults, and whoever clears up after it; a person gives way to the run that steers.
      const run = c.req.query('run') ?? BY_HAND;
      if (run === BY_HAND) daemon.refuseBesides(BY_HAND);
      await daemon.removeProxy(c.req.param('name'));
      return c.body(null, 204);
    })
    .get('/:name/connections', (c) => {
      const page = readQuery(c, pageSchema);
      return c.json({ connections: daemon.connectionsOf(c.req.param('name'), page), open: daemon.proxy(c.req.param('name')).connections });
    })
    .delete('/:name/connections/:connection', (c) => {
      const connection = connectionSchema.safeParse(c.req.param('connection'));
      if (!connection.success) throw new LabError('REQUEST_INVALID', { problems: 'connection: expected a number, counted from 1' });
      daemon.kill(c.req.param('name'), connection.data);
      return c.body(null, 204);
    });
}
