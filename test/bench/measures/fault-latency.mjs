/**
 * How exactly a delay is kept: round trips under a latency fault of 20 ms, and how much longer than that each of them took. It includes what the
 * way itself takes, which is the same for all; a round trip that is shorter than the fault has been let through early.
 */
import { Connection } from '../load/connection.mjs';
import { quantile } from '../statistics.mjs';
import { hasToxics } from '../toxics.mjs';

const LATENCY_MS = 20;
const CONNECTIONS = 8;
const TITLE = `latency fault of ${LATENCY_MS} ms, beyond it`;

export const faultLatency = {
  name: 'fault-latency',
  summary: `round trips under a latency fault of ${LATENCY_MS} ms: how much longer they take, and that none is shorter`,
  route: 'hello',
  metrics: [
    { name: 'p50', title: `${TITLE}, p50`, unit: 'ms', better: 'less' },
    { name: 'p99', title: `${TITLE}, p99`, unit: 'ms', better: 'less' },
    { name: 'early', title: `round trips shorter than their latency fault of ${LATENCY_MS} ms`, unit: '%', better: 'less' },
  ],
  appliesTo: hasToxics,
  async sample({ address, instance, lengths, signal }) {
    const heal = await instance.toxics.add('hello', 'latency', { latency: LATENCY_MS });
    try {
      const endMs = performance.now() + lengths.faultMs;
      const lanes = Array.from({ length: CONNECTIONS }, () => beyond({ address, endMs, signal }));
      const beyondMs = (await Promise.all(lanes)).flat();
      const early = beyondMs.filter((ms) => ms < 0).length / beyondMs.length;
      return { values: { p50: quantile(beyondMs, 0.5), p99: quantile(beyondMs, 0.99), early: early * 100 } };
    } finally {
      await heal();
    }
  },
};

async function beyond({ address, endMs, signal }) {
  const connection = await Connection.open(address);
  const timesMs = [];
  let startMs = performance.now();
  do {
    await connection.get();
    const nowMs = performance.now();
    timesMs.push(nowMs - startMs - LATENCY_MS);
    startMs = nowMs;
  } while (startMs < endMs && !signal.aborted);
  connection.close();
  return timesMs;
}
