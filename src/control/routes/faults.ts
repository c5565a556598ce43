/** `/v1/faults`: list, inject several at once, change one that is on, release what it holds, heal by id, by run, or all. */
import { Hono } from 'hono';
import type { Daemon } from '../../dataplane/daemon.js';
import { faultChangeSchema, faultReleaseSchema, injectSchema } from '../../dataplane/faults/spec.js';
import { readBody } from '../body.js';

export function faultRoutes(daemon: Daemon) {
  return new Hono()
    .get('/', (c) => c.json({ faults: daemon.faults() }))
    .post('/', async (c) => c.json({ faults: daemon.inject(await readBody(c, injectSchema)) }, 201))
    .patch('/:id', async (c) => c.json(daemon.update(c.req.param('id'), await readBody(c, faultChangeSchema))))
    .post('/:id/release', async (c) => c.json(daemon.releaseHeld(c.req.param('id'), await readBody(c, faultReleaseSchema))))
    .delete('/', (c) => c.json({ ended: daemon.heal({ run: c.req.query('run') }) }))
    .delete('/:id', (c) => c.json({ ended: daemon.heal({ faults: [c.req.param('id')] }) }));
}
