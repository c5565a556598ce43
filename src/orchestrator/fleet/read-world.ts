/** Who there is, at one revision: the agents, which of them no run may take, and whether everything is halted. */
import type { EtcdClient } from '../../etcd/client.js';
import { type HaltEntry, haltSchema, parseEntry, type Registration, registrationSchema } from './entries.js';
import { type FleetKeys, lastPart } from './keys.js';

export interface KnownAgent {
  registration: Registration;
  /** Create revision of the registration. */
  revision: number;
  /** Of the run that has it. */
  heldBy: string | undefined;
  isDraining: boolean;
}

export interface World {
  revision: number;
  agents: readonly KnownAgent[];
  halt: HaltEntry | undefined;
}

/** Throws AGENT_INVALID where somebody has written what no agent writes. */
export async function readWorld({ client, keys }: { client: EtcdClient; keys: FleetKeys }): Promise<World> {
  const { revision, read } = await client.txn({
    ops: [
      { op: 'read', key: keys.agents, isPrefix: true },
      { op: 'read', key: keys.holds, isPrefix: true },
      { op: 'read', key: keys.drains, isPrefix: true },
      { op: 'read', key: keys.halt },
    ],
  });
  const [agents = [], holds = [], drains = [], [halt] = []] = read;
  const heldBy = new Map(holds.map(({ key, value }) => [lastPart(key), value]));
  const draining = new Set(drains.map(({ key }) => lastPart(key)));
  return {
    revision,
    agents: agents.map((entry) => {
      const registration = parseEntry(registrationSchema, entry);
      const { name } = registration;
      return { registration, revision: entry.createRevision, heldBy: heldBy.get(name), isDraining: draining.has(name) };
    }),
    halt: halt && parseEntry(haltSchema, halt),
  };
}
