/** How fast one stream runs down through a subject. */
import { sampleStreams, streamMetrics } from '../load/streams.mjs';

export const throughput1 = {
  name: 'throughput-1',
  summary: 'bytes per second of 1 stream at once, from upstream to client, every byte counted',
  route: 'bytes',
  metrics: streamMetrics('1 stream'),
  sample: ({ lengths, ...rest }) => sampleStreams({ ...rest, streams: 1, streamMs: lengths.streamMs }),
};
