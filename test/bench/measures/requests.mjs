/**
 * How many small requests a second 32 connections that stay open get through, and what a request costs the subject in processor time. The latter
 * hardly changes with what else the machine does, and it is where a subject with many threads and one with a single thread meet.
 */
import { hammer } from '../load/hammer.mjs';
import { withCpuTime } from '../proc.mjs';

const CONNECTIONS = 32;

export const requests = {
  name: 'requests',
  summary: `requests per second over ${CONNECTIONS} keep-alive connections, every answer a 200, and processor time per request`,
  route: 'hello',
  metrics: [
    { name: 'rate', title: `requests, ${CONNECTIONS} keep-alive connections`, unit: '1/s', better: 'more', isPictured: true },
    { name: 'cpuUs', title: `processor time per request, ${CONNECTIONS} keep-alive connections`, unit: 'µs', better: 'less' },
  ],
  async sample({ address, instance, lengths, signal }) {
    const load = { address, connections: CONNECTIONS, seconds: lengths.seconds, keepsAlive: true, signal };
    const { result, seconds } = await withCpuTime(instance.pids, () => hammer(load));
    return { values: { rate: result.rate, cpuUs: seconds === undefined ? undefined : (seconds / result.count) * 1e6 } };
  },
};
