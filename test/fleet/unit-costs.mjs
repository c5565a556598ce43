/**
 * What one request of each kind costs, in processor time: of etcd, and of a client in Node. Processor time, because a busy machine takes longer and not more. The simulation
 * (simulate.mjs) reckons with these figures: `npm run bench:fleet -- --unit-costs` prints them.
 */
import { request } from 'undici';
import { withCpuTime } from '../bench/proc.mjs';
import { Etcd } from '../support/fleet/etcd.mjs';

const REQUESTS = 2_000;
const AT_ONCE = 16;
/** About what an agent says of a host with a dozen links. */
const VALUE_BYTES = 1_500;

const base64 = (text) => Buffer.from(text).toString('base64');

function kindsOf(lease) {
  const value = base64('x'.repeat(VALUE_BYTES));
  const put = (i) => ({ request_put: { key: base64(`k/${i % 100}`), value, lease } });
  const read = (key) => ({ request_range: { key: base64(key), range_end: base64(`${key}~`) } });
  return {
    renew: () => ['/v3/lease/keepalive', { ID: lease }],
    timeToLive: () => ['/v3/lease/timetolive', { ID: lease }],
    put: (i) => ['/v3/kv/txn', { success: [put(i)] }],
    putSixty: () => ['/v3/kv/txn', { success: Array.from({ length: 60 }, (_, i) => put(i)) }],
    readTwo: () => ['/v3/kv/txn', { success: [read('none'), read('halt')] }],
    readHundred: () => ['/v3/kv/txn', { success: [read('k/')] }],
  };
}

/** Kind → milliseconds of processor time of one request: `server` and `client`. */
export async function measureUnitCosts() {
  const etcd = await Etcd.start();
  try {
    return await measureOn(etcd);
  } finally {
    await etcd[Symbol.asyncDispose]();
  }
}

async function measureOn(etcd) {
  const [url] = etcd.endpoints;
  const { ID: lease } = await etcd.ask('/v3/lease/grant', { TTL: '600' });
  const costs = {};
  for (const [kind, make] of Object.entries(kindsOf(lease))) {
    const count = kind.endsWith('Sixty') || kind.endsWith('Hundred') ? REQUESTS / 10 : REQUESTS;
    const ask = async (i) => {
      const [path, body] = make(i);
      const answer = await request(url + path, { method: 'POST', body: JSON.stringify(body) });
      JSON.parse(await answer.body.text());
    };
    let next = 0;
    const own = process.cpuUsage();
    const { seconds } = await withCpuTime(etcd.pids, () =>
      Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          while (next < count) await ask(next++);
        }),
      ),
    );
    const { user, system } = process.cpuUsage(own);
    costs[kind] = { server: (seconds * 1e3) / count, client: (user + system) / 1e3 / count };
  }
  return costs;
}
