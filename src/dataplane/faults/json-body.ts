/**
 * A change to a JSON body: which bodies are meant, how large they may be, and the way through their content coding and back. All others (another media
 * type, not JSON in fact, not UTF-8, too large, in an unknown coding, in parts) pass as they came.
 */
import { size } from '../../core/units.js';
import { rewriteDecoded } from './content-coding.js';
import type { BodyEdit, RequestHead, ResponseHead } from './fault.js';

/** A body waits here until it is whole: so many bytes, as they come and decoded, by default and at most. */
const BODY_BYTES_DEFAULT = 1024 * 1024;
const BODY_BYTES_MAX = 16 * 1024 * 1024;

/** The parameter of all faults that change JSON bodies. */
export const bodyMaxSchema = size({ minBytes: 1 })
  .refine((bytes) => bytes <= BODY_BYTES_MAX, 'expected at most 16MiB')
  .default(BODY_BYTES_DEFAULT)
  .meta({ description: 'a larger JSON body, encoded or decoded, passes as it came; like 1MiB, at most 16MiB' });

/** `application/json`, `application/problem+json; charset=utf-8` … */
export const JSON_MEDIA_TYPE = /^[ \t]*[\w.!#$&^+-]+\/(?:json|[\w.!#$&^-]+\+json)[ \t]*(?:;|$)/i;

/** Undefined if the head announces no JSON: then there is no body to wait for. `rewrite` answers undefined for a text that it cannot change. */
export function jsonBodyEdit(
  head: RequestHead | ResponseHead,
  { bytesMax, rewrite }: { bytesMax: number; rewrite(text: string): string | undefined },
): BodyEdit | undefined {
  if (!JSON_MEDIA_TYPE.test(head.header('content-type') ?? '')) return undefined;
  const coding = head.header('content-encoding');
  const rewriteBytes = (decoded: Buffer): Buffer | undefined => {
    const text = textOf(decoded);
    const rewritten = text === undefined ? undefined : rewrite(text);
    if (rewritten === undefined) return undefined;
    return rewritten === text ? decoded : Buffer.from(rewritten, 'utf8');
  };
  return {
    kind: 'whole',
    bytesMax,
    rewrite: (body) => {
      // Where there is none, there is nothing that could not be read.
      const rewritten = body.length === 0 ? body : rewriteDecoded(body, { coding, bytesMax }, rewriteBytes);
      return rewritten && { body: rewritten };
    },
  };
}

/** Undefined for what is not UTF-8, which would not come back out as it went in. */
function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
