/** `/v1/halt`: end every fault now and refuse new ones; lift it again. */
import { Hono } from 'hono';
import { z } from 'zod';
import type { Daemon } from '../../dataplane/daemon.js';
import { readBody } from '../body.js';

const haltSchema = z.strictObject({ reason: z.string().max(500).default('no reason given') });

export function haltRoutes(daemon: Daemon) {
  return new Hono()
    .post('/', async (c) => c.json(daemon.halt((await readBody(c, haltSchema)).reason)))
    .delete('/', (c) => {
      daemon.lift();
      return c.body(null, 204);
    });
}
