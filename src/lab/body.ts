/** Reads a request's body whole, up to a bound; a longer one is an error, never a cut text. */
import type { IncomingMessage } from 'node:http';

/** Bodies in the samples are a line of JSON; a larger one is a mistake or an attack. */
export const BODY_BYTES_MAX = 64 * 1024;

export type Body = { kind: 'whole'; bytes: Buffer } | { kind: 'tooLong' };

/** Rejects when the caller leaves before the end. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) return { kind: 'tooLong' };
    chunks.push(chunk);
  }
  return { kind: 'whole', bytes: Buffer.concat(chunks, bytes) };
}
