/** `/v1/runs`: a run claims the daemon (and gets its epoch), renews its claim and all its leases, tells what happens in it where somebody follows, and lets go. */
import { Hono } from 'hono';
import { z } from 'zod';
import type { Daemon } from '../../dataplane/daemon.js';
import { readBody } from '../body.js';
import type { RunFeed } from '../live/run-feed.js';
import { runNewsSchema } from '../live/run-news-schema.js';

const claimSchema = z.strictObject({
  run: z.string().min(1).max(200),
  environment: z.string().optional(),
  isDry: z.boolean().optional().meta({ description: 'a rehearsal: nothing is to be changed beside it either' }),
});
const renewSchema = z.strictObject({ epoch: z.int().min(1) });

/** `feed`: where runs tell of themselves; left out where nobody follows. */
export function runRoutes(daemon: Daemon, feed?: RunFeed) {
  const app = new Hono()
    .post('/', async (c) => {
      const { run, isDry } = await readBody(c, claimSchema);
      return c.json(daemon.claim(run, { isDry }), 201);
    })
    .post('/:run/renew', async (c) => c.json(daemon.renew({ run: c.req.param('run'), ...(await readBody(c, renewSchema)) })))
    .delete('/:run', (c) => c.json({ ended: daemon.release(c.req.param('run')) }));
  if (feed === undefined) return app;
  return app.post('/:run/events', async (c) => {
    const run = c.req.param('run');
    feed.take({ run, ...(await readBody(c, runNewsSchema)) }, { claimedBy: daemon.status().run });
    return c.body(null, 204);
  });
}
