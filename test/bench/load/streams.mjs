/** Throughput of so many streams at once. Every subject gets streams that last about as long, whatever its speed, so that none is judged from a blink. */
import { download } from './download.mjs';

const FIRST_BYTES = 96 * 1024 * 1024;
const GIGA = 1e9;

/** `previous` is what an earlier sample of the same subject left in `next`; without it a short first stream finds the speed out. */
export async function sampleStreams({ address, streams, streamMs, previous, signal }) {
  const totalBytes = previous === undefined ? FIRST_BYTES : Math.ceil((previous.bytesPerSecond * streamMs) / 1_000);
  const bytesEach = Math.ceil(totalBytes / streams);
  const startMs = performance.now();
  await Promise.all(Array.from({ length: streams }, () => download(address, bytesEach, signal)));
  const seconds = (performance.now() - startMs) / 1_000;
  const bytesPerSecond = (bytesEach * streams) / seconds;
  return { values: { throughput: bytesPerSecond / GIGA }, next: { bytesPerSecond } };
}
