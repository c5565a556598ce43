/**
 * A fault that a request asks for itself, by headers, and that dies with it: the caller's test decides what happens to which of its requests. It is for
 * links on which this has been put, and no request gets more than the parameters allow: headers come from anybody. An abort goes before a delay.
 */
import { z } from 'zod';
import { duration } from '../../../core/units.js';
import { defineHttpFault, type HttpDecision } from '../fault.js';

/** Read as in a plan, whatever the size: what is too long is cut to the cap. */
const askedDelay = duration({ maxMs: Number.MAX_SAFE_INTEGER });
const PERCENTAGE = /^(\d{1,3}(?:\.\d{1,6})?)%?$/;

interface Caps {
  delayMsMax: number;
  statuses: readonly number[];
}

/** What the headers ask for, within the caps; anything else that they say is nobody's order. */
function askedFor({ delayMsMax, statuses }: Caps, asked: (what: string) => string | undefined): HttpDecision {
  const status = Number(asked('abort'));
  if (statuses.includes(status)) return { kind: 'reply', status, headers: {}, body: '' };
  const delay = askedDelay.safeParse(asked('delay'));
  if (!delay.success || delayMsMax === 0) return { kind: 'continue' };
  return { kind: 'delay', delayMs: Math.min(delay.data, delayMsMax) };
}

/** 0…100; what cannot be read is 0, so that a slip harms nobody. */
function askedPercentage(text: string | undefined): number {
  return text === undefined ? 100 : Number(PERCENTAGE.exec(text)?.[1] ?? 0);
}

export const onRequest = defineHttpFault({
  name: 'onRequest',
  summary:
    'Delay or abort the requests that ask for it by header (`x-fault-delay: 250ms`, `x-fault-abort: 503`), within what is allowed here.',
  schema: z
    .strictObject({
      delayMax: duration().default(0).meta({ description: 'the longest delay that a request gets, like 2s; 0 allows none' }),
      statuses: z
        .array(z.int().min(200).max(599))
        .max(100)
        .default([])
        .meta({ description: 'statuses that a request may be aborted with, like [503, 429]; none if omitted' }),
      prefix: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'expected the beginning of a header name in lower case, like x-fault-')
        .default('x-fault-')
        .meta({ description: 'headers are this and `delay`, `abort`, `percentage` (a share of what the fault hits)' }),
    })
    .refine(({ delayMax, statuses }) => delayMax > 0 || statuses.length > 0, 'expected `delayMax` or `statuses`: nothing may be asked for'),
  example: { delayMax: '2s', statuses: [503, 429] },
  defaultDirection: 'up',
  order: 10,
  decide: ({ delayMax: delayMsMax, statuses, prefix }, { request, random }) => {
    const asked = (what: string): string | undefined => request.header(`${prefix}${what}`);
    const decision = askedFor({ delayMsMax, statuses }, asked);
    const isSpared = decision.kind !== 'continue' && random() * 100 >= askedPercentage(asked('percentage'));
    return isSpared ? { kind: 'continue' } : decision;
  },
});
