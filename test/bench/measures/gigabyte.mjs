/** One answer of 1 GiB: how fast it runs through a subject, and what memory that takes beyond what the subject had before. */
import { download } from '../load/download.mjs';
import { withPeakMemory } from '../proc.mjs';

const BYTES = 2 ** 30;
const GIGA = 1e9;

export const gigabyte = {
  name: 'gigabyte',
  summary: 'one answer of 1 GiB: bytes per second, every byte counted, and how much memory is added meanwhile',
  route: 'bytes',
  /** It takes long. */
  roundsMax: 3,
  metrics: [
    { name: 'throughput', title: 'one answer of 1 GiB', unit: 'GB/s', better: 'more' },
    { name: 'memory', title: 'resident memory added by an answer of 1 GiB', unit: 'MiB', better: 'less' },
  ],
  async sample({ address, instance, signal }) {
    const startMs = performance.now();
    const { beforeBytes, peakBytes } = await withPeakMemory(instance.pids, () => download(address, BYTES, signal));
    const seconds = (performance.now() - startMs) / 1_000;
    const memory = peakBytes === undefined ? undefined : (peakBytes - beforeBytes) / 2 ** 20;
    return { values: { throughput: BYTES / seconds / GIGA, memory } };
  },
};
