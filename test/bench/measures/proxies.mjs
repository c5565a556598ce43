/**
 * What a thousand proxies take: to be created all at once and one by one, and then in memory and in processor time while nobody uses them. On a
 * server that was there before, memory includes what it had already.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { residentBytes, withCpuTime } from '../proc.mjs';
import { hasToxics } from '../toxics.mjs';

const IDLE_MS = 2_000;
/** Refused if anybody should dial it: nobody does. */
const UPSTREAM = '127.0.0.1:9';

export const proxies = {
  name: 'proxies',
  summary: '1,000 proxies (200 with --quick) on a fresh process: time to create them, and idle memory and processor time',
  route: 'hello',
  isFresh: true,
  roundsMax: 3,
  metrics: [
    { name: 'populate', title: 'proxies created in one request', unit: 'ms', better: 'less' },
    { name: 'single', title: 'proxies created one by one', unit: 'ms', better: 'less' },
    { name: 'memory', title: 'resident memory with idle proxies', unit: 'MiB', better: 'less' },
    { name: 'cpu', title: 'processor time of idle proxies', unit: '% of a core', better: 'less' },
  ],
  appliesTo: hasToxics,
  async sample({ instance, lengths, signal }) {
    const { toxics, pids } = instance;
    const [half, others] = [named('a', lengths.proxies / 2), named('b', lengths.proxies / 2)];
    try {
      // Each way creates half of them; twice its time is what all would take.
      const populate = 2 * (await elapsedMs(() => toxics.populate(half)));
      const single = 2 * (await elapsedMs(() => oneByOne(others, (proxy) => toxics.create(proxy), signal)));
      const { seconds } = await withCpuTime(pids, () => sleep(IDLE_MS, undefined, { signal }));
      const bytes = pids.length === 0 ? undefined : residentBytes(pids);
      const cpu = seconds === undefined ? undefined : (seconds / IDLE_MS) * 1_000 * 100;
      return { values: { populate, single, memory: bytes === undefined ? undefined : bytes / 2 ** 20, cpu } };
    } finally {
      await oneByOne([...half, ...others], ({ name }) => toxics.remove(name).catch(() => {}), signal);
    }
  },
};

function named(group, count) {
  return Array.from({ length: count }, (_, i) => {
    return { name: `faultlab-bench-${process.pid}-${group}${i}`, listen: '127.0.0.1:0', upstream: UPSTREAM, enabled: true };
  });
}

async function oneByOne(items, work, signal) {
  for (const item of items) {
    if (signal.aborted) return;
    await work(item);
  }
}

async function elapsedMs(work) {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}
