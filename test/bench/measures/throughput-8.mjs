/** How fast eight streams at once run down through a subject. */
import { sampleStreams } from '../load/streams.mjs';

export const throughput8 = {
  name: 'throughput-8',
  summary: 'bytes per second of 8 streams at once, from upstream to client, every byte counted',
  route: 'bytes',
  metrics: [{ name: 'throughput', title: 'throughput, 8 streams', unit: 'GB/s', better: 'more' }],
  sample: ({ address, lengths, previous, signal }) => sampleStreams({ address, streams: 8, streamMs: lengths.streamMs, previous, signal }),
};
