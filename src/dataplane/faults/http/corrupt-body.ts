/**
 * A body that says something else than what was sent, behind the back of every checksum of the wire. What a reader gets wrong: what is derived from the
 * body (ETag, digests, signatures) is not mended, so that whoever checks it can find out; whoever does not believes what it reads.
 */
import { z } from 'zod';
import { percentage, size } from '../../../core/units.js';
import { bitFlipper } from '../bit-flips.js';
import { rewriteDecoded } from '../content-coding.js';
import { type BodyEdit, defineHttpFault, type HttpFaultContext } from '../fault.js';
import { bodyMaxSchema, jsonBodyEdit } from '../json-body.js';
import { mutateJson } from '../json-mutation.js';

const MEMBERS_MAX = 100;

const schema = z
  .strictObject({
    what: z.enum(['bits', 'numbers', 'fields']).default('bits').meta({
      description:
        'bits: one bit in each byte that is hit; numbers: one digit of JSON numbers; fields: one character, digit or truth of JSON values',
    }),
    rate: percentage()
      .refine((percent) => percent > 0, 'expected more than 0')
      .meta({ description: 'share of the bytes, numbers or fields that are hit, like 0.1%' }),
    afterBytes: size().optional().meta({ description: 'bits only: bytes of the body that are left alone first, like 1KB' }),
    compressed: z.enum(['content', 'bytes']).optional().meta({
      description:
        'bits only: of a compressed body hit the content, which is compressed again (content, the default), or what is on the wire (bytes)',
    }),
    members: z.array(z.string().min(1)).min(1).max(MEMBERS_MAX).optional().meta({
      description: 'numbers and fields only: names of JSON members, like [price, total]; all others are left alone',
    }),
    bodyMax: bodyMaxSchema,
  })
  .refine(({ what, members }) => what !== 'bits' || members === undefined, {
    path: ['members'],
    message: '`members` goes with numbers or fields',
  })
  .refine(({ what, afterBytes, compressed }) => what === 'bits' || (afterBytes === undefined && compressed === undefined), {
    message: '`afterBytes` and `compressed` go with bits',
  });
type Params = z.output<typeof schema>;

export const corruptBody = defineHttpFault({
  name: 'corruptBody',
  summary: 'Flip bits in a share of a body’s bytes, or change digits or fields of JSON; compressed bodies are compressed again.',
  schema,
  example: { what: 'bits', rate: '0.1%' },
  defaultDirection: 'down',
  order: 50,
  decide: (params, context) => {
    let isHit = false;
    const body = bodyEdit(params, context, () => {
      isHit = true;
    });
    if (body === undefined) return { kind: 'continue' };
    return { kind: 'edit', body, ...(body.kind === 'stream' && { wasFelt: () => isHit }) };
  },
});

/** `hit` is called when a bit of a stream has flipped. */
function bodyEdit(
  { what, rate: percent, afterBytes = 0, compressed = 'content', members, bodyMax }: Params,
  context: HttpFaultContext,
  hit: () => void,
): BodyEdit | undefined {
  const { request, response, random } = context;
  const head = response ?? request;
  if (what !== 'bits') {
    const mutation = { kind: what, percent, members: members && new Set(members) };
    return jsonBodyEdit(head, { bytesMax: bodyMax, rewrite: (text) => mutateJson(text, mutation, random) });
  }
  const coding = head.header('content-encoding');
  const flips = { percent, afterBytes };
  return coding === undefined || compressed === 'bytes'
    ? flowing(flips, random, hit)
    : decoded(flips, { coding, bytesMax: bodyMax, random });
}

type Flips = Parameters<typeof bitFlipper>[0];

function flowing(flips: Flips, random: () => number, hit: () => void): BodyEdit {
  const open: Extract<BodyEdit, { kind: 'stream' }>['open'] = () => {
    const flip = bitFlipper(flips, random);
    return (signal, effects) => {
      if (signal.kind !== 'data') {
        effects.pass();
        return;
      }
      const flipped = flip(signal.bytes);
      if (flipped !== signal.bytes) hit();
      effects.passBytes(flipped);
    };
  };
  return { kind: 'stream', length: 'same', open };
}

function decoded(flips: Flips, { coding, bytesMax, random }: { coding: string; bytesMax: number; random: () => number }): BodyEdit {
  const rewrite = (body: Buffer): { body: Buffer } | undefined => {
    let isHit = false;
    const corrupted = rewriteDecoded(body, { coding, bytesMax }, (content) => {
      const flipped = bitFlipper(flips, random)(content);
      isHit = flipped !== content;
      return flipped;
    });
    return isHit && corrupted !== undefined ? { body: corrupted } : undefined;
  };
  return { kind: 'whole', bytesMax, rewrite };
}
