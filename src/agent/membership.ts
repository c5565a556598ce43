/**
 * An agent's place among the agents: its name, held under a lease of its own. What a reader gets wrong: who has lost the lease has lost the name, and whoever
 * registers again, be it the same process, is another one to every run.
 */
import { type Clock, sleep } from '../core/clock.js';
import { LabError } from '../core/errors.js';
import type { EtcdClient } from '../etcd/client.js';
import { AGENT_LEASE_MS, parseEntry, type Registration, registrationSchema } from '../orchestrator/fleet/entries.js';
import type { FleetKeys } from '../orchestrator/fleet/keys.js';

const RETRY_MS = 500;

export interface Membership {
  lease: string;
  /** The create revision of the registration. */
  revision: number;
}

/**
 * Registers, and waits for a lease where the name is still taken: it may be that of a process that has died. Rejects with AGENT_NAME_TAKEN, and with what
 * etcd refuses.
 */
export async function join(
  { clock, client, keys }: { clock: Clock; client: EtcdClient; keys: FleetKeys },
  registration: Registration,
  signal: AbortSignal,
): Promise<Membership> {
  const key = keys.agent(registration.name);
  const giveUpMs = clock.nowMs() + AGENT_LEASE_MS * 1.5;
  for (;;) {
    const { lease } = await client.grant(AGENT_LEASE_MS);
    const put = { op: 'put', key, value: JSON.stringify(registration), lease } as const;
    const { held, revision, read } = await client.txn({
      conditions: [{ key, is: 'created', revision: 0 }],
      ops: [put],
      otherwise: [{ op: 'read', key }],
      signal,
    });
    const other = read[0]?.[0];
    if (held) return { lease, revision };
    // The answer to the first try may have been lost on its way.
    if (other?.lease === lease) return { lease, revision: other.createRevision };
    await client.revoke(lease);
    if (clock.nowMs() > giveUpMs) {
      const { host } = other === undefined ? { host: 'nobody knows where' } : parseEntry(registrationSchema, other);
      throw new LabError('AGENT_NAME_TAKEN', { agent: registration.name, host });
    }
    await sleep(clock, RETRY_MS, signal);
  }
}
