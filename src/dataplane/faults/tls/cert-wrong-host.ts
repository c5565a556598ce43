/** A certificate of somebody else: as after a mix-up of virtual hosts, or from whoever has taken over the address. It is trusted and valid. */
import { z } from 'zod';
import { isHostName } from '../../tls/spec/host-name.js';
import { defineTlsFault } from '../fault.js';

export const certWrongHost = defineTlsFault({
  name: 'certWrongHost',
  summary: 'Show new connections a certificate for another host than the one that they ask for.',
  schema: z.strictObject({
    name: z
      .string()
      .refine(isHostName, 'expected a host name, like elsewhere.invalid')
      .default('elsewhere.invalid')
      .meta({ description: 'the only host that the certificate is for' }),
  }),
  example: { name: 'elsewhere.invalid' },
  decide: ({ name }) => ({ kind: 'present', flaw: { name } }),
});
