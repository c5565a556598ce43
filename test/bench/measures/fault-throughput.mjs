/**
 * What distance alone costs: one stream under a latency fault of 100 ms, compared with the same stream of the same subject without it. A subject
 * that bounds what is under way too tightly turns distance into a narrow place; one that does not bound it shows in its memory.
 */
import { download } from '../load/download.mjs';
import { withPeakMemory } from '../proc.mjs';
import { hasToxics } from '../toxics.mjs';

const LATENCY_MS = 100;
const FIRST_BYTES = 96 * 1024 * 1024;
/** Long, because the stream has to fill the way first. */
const LENGTHS = 3;

export const faultThroughput = {
  name: 'fault-throughput',
  summary: `one stream under a latency fault of ${LATENCY_MS} ms: how much of its throughput without it is left, and the memory that takes`,
  route: 'bytes',
  roundsMax: 5,
  metrics: [
    { name: 'left', title: `throughput left under a latency fault of ${LATENCY_MS} ms`, unit: '%', better: 'more' },
    { name: 'memory', title: `resident memory, 1 stream under a latency fault of ${LATENCY_MS} ms`, unit: 'MiB', better: 'less' },
  ],
  appliesTo: hasToxics,
  async sample({ address, instance, lengths, previous, signal }) {
    const totalBytes = previous === undefined ? FIRST_BYTES : Math.ceil((previous.bytesPerSecond * lengths.streamMs * LENGTHS) / 1_000);
    const stream = () => bytesPerSecond(() => download(address, totalBytes, signal), totalBytes);
    const without = await stream();
    const heal = await instance.toxics.add('bytes', 'latency', { latency: LATENCY_MS });
    try {
      const { result: under, peakBytes } = await withPeakMemory(instance.pids, stream);
      const values = { left: (under / without) * 100, memory: peakBytes === undefined ? undefined : peakBytes / 2 ** 20 };
      return { values, next: { bytesPerSecond: without } };
    } finally {
      await heal();
    }
  },
};

async function bytesPerSecond(work, totalBytes) {
  const startMs = performance.now();
  await work();
  return totalBytes / ((performance.now() - startMs) / 1_000);
}
