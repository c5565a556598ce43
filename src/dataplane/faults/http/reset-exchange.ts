/**
 * A cut that belongs to a message rather than to bytes. What a reader gets wrong: both ways look alike to the caller, but `up` nothing has happened
 * at the callee, and `down` it has done its work. The TCP fault `reset` cuts by time or by bytes, whatever is under way.
 */
import { z } from 'zod';
import { defineHttpFault } from '../fault.js';

export const resetExchange = defineHttpFault({
  name: 'resetExchange',
  summary: 'Cut the connection with a RST: before the request is forwarded (up), or when the callee has done its work (down).',
  schema: z.strictObject({}),
  example: {},
  defaultDirection: 'up',
  order: 10,
  harm: () => ({ kind: 'fails' }),
  decide: () => ({ kind: 'reset' }),
});
