/** A certificate that nobody whom the caller trusts has signed: what a man in the middle has to offer, or a service whose chain was put together badly. */
import { z } from 'zod';
import { defineTlsFault } from '../fault.js';

const ISSUERS = { unknown: 'stranger', self: 'self' } as const;

export const certUntrusted = defineTlsFault({
  name: 'certUntrusted',
  summary: 'Show new connections a certificate of an authority that nobody trusts, or one that has signed itself.',
  schema: z.strictObject({
    issuer: z
      .enum(['unknown', 'self'])
      .default('unknown')
      .meta({ description: 'unknown: an authority that is not sent along and that nobody can know; self: the certificate itself' }),
  }),
  example: { issuer: 'self' },
  decide: ({ issuer }) => ({ kind: 'present', flaw: { issuer: ISSUERS[issuer] } }),
});
