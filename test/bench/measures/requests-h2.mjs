/** Requests by HTTP/2 inside of TLS. Our link and HAProxy speak HTTP/2 to the upstream as well; nginx, which cannot, speaks HTTP/1.1 to it. */
import { h2loadMissing, hammerHttp2 } from '../load/h2load.mjs';
import { withCpuTime } from '../proc.mjs';

const CONNECTIONS = 8;
const STREAMS = 4;
const TITLE = `${CONNECTIONS} connections with ${STREAMS} streams each`;

export const requestsH2 = {
  name: 'requests-h2',
  summary: `requests per second by HTTP/2 inside of TLS, ${TITLE}, and processor time per request`,
  route: 'h2',
  metrics: [
    { name: 'rate', title: `requests by HTTP/2, ${TITLE}`, unit: '1/s', better: 'more' },
    { name: 'cpuUs', title: `processor time per request by HTTP/2, ${TITLE}`, unit: 'µs', better: 'less' },
  ],
  appliesTo: ({ routes }) => routes.h2 !== undefined,
  missing: h2loadMissing,
  async sample({ address, instance, lengths, signal }) {
    const load = { address, connections: CONNECTIONS, streams: STREAMS, seconds: lengths.seconds, signal };
    const { result, seconds } = await withCpuTime(instance.pids, () => hammerHttp2(load));
    return { values: { rate: result.rate, cpuUs: seconds === undefined ? undefined : (seconds / result.count) * 1e6 } };
  },
};
