/** How many connections a second can be opened, used for one request and closed. A connection that carries nothing would not reach the upstream. */
import { hammer } from '../load/hammer.mjs';

const CONNECTIONS = 16;

export const connections = {
  name: 'connections',
  summary: `new connections per second, one request each, ${CONNECTIONS} at a time`,
  route: 'hello',
  metrics: [{ name: 'rate', title: 'new connections, one request each', unit: '1/s', better: 'more' }],
  async sample({ address, lengths, signal }) {
    const { rate } = await hammer({ address, connections: CONNECTIONS, seconds: lengths.seconds, keepsAlive: false, signal });
    return { values: { rate } };
  },
};
