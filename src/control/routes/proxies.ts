/** `/v1/proxies`: list, create, remove. */
import { Hono } from 'hono';
import type { Daemon } from '../../dataplane/daemon.js';
import { proxySpecSchema } from '../../dataplane/proxy.js';
import { readBody } from '../body.js';

export function proxyRoutes(daemon: Daemon) {
  return new Hono()
    .get('/', (c) => c.json({ proxies: daemon.proxies() }))
    .post('/', async (c) => c.json(await daemon.createProxy(await readBody(c, proxySpecSchema)), 201))
    .delete('/:name', async (c) => {
      await daemon.removeProxy(c.req.param('name'));
      return c.body(null, 204);
    });
}
