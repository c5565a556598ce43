/** Requests over connections that stay open, with TLS between client and subject. */
import { hammer, hammerKind } from '../load/hammer.mjs';
import { withCpuTime } from '../proc.mjs';

const CONNECTIONS = 32;

export const requestsTls = {
  name: 'requests-tls',
  summary: `requests per second over ${CONNECTIONS} keep-alive connections by TLS, and processor time per request`,
  route: 'tls',
  metrics: [
    { name: 'rate', title: `requests by TLS, ${CONNECTIONS} keep-alive connections`, unit: '1/s', better: 'more' },
    { name: 'cpuUs', title: `processor time per request by TLS, ${CONNECTIONS} keep-alive connections`, unit: 'µs', better: 'less' },
  ],
  appliesTo: ({ routes }) => routes.tls !== undefined,
  missing: () => (hammerKind === 'wrk' ? undefined : 'wrk is not installed: apt-get install wrk'),
  async sample({ address, instance, lengths, signal }) {
    const load = { address, connections: CONNECTIONS, seconds: lengths.seconds, keepsAlive: true, scheme: 'https', signal };
    const { result, seconds } = await withCpuTime(instance.pids, () => hammer(load));
    return { values: { rate: result.rate, cpuUs: seconds === undefined ? undefined : (seconds / result.count) * 1e6 } };
  },
};
