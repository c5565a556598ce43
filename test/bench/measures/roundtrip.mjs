/** How long one small request takes when nothing else is going on, and how much of that a subject adds to the direct way. */
import { Connection } from '../load/connection.mjs';
import { quantile } from '../statistics.mjs';

const WARM_UP_REQUESTS = 100;
const TITLE = 'round trip, 1 connection';

export const roundtrip = {
  name: 'roundtrip',
  summary: 'round trip of one request after the other on one connection: p50, p99, and what is added to direct',
  route: 'hello',
  metrics: [
    { name: 'p50', title: `${TITLE}, p50`, unit: 'µs', better: 'less' },
    { name: 'p99', title: `${TITLE}, p99`, unit: 'µs', better: 'less' },
    { name: 'p50', title: `${TITLE}, p50 added to direct`, unit: 'µs', better: 'less', isAdded: true, isPictured: true },
    { name: 'p99', title: `${TITLE}, p99 added to direct`, unit: 'µs', better: 'less', isAdded: true },
  ],
  async sample({ address, lengths, signal }) {
    const connection = await Connection.open(address);
    try {
      for (let i = 0; i < WARM_UP_REQUESTS; i++) await connection.get();
      const timesUs = await times(connection, { endMs: performance.now() + lengths.roundtripMs, signal });
      return { values: { p50: quantile(timesUs, 0.5), p99: quantile(timesUs, 0.99) } };
    } finally {
      connection.close();
    }
  },
};

async function times(connection, { endMs, signal }) {
  const timesUs = [];
  let startMs = performance.now();
  while (startMs < endMs && !signal.aborted) {
    await connection.get();
    const nowMs = performance.now();
    timesUs.push((nowMs - startMs) * 1_000);
    startMs = nowMs;
  }
  return timesUs;
}
