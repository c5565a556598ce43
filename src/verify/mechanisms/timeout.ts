/** Timeouts of a caller: how long it waits, for what, and whether the callee is told when it has given up. */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import { defineMechanism } from './mechanism.js';

export const timeout = defineMechanism({
  name: 'timeout',
  summary: 'Gives a request up after a time: as a whole, for each attempt, for the connection, or without a byte.',
  schema: z
    .strictObject({
      total: duration({ minMs: 1 }).optional().meta({ description: 'for a request with all its attempts and waits' }),
      perAttempt: duration({ minMs: 1 }).optional().meta({ description: 'for one attempt, from its start to the end of its answer' }),
      connect: duration({ minMs: 1 }).optional().meta({ description: 'until the connection stands' }),
      idle: duration({ minMs: 1 }).optional().meta({ description: 'without a byte of the answer' }),
      cancels: z.boolean().optional().meta({ description: 'whether it ends the connection or stream of what it has given up' }),
    })
    .refine(({ cancels: _cancels, ...times }) => Object.values(times).some((value) => value !== undefined), {
      error: 'expected at least one of total, perAttempt, connect, idle',
    })
    .refine(({ total = Number.POSITIVE_INFINITY, perAttempt = 0 }) => perAttempt <= total, {
      path: ['perAttempt'],
      error: 'expected no more than total',
    }),
  example: { total: '2s', perAttempt: '800ms', connect: '250ms' },
});
