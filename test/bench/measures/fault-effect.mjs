/**
 * How soon a fault is felt on connections that are open and busy, counted from the moment at which the API has answered: until the last request
 * that got through without it was sent. Nothing, if the fault was there before the answer.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '../load/connection.mjs';
import { quantile } from '../statistics.mjs';
import { hasToxics } from '../toxics.mjs';

const CONNECTIONS = 8;
/** Much more than a round trip takes, so that nobody wonders which one had the fault. */
const LATENCY_MS = 60;

export const faultEffect = {
  name: 'fault-effect',
  summary: `until a fault is felt on ${CONNECTIONS} busy connections, from the API's answer on: p99 over connections and injections`,
  route: 'hello',
  metrics: [{ name: 'p99', title: 'fault felt after the API has answered, p99', unit: 'ms', better: 'less' }],
  appliesTo: hasToxics,
  async sample({ address, instance, lengths, signal }) {
    const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => Connection.open(address)));
    try {
      const waitsMs = [];
      for (let i = 0; i < lengths.injections && !signal.aborted; i++) waitsMs.push(...(await inject(connections, instance.toxics)));
      return { values: { p99: quantile(waitsMs, 0.99) } };
    } finally {
      for (const connection of connections) connection.close();
    }
  },
};

/** One injection under load; gives how long it took to be felt on each connection. */
async function inject(connections, toxics) {
  const load = new AbortController();
  const lanes = Promise.all(connections.map((connection) => sentUnharmed(connection, load.signal)));
  // It is waited for below; until then a connection that breaks is no business of the process.
  lanes.catch(() => {});
  await sleep(LATENCY_MS / 2);
  const heal = await toxics.add('hello', 'latency', { latency: LATENCY_MS });
  const answeredMs = performance.now();
  await sleep(LATENCY_MS * 2);
  load.abort();
  const lastSentMs = await lanes;
  await heal();
  return lastSentMs.map((sentMs) => Math.max(0, sentMs - answeredMs));
}

/** Asks until aborted; gives when the last request was sent that came back without the delay. */
async function sentUnharmed(connection, signal) {
  let lastMs = 0;
  while (!signal.aborted) {
    const sentMs = performance.now();
    await connection.get();
    if (performance.now() - sentMs < LATENCY_MS) lastMs = sentMs;
  }
  return lastMs;
}
