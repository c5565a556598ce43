/** What every command about the fleet is told: where its etcd is, and which environment of it is meant. */
import { type Command, InvalidArgumentError } from 'commander';
import type { EtcdClient } from '../../etcd/client.js';
import { type FleetKeys, fleetKeys, fleetName } from '../../orchestrator/fleet/keys.js';
import type { CliContext } from '../command.js';
import { addEtcdOptions, type EtcdOptionValues, requireEtcdClient } from '../etcd-options.js';

export interface FleetOptions extends EtcdOptionValues {
  environment: string;
}

export interface FleetAccess {
  client: EtcdClient;
  keys: FleetKeys;
}

export function addFleetOptions(command: Command): Command {
  return addEtcdOptions(command).option('--environment <name>', 'whose agents', parseFleetName, 'local');
}

/** Of an agent or an environment: both are parts of keys in etcd. */
export function parseFleetName(text: string): string {
  const { success, error } = fleetName().safeParse(text);
  if (!success) throw new InvalidArgumentError(error.issues[0]?.message ?? 'expected a name');
  return text;
}

/** Throws USAGE without `--etcd`. */
export async function withFleet<T>({ clock }: CliContext, options: FleetOptions, use: (fleet: FleetAccess) => Promise<T>): Promise<T> {
  await using client = requireEtcdClient(clock, options);
  return await use({ client, keys: fleetKeys(options.environment) });
}
