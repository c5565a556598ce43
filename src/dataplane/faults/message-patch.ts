/** A patch of one message: status, headers, and a JSON body by merge patch (RFC 7396). What it does not name stays as it came. */
import { z } from 'zod';
import type { HeadEdit, HttpDecision, HttpFaultContext } from './fault.js';
import { bodyStatus, fieldName, fieldValue, lowerCased } from './head-fields.js';
import { bodyMaxSchema, jsonBodyEdit } from './json-body.js';
import { type JsonObject, mergeJson } from './json-text.js';

const MERGE_DEPTH_MAX = 32;

export const messagePatchSchema = z
  .strictObject({
    status: bodyStatus.optional().meta({ description: 'status of the answer, 200…599; responses only' }),
    headers: z.record(fieldName, fieldValue.nullable()).default({}).meta({ description: 'header → its new value; null removes it' }),
    body: z
      .record(z.string(), z.unknown())
      .refine((patch) => depthOf(patch) <= MERGE_DEPTH_MAX, `expected no more than ${MERGE_DEPTH_MAX} levels`)
      .optional()
      .meta({ description: 'JSON merge patch (RFC 7396) for JSON bodies, like {price: 1, currency: null}; null removes a member' }),
    bodyMax: bodyMaxSchema,
  })
  .refine(({ status, headers, body }) => status !== undefined || body !== undefined || Object.keys(headers).length > 0, {
    message: 'expected at least one of `status`, `headers` and `body`',
  });
export type MessagePatch = z.output<typeof messagePatchSchema>;

/** The message of the context, patched. */
export function patchMessage(
  { status, headers, body: patch, bodyMax }: MessagePatch,
  { request, response }: HttpFaultContext,
): HttpDecision {
  const edits = Object.entries(lowerCased(headers));
  const head: HeadEdit = {
    ...(status !== undefined && response !== undefined && mayChangeStatus(request.method, response.status) && { status }),
    set: Object.fromEntries(edits.filter((edit): edit is [string, string] => edit[1] !== null)),
    remove: edits.filter(([, value]) => value === null).map(([name]) => name),
  };
  const rewrite = (text: string): string | undefined => mergeJson(text, patch as JsonObject);
  const body = patch && jsonBodyEdit(response ?? request, { bytesMax: bodyMax, rewrite });
  return { kind: 'edit', head, ...(body && { body }) };
}

/** Not where the status says that a tunnel opens: what follows would be taken for messages. */
export function mayChangeStatus(method: string, status: number): boolean {
  return status >= 200 && method !== 'CONNECT';
}

/** How many levels of objects and lists there are, counted no further than is of interest. */
function depthOf(value: unknown, levelsMax = MERGE_DEPTH_MAX + 1): number {
  if (typeof value !== 'object' || value === null || levelsMax === 0) return 0;
  return 1 + Math.max(0, ...Object.values(value).map((member) => depthOf(member, levelsMax - 1)));
}
