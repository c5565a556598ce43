/** `/v1/notes` and `/v1/gates`: what people say into a run, and what a run asks them. */
import { Hono } from 'hono';
import { readBody } from '../body.js';
import { answerSchema, gateSchema, noteSchema, type PeopleDesk } from '../people-desk.js';

export function noteRoutes(desk: PeopleDesk) {
  return new Hono().post('/', async (c) => c.json(desk.note(await readBody(c, noteSchema)), 201));
}

export function gateRoutes(desk: PeopleDesk) {
  return new Hono()
    .get('/', (c) => c.json({ gates: desk.gates }))
    .put('/:name', async (c) => c.json(desk.open(c.req.param('name'), await readBody(c, gateSchema))))
    .post('/:name', async (c) => c.json(desk.answer(c.req.param('name'), await readBody(c, answerSchema))))
    .delete('/:name', (c) => {
      desk.close(c.req.param('name'));
      return c.body(null, 204);
    });
}
