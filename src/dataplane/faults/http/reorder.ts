/**
 * Two messages change places: the first is held until the next one that the fault chooses has overtaken it, which is when that one's exchange is over; so
 * the callee has done the later work first. They come on different connections, because on one connection nothing overtakes. If no other comes in time,
 * the first goes on: what a reader gets wrong is that a lone caller meets a delay.
 */
import { z } from 'zod';
import { duration } from '../../../core/units.js';
import { defineHttpFault, type FlowDirection } from '../fault.js';
import type { Gate } from '../gate.js';

/** The message of each phase that waits for another. */
type Waiting = Partial<Record<FlowDirection, { gate: Gate; untilMs: number }>>;

export const reorder = defineHttpFault({
  name: 'reorder',
  summary: 'Hold a request (up) or response (down) until the next one, on another connection, has overtaken it; no longer than `wait`.',
  schema: z.strictObject({
    wait: duration({ minMs: 1 }).default(1_000).meta({ description: 'the longest that one waits for another, like 1s' }),
    gap: duration().default(10).meta({ description: 'how much later it goes on, so that it also arrives later, like 10ms' }),
  }),
  example: { wait: '1s' },
  defaultDirection: 'up',
  order: 20,
  isReleasable: true,
  decide: ({ wait: waitMs, gap: gapMs }, context) => {
    const waiting = context.shared((): Waiting => ({}));
    const phase = context.response === undefined ? 'up' : 'down';
    const held = waiting[phase];
    if (held !== undefined && !held.gate.isOpen && context.nowMs < held.untilMs) {
      delete waiting[phase];
      return { kind: 'watch', over: () => held.gate.open() };
    }
    const gate = context.gate();
    waiting[phase] = { gate, untilMs: context.nowMs + waitMs };
    return { kind: 'hold', gate, limitMs: waitMs + gapMs, lagMs: gapMs };
  },
});
