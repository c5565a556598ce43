/**
 * A certificate that somebody forgot to renew. It is good in all other respects, so that a caller that trusts the lab CA fails for this reason and no
 * other; one that does not trust it fails anyway. Connections that exist have their handshake behind them and live on.
 */
import { z } from 'zod';
import { duration } from '../../../core/units.js';
import { defineTlsFault } from '../fault.js';

export const certExpired = defineTlsFault({
  name: 'certExpired',
  summary: 'Show new connections a certificate that ended `ago`.',
  schema: z.strictObject({
    ago: duration({ minMs: 1 })
      .default(3_600e3)
      .meta({ description: 'how long ago it ended, like 5m: less than callers’ clocks differ proves nothing' }),
  }),
  example: { ago: '1h' },
  decide: ({ ago: expiredForMs }) => ({ kind: 'present', flaw: { expiredForMs } }),
});
