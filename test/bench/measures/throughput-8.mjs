/** How fast eight streams at once run down through a subject. */
import { sampleStreams, streamMetrics } from '../load/streams.mjs';

export const throughput8 = {
  name: 'throughput-8',
  summary: 'bytes per second of 8 streams at once, from upstream to client, every byte counted',
  route: 'bytes',
  metrics: streamMetrics('8 streams'),
  sample: ({ lengths, ...rest }) => sampleStreams({ ...rest, streams: 8, streamMs: lengths.streamMs }),
};
