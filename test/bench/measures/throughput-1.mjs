/** How fast one stream runs down through a subject. */
import { sampleStreams } from '../load/streams.mjs';

export const throughput1 = {
  name: 'throughput-1',
  summary: 'bytes per second of 1 stream at once, from upstream to client, every byte counted',
  route: 'bytes',
  metrics: [{ name: 'throughput', title: 'throughput, 1 stream', unit: 'GB/s', better: 'more' }],
  sample: ({ address, lengths, previous, signal }) => sampleStreams({ address, streams: 1, streamMs: lengths.streamMs, previous, signal }),
};
