/** A narrow link. The rate is that of each connection, or of all connections of the proxy together, which then take turns. */
import { z } from 'zod';
import { throughput } from '../../../core/units.js';
import { defineTcpFault } from '../fault.js';
import { createPlace, narrowPlace } from '../narrow-place.js';

export const bandwidth = defineTcpFault({
  name: 'bandwidth',
  summary: 'Let no more than `rate` through, for each connection or for all connections of the proxy together; 0 lets nothing through.',
  schema: z.strictObject({
    rate: throughput().meta({ description: 'bytes per second, like 1MB/s' }),
    share: z
      .enum(['connection', 'proxy'])
      .default('connection')
      .meta({ description: 'connection: each has the rate to itself; proxy: they take turns, each direction by itself' }),
  }),
  example: { rate: '1MB/s', share: 'proxy' },
  defaultDirection: 'down',
  alters: false,
  forRequests: 'throttle',
  actsAtOnce: false,
  open: ({ rate: bytesPerSecond, share }, { shared }) =>
    narrowPlace({ bytesPerSecond, place: share === 'proxy' ? shared(createPlace) : undefined }),
});
