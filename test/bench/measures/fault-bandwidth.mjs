/** How exactly a rate is kept: one stream under a bandwidth fault of 1 MB/s, and how far what came through is from what was asked for. */
import { download } from '../load/download.mjs';
import { hasToxics } from '../toxics.mjs';

const BYTES_PER_SECOND = 1_000_000;

export const faultBandwidth = {
  name: 'fault-bandwidth',
  summary: 'one stream under a bandwidth fault of 1 MB/s over 5 s (1 s with --quick): how far its rate is from the one asked for',
  route: 'bytes',
  /** It takes long, and hardly depends on what else the machine does. */
  roundsMax: 3,
  metrics: [{ name: 'error', title: 'bandwidth fault of 1 MB/s, off by', unit: '%', better: 'less' }],
  appliesTo: hasToxics,
  async sample({ address, instance, lengths, signal }) {
    const heal = await instance.toxics.add('bytes', 'bandwidth', { rate: BYTES_PER_SECOND / 1_000 });
    try {
      const totalBytes = (BYTES_PER_SECOND * lengths.bandwidthMs) / 1_000;
      const startMs = performance.now();
      await download(address, totalBytes, signal);
      const rate = totalBytes / ((performance.now() - startMs) / 1_000);
      return { values: { error: Math.abs(rate / BYTES_PER_SECOND - 1) * 100 } };
    } finally {
      await heal();
    }
  },
};
