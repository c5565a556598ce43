/** `/v1/hand`: chaos by hand, beside whatever run holds the daemon: put faults on, foretell one, say what a shape of partition would cut, change, renew, end. */
import { Hono } from 'hono';
import { readBody } from '../body.js';
import { type HandDesk, handChangeSchema, handFaultSchema, handRenewSchema, previewSchema } from '../hand-desk.js';
import { shapedCut, shapedCutSchema } from '../shaped-cut.js';

export function handRoutes(desk: HandDesk) {
  return new Hono()
    .get('/', (c) => c.json(desk.faults))
    .post('/', async (c) => c.json(desk.put(await readBody(c, handFaultSchema)), 201))
    .post('/preview', async (c) => c.json(desk.preview((await readBody(c, previewSchema)).fault)))
    .post('/shape', async (c) => c.json(shapedCut(await readBody(c, shapedCutSchema))))
    .post('/renew', async (c) => c.json(desk.renew((await readBody(c, handRenewSchema)).faults)))
    .patch('/:id', async (c) => c.json(desk.change(c.req.param('id'), await readBody(c, handChangeSchema))))
    .delete('/:id', (c) => {
      desk.end(c.req.param('id'));
      return c.body(null, 204);
    });
}
