/**
 * What an idle connection costs a subject in resident memory: a fresh process each time, because a heap that has once grown hides what comes
 * later. There are many of them, because a heap grows in steps of megabytes. Every connection has carried one request, so it is connected through wherever the subject does that, and stays open.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '../load/connection.mjs';
import { residentBytes } from '../proc.mjs';

const WARM_UP_CONNECTIONS = 200;
const AT_ONCE = 50;
/** Time for what was closed to be gone, and for what was opened to come to rest. */
const SETTLE_MS = 300;

export const memory = {
  name: 'memory',
  summary: 'resident memory per idle connection of a fresh process: 5,000 of them (1,000 with --quick), each after one request',
  route: 'hello',
  isFresh: true,
  /** It hardly depends on what else the machine does. */
  roundsMax: 3,
  metrics: [{ name: 'perConnection', title: 'memory per idle connection', unit: 'KiB', better: 'less', isPictured: true }],
  missing: ({ pids }) => (pids.length === 0 ? 'no process of its own here' : undefined),
  async sample({ address, instance, lengths, signal }) {
    await close(await openMany(address, WARM_UP_CONNECTIONS, signal));
    const beforeBytes = residentBytes(instance.pids);
    const connections = await openMany(address, lengths.idleConnections, signal);
    await sleep(SETTLE_MS, undefined, { signal });
    const afterBytes = residentBytes(instance.pids);
    await close(connections);
    if (beforeBytes === undefined || afterBytes === undefined) throw new Error('the process is gone, or there is no /proc');
    return { values: { perConnection: (afterBytes - beforeBytes) / 1024 / lengths.idleConnections } };
  },
};

async function openMany(address, count, signal) {
  const connections = [];
  while (connections.length < count && !signal.aborted) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - connections.length) }, () => openUsed(address));
    connections.push(...(await Promise.all(batch)));
  }
  return connections;
}

async function openUsed(address) {
  const connection = await Connection.open(address);
  await connection.get();
  return connection;
}

async function close(connections) {
  for (const connection of connections) connection.close();
  await sleep(SETTLE_MS);
}
