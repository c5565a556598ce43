/** `/v1/live`: what a page shows: the state of now, the stream from there on, the last hour of a link. */
import { Hono } from 'hono';
import { z } from 'zod';
import { readQuery } from '../body.js';
import type { LiveDesk } from '../live/live-desk.js';

const streamSchema = z.object({
  boot: z.string().max(100),
  after: z.coerce.number().int().min(0),
});
const historySchema = z.object({ link: z.string().min(1).max(500), from: z.coerce.number().int().min(0).optional() });

export function liveRoutes(desk: LiveDesk) {
  return new Hono()
    .get('/', (c) => c.json(desk.snapshot()))
    .get('/history', (c) => {
      const { link, from } = readQuery(c, historySchema);
      return c.json(desk.history(link, from));
    })
    .get('/stream', (c) => {
      const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' };
      return c.newResponse(desk.stream(readQuery(c, streamSchema)), 200, headers);
    });
}
