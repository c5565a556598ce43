/**
 * Takes agents for a run: all of them or none. Everything is written under the run's lease, so a run that dies in the middle has taken nobody. What a reader
 * gets wrong: the answer to a write may be lost on its way, so who finds a key taken looks first whether it is his own.
 */
import { type Clock, sleep } from '../../core/clock.js';
import { LabError } from '../../core/errors.js';
import type { EtcdClient, Op } from '../../etcd/client.js';
import type { RunEntry } from './entries.js';
import type { FleetKeys } from './keys.js';

/** Keys of one transaction. */
const TOGETHER_MAX = 60;
const LOOK_EVERY_MS = 1_000;

export interface ClaimPorts {
  clock: Clock;
  client: EtcdClient;
  keys: FleetKeys;
}

export interface RunClaimed {
  lease: string;
  leaseMs: number;
  /** The create revision of the run's key: larger than that of any run before. */
  epoch: number;
}

/** Waits up to `queueForMs` for agents that other runs have. Rejects with AGENT_HELD, RUN_ACTIVE, or the signal's reason; nothing is taken then. */
export async function claimAgents(
  ports: ClaimPorts,
  { entry, queueForMs, signal }: { entry: RunEntry; queueForMs: number; signal: AbortSignal },
): Promise<RunClaimed> {
  const { clock, client, keys } = ports;
  const { lease, leaseMs } = await client.grant(entry.leaseMs);
  const giveUpMs = clock.nowMs() + queueForMs;
  try {
    const epoch = await createRun(ports, entry, lease);
    for (;;) {
      const other = await holdAll(ports, { agents: entry.agents, run: entry.run, lease });
      if (other === undefined) return { lease, leaseMs, epoch };
      if (clock.nowMs() >= giveUpMs) throw new LabError('AGENT_HELD', other);
      await sleep(clock, LOOK_EVERY_MS, signal);
      if ((await client.keepAlive(lease)) === 0) throw new LabError('LEASE_GONE', { holder: keys.run(entry.run) });
    }
  } catch (error) {
    await client.revoke(lease).catch(() => {});
    throw error;
  }
}

async function createRun({ client, keys }: ClaimPorts, entry: RunEntry, lease: string): Promise<number> {
  const key = keys.run(entry.run);
  const { held, revision, read } = await client.txn({
    conditions: [{ key, is: 'created', revision: 0 }],
    ops: [{ op: 'put', key, value: JSON.stringify(entry), lease }],
    otherwise: [{ op: 'read', key }],
  });
  const found = read[0]?.[0];
  if (held) return revision;
  if (found?.lease === lease) return found.createRevision;
  throw new LabError('RUN_ACTIVE', { run: entry.run });
}

/** Who has one of them, and which; undefined: they are ours. */
async function holdAll(
  ports: ClaimPorts,
  { agents, run, lease }: { agents: readonly string[]; run: string; lease: string },
): Promise<{ agent: string; run: string } | undefined> {
  for (let i = 0; i < agents.length; i += TOGETHER_MAX) {
    const other = await holdSome(ports, { agents: agents.slice(i, i + TOGETHER_MAX), run, lease });
    if (other === undefined) continue;
    // Half of them in our hands would keep others waiting who wait for the other half.
    for (let j = 0; j < i; j += TOGETHER_MAX) {
      const ours = agents.slice(j, j + TOGETHER_MAX);
      await ports.client.txn({ ops: ours.map((agent): Op => ({ op: 'delete', key: ports.keys.hold(agent) })) });
    }
    return other;
  }
  return undefined;
}

async function holdSome(
  { client, keys }: ClaimPorts,
  { agents, run, lease }: { agents: readonly string[]; run: string; lease: string },
): Promise<{ agent: string; run: string } | undefined> {
  const holds = agents.map((agent) => keys.hold(agent));
  const { held, read } = await client.txn({
    conditions: holds.map((key) => ({ key, is: 'created', revision: 0 })),
    ops: holds.map((key): Op => ({ op: 'put', key, value: run, lease })),
    otherwise: holds.map((key): Op => ({ op: 'read', key })),
  });
  if (held) return undefined;
  const i = read.findIndex(([found]) => found !== undefined && found.lease !== lease);
  const taken = read[i]?.[0];
  return taken && { agent: agents[i] ?? '', run: taken.value };
}
