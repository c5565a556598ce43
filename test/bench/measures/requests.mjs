/** How many small requests a second 32 connections that stay open get through. */
import { hammer } from '../load/hammer.mjs';

const CONNECTIONS = 32;

export const requests = {
  name: 'requests',
  summary: `requests per second over ${CONNECTIONS} keep-alive connections, every answer a 200`,
  route: 'hello',
  metrics: [{ name: 'rate', title: `requests, ${CONNECTIONS} keep-alive connections`, unit: '1/s', better: 'more' }],
  async sample({ address, lengths, signal }) {
    return { values: { rate: await hammer({ address, connections: CONNECTIONS, seconds: lengths.seconds, keepsAlive: true, signal }) } };
  },
};
