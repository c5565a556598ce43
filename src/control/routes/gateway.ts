/** `/v1/gateway`: show it, open it or give it other routes, close it. */
import { Hono } from 'hono';
import { readBody } from '../body.js';
import { type GatewayKeeper, gatewaySchema } from '../gateway-keeper.js';

export function gatewayRoutes(keeper: GatewayKeeper) {
  return new Hono()
    .get('/', (c) => c.json(keeper.status()))
    .put('/', async (c) => c.json(await keeper.set(await readBody(c, gatewaySchema))))
    .delete('/', async (c) => {
      await keeper.close(c.req.query('run') ?? 'by-hand');
      return c.body(null, 204);
    });
}
