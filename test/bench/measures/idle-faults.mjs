/** What 200 faults cost that look at every request and never match one: half by path, half by a header. */
import { ask } from '../http-api.mjs';
import { costMetrics, sampleCost } from '../load/cost.mjs';

const FAULTS = 200;
const LEASE = '600s';
const RUN = 'bench';

export const idleFaults = {
  name: 'idle-faults',
  summary: `requests per second and processor time with ${FAULTS} faults that match nothing, beside the same link without them`,
  route: 'hello',
  metrics: costMetrics(`${FAULTS} faults that do not match`),
  appliesTo: ({ routes, url }) => url !== undefined && routes.unrecorded !== undefined,
  sample: ({ address, instance, lengths, signal }) =>
    sampleCost({
      without: address,
      between: async () => {
        await ask(instance.url, 'POST', '/v1/faults', { run: RUN, faults: Array.from({ length: FAULTS }, (_, i) => faultOf(i)) });
        return { address, undo: () => ask(instance.url, 'DELETE', `/v1/faults?run=${RUN}`) };
      },
      pids: instance.pids,
      seconds: lengths.seconds,
      signal,
    }),
};

function faultOf(i) {
  const match = i % 2 === 0 ? { path: `/elsewhere/${i}/**` } : { headers: { 'x-customer': `customer-${i}` } };
  return { id: `bench-${i}`, proxies: ['hello'], type: 'abort', value: { status: 503 }, lease: LEASE, match };
}
