/**
 * A message with whole parts put in the place of its own. A new body is there as soon as the head is, whatever the length of the old one, and has
 * its own Content-Length; a coding of the old body goes with it. To change a JSON body in part, use `patch`.
 */
import { z } from 'zod';
import { defineHttpFault, type HeadEdit, type TcpTransform } from '../fault.js';
import { bodyStatus, fieldsSchema, lowerCased } from '../head-fields.js';
import { mayChangeStatus } from '../message-patch.js';

const BODY_CHARACTERS_MAX = 1024 * 1024;

/** Drops what comes and sends this in its place, before all else; also if the fault goes before any came, for the head has announced it. */
function inPlaceOf(bytes: Buffer): TcpTransform {
  let isSent = false;
  return (signal, effects) => {
    if (!isSent && bytes.length > 0) effects.passBytes(bytes);
    isSent = true;
    if (signal.kind === 'end') effects.pass();
  };
}

export const replace = defineHttpFault({
  name: 'replace',
  summary: 'Put another method, target, status, headers or body in the place of the message’s own.',
  schema: z
    .strictObject({
      method: z
        .string()
        .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/, 'expected an HTTP method, like PUT')
        .refine((method) => method !== 'CONNECT' && method !== 'HEAD', 'CONNECT and HEAD change where the answer ends')
        .optional()
        .meta({ description: 'requests only (direction: up): another method, like PUT' }),
      target: z
        .string()
        .max(8_192)
        .regex(/^\/[\x21-\x7e]*$/, 'expected a path that begins with /, percent-encoded, like /v2/stock?id=7')
        .optional()
        .meta({ description: 'requests only (direction: up): another path and query' }),
      status: bodyStatus.optional().meta({ description: 'responses only: status of the answer, 200…599' }),
      headers: fieldsSchema.default({}).meta({ description: 'header → value: takes the place of those of that name, or is added' }),
      body: z.string().max(BODY_CHARACTERS_MAX).optional().meta({ description: 'text in place of the body, up to 1048576 characters' }),
    })
    .refine(
      ({ method, target, status, headers, body }) =>
        [method, target, status, body, ...Object.keys(headers)].some((part) => part !== undefined),
      'expected at least one of `method`, `target`, `status`, `headers` and `body`',
    ),
  example: { status: 200, headers: { 'content-type': 'application/json' }, body: '{"stock":0}' },
  defaultDirection: 'down',
  misfit: ({ method, target, status }, direction) => {
    if (status !== undefined && direction !== 'down') return 'requests have no `status`';
    return (method !== undefined || target !== undefined) && direction !== 'up'
      ? 'answers have no `method` and `target`: direction: up'
      : undefined;
  },
  order: 30,
  decide: ({ method, target, status, headers, body }, { request, response }) => {
    const set = lowerCased(headers);
    const bytes = body === undefined ? undefined : Buffer.from(body, 'utf8');
    const isPlain = request.method !== 'CONNECT';
    const head: HeadEdit = {
      set,
      ...(response === undefined && isPlain && method !== undefined && { method }),
      ...(response === undefined && isPlain && target !== undefined && { target }),
      ...(response !== undefined && status !== undefined && mayChangeStatus(request.method, response.status) && { status }),
      ...(bytes !== undefined && set['content-encoding'] === undefined && { remove: ['content-encoding'] }),
    };
    if (bytes === undefined) return { kind: 'edit', head };
    return { kind: 'edit', head, body: { kind: 'stream', length: bytes.length, open: () => inPlaceOf(bytes) } };
  },
});
