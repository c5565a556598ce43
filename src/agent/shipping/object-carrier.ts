/** Batches into a store of objects by PUT; each has a name of its own, so putting one twice changes nothing. */
import { pathOfBatch, urlOfBatch } from '../../orchestrator/fleet/batch.js';
import type { Carry } from './carrier.js';
import { putBytes } from './put-bytes.js';

export function objectCarrier({ url, token }: { url: string; token: string | undefined }): Carry {
  return async (segment, signal) => {
    const target = urlOfBatch(url, pathOfBatch(segment, segment.batch));
    await putBytes({ url: target.href, method: 'PUT', bytes: segment.bytes, token, signal });
  };
}
