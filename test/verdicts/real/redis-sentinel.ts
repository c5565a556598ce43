/**
 * Redis with Sentinel, and redis-py, which asks Sentinel who leads. Everybody reaches the servers by links of ours, Sentinel and the replicas too: they
 * announce the links' ports as their own. What Sentinel says is its log.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostClock, sleep } from '../../../src/core/clock.js';
import { type Cluster, type Founders, realFailover } from './failover-cycles.js';
import { freePort, missingProgram, startListening } from './program.js';
import { missingPython, startPython } from './python-library.js';
import { startRedis, tellRedis } from './redis-server.js';

const SERVERS = ['redis-1', 'redis-2'];
const SYNC_TRIES = 300;
const SYNC_WAIT_MS = 100;

const gather: Founders['gather'] = async (stage, { ports, callers, onLeader }) => {
  const linkOf = new Map(SERVERS.map((server) => [server, stage.portOf(callers.good, server)]));
  const serverAt = new Map([...linkOf].map(([server, port]) => [`${port}`, server]));
  const follow = async (server: string, leader: string): Promise<void> => {
    const port = ports.get(server) ?? 0;
    await tellRedis(port, 'replicaof', '127.0.0.1', `${linkOf.get(leader)}`);
    for (let tries = 0; tries < SYNC_TRIES; tries++) {
      if ((await tellRedis(port, 'info', 'replication')).includes('master_link_status:up')) return;
      await sleep(hostClock, SYNC_WAIT_MS);
    }
    throw new Error(`${server} does not follow ${leader}`);
  };
  for (const server of SERVERS) {
    const port = ports.get(server) ?? 0;
    await tellRedis(port, 'config', 'set', 'replica-announce-ip', '127.0.0.1', 'replica-announce-port', `${linkOf.get(server)}`);
  }
  let leader = 'redis-1';
  await follow('redis-2', leader);
  const sentinel = await startSentinel(linkOf.get(leader) ?? 0, (port, atMs) => {
    leader = serverAt.get(port) ?? leader;
    onLeader(leader, atMs);
  });
  const cluster: Cluster = {
    leader: () => leader,
    follow: (onSaid) => startPython('sentinel_client.py', { args: [`${sentinel.port}`, 'sentinel'], onSaid }),
    cling: (server) => startPython('sentinel_client.py', { args: [`${stage.portOf(callers.bad, server)}`, 'fixed'], onSaid: () => {} }),
    rejoin: (server) => follow(server, leader),
    [Symbol.asyncDispose]: sentinel[Symbol.asyncDispose],
  };
  return cluster;
};

async function startSentinel(
  leaderPort: number,
  onSwitch: (port: string, atMs: number) => void,
): Promise<AsyncDisposable & { port: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'faultlab-sentinel-'));
  const port = await freePort();
  const file = join(folder, 'sentinel.conf');
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor lab 127.0.0.1 ${leaderPort} 1`,
    'sentinel down-after-milliseconds lab 500',
    'sentinel failover-timeout lab 2000',
  ];
  writeFileSync(file, `${settings.join('\n')}\n`);
  const onLine = (line: string, atMs: number): void => {
    const [, to] = /\+switch-master lab 127\.0\.0\.1 \d+ 127\.0\.0\.1 (\d+)/.exec(line) ?? [];
    if (to !== undefined) onSwitch(to, atMs);
  };
  const program = await startListening('redis-sentinel', { args: [file], port, onLine });
  // Once in ten seconds it looks at its replicas: one that has just come would not be known yet when the leader is lost again.
  await tellRedis(port, 'sentinel', 'debug', 'info-period', '500');
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      await program[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const redisSentinel = realFailover({
  name: 'Redis 7.0 Sentinel (real)',
  summary: 'down after 500 ms, one Sentinel, redis-py',
  missing: () => missingProgram('redis-sentinel') ?? missingPython('redis'),
  servers: SERVERS,
  founders: () => ({ start: startRedis, gather }),
  withinMs: 5_000,
  faultMs: 6_500,
});
