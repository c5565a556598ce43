/**
 * A callee that tells different callers different things, and each of them always the same: no caller can find it out alone. Callers are told apart
 * by `by`, and get the versions in turn, in the order in which they first ask: the first hears the truth, so that two callers never agree by chance.
 */
import { z } from 'zod';
import { hash32 } from '../../../core/random.js';
import { defineHttpFault, type HttpFaultContext } from '../fault.js';
import { messagePatchSchema, patchMessage } from '../message-patch.js';

const VERSIONS_MAX = 16;
/** Callers that are remembered; later ones get their version by hash. */
const CALLERS_MAX = 10_000;
const HEADER = 'header:';

function callerOf(by: string, { request, from, source }: HttpFaultContext): string {
  if (by === 'from') return from;
  return (by === 'source' ? source() : request.header(by.slice(HEADER.length).toLowerCase())) ?? '';
}

/** The caller's place among all, in the order in which they came. By a hash, because a header may be long. */
function placeOf(caller: string, places: Map<number, number>): number {
  const hash = hash32(0, caller);
  const known = places.get(hash);
  if (known !== undefined) return known;
  if (places.size >= CALLERS_MAX) return hash;
  places.set(hash, places.size);
  return places.size - 1;
}

export const equivocate = defineHttpFault({
  name: 'equivocate',
  summary:
    'Give different callers different answers to the same request: one hears the truth, the next the first of `versions`, and so on.',
  schema: z.strictObject({
    by: z
      .string()
      .regex(/^(from|source|header:[A-Za-z0-9-]+)$/, 'expected from, source or header:NAME')
      .default('from')
      .meta({ description: 'what tells callers apart: the calling instance (from), its address (source) or header:NAME' }),
    versions: z
      .array(messagePatchSchema)
      .min(1)
      .max(VERSIONS_MAX)
      .meta({ description: `1…${VERSIONS_MAX} patches of the answer (status, headers, body: as for the fault patch)` }),
  }),
  example: { by: 'header:x-client', versions: [{ body: { leader: 'node-2' } }] },
  defaultDirection: 'down',
  phases: ['down'],
  order: 40,
  decide: ({ by, versions }, context) => {
    const place = placeOf(
      callerOf(by, context),
      context.shared(() => new Map<number, number>()),
    );
    const version = versions[(place % (versions.length + 1)) - 1];
    return version === undefined ? { kind: 'continue' } : patchMessage(version, context);
  },
});
