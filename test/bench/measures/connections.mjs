/**
 * How many connections a second can be opened, used for one request and closed, and what one costs the subject in processor time. A connection
 * that carries nothing would not reach the upstream.
 */
import { hammer } from '../load/hammer.mjs';
import { withCpuTime } from '../proc.mjs';

const CONNECTIONS = 16;

export const connections = {
  name: 'connections',
  summary: `new connections per second, one request each, ${CONNECTIONS} at a time, and processor time per connection`,
  route: 'hello',
  metrics: [
    { name: 'rate', title: 'new connections, one request each', unit: '1/s', better: 'more', isPictured: true },
    { name: 'cpuUs', title: 'processor time per new connection, one request each', unit: 'µs', better: 'less' },
  ],
  async sample({ address, instance, lengths, signal }) {
    const load = { address, connections: CONNECTIONS, seconds: lengths.seconds, keepsAlive: false, signal };
    const { result, seconds } = await withCpuTime(instance.pids, () => hammer(load));
    return { values: { rate: result.rate, cpuUs: seconds === undefined ? undefined : (seconds / result.count) * 1e6 } };
  },
};
