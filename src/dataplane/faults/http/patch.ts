/**
 * A message with a few things changed: what a careless middlebox, a wrong release or a liar in the middle does. Other text of a JSON body stays as it
 * came, to the byte; a compressed one is compressed again. What is derived from a body (ETag, digests, signatures) is not mended, so that whoever
 * checks it can find out.
 */
import { defineHttpFault } from '../fault.js';
import { messagePatchSchema, patchMessage } from '../message-patch.js';

export const patch = defineHttpFault({
  name: 'patch',
  summary: 'Change the status, single headers, and members of JSON bodies by merge patch (RFC 7396); all else stays as it came.',
  schema: messagePatchSchema,
  example: { status: 200, headers: { etag: null, 'cache-control': 'no-store' }, body: { price: 1, discount: null } },
  defaultDirection: 'down',
  misfit: ({ status }, direction) => (status !== undefined && direction !== 'down' ? 'requests have no `status`' : undefined),
  order: 40,
  decide: patchMessage,
});
