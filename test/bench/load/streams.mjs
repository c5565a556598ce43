/** Throughput of so many streams at once, and what it costs the subject in processor time. Every subject gets streams that last about as long, whatever its speed, so that none is judged from a blink. */
import { withCpuTime } from '../proc.mjs';
import { download } from './download.mjs';

const FIRST_BYTES = 96 * 1024 * 1024;
const GIGA = 1e9;

/** The metrics of a measure whose `sample` is `sampleStreams`. */
export function streamMetrics(what) {
  return [
    { name: 'throughput', title: `throughput, ${what}`, unit: 'GB/s', better: 'more', isPictured: true },
    { name: 'cpuMs', title: `processor time per GB, ${what}`, unit: 'ms', better: 'less' },
  ];
}

/** `previous` is what an earlier sample of the same subject left in `next`; without it a short first stream finds the speed out. */
export async function sampleStreams({ address, instance, streams, streamMs, previous, signal }) {
  const totalBytes = previous === undefined ? FIRST_BYTES : Math.ceil((previous.bytesPerSecond * streamMs) / 1_000);
  const bytesEach = Math.ceil(totalBytes / streams);
  const work = () => elapsedSeconds(() => Promise.all(Array.from({ length: streams }, () => download(address, bytesEach, signal))));
  const { result: elapsed, seconds: cpu } = await withCpuTime(instance.pids, work);
  const bytes = bytesEach * streams;
  const cpuMs = cpu === undefined ? undefined : (cpu * 1_000) / (bytes / GIGA);
  return { values: { throughput: bytes / elapsed / GIGA, cpuMs }, next: { bytesPerSecond: bytes / elapsed } };
}

async function elapsedSeconds(work) {
  const startMs = performance.now();
  await work();
  return (performance.now() - startMs) / 1_000;
}
