/** `faultlab agent`: a host of the fleet. It registers in etcd, carries links and process faults of its host for runs, and heals by itself when it may not any more. */
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { Agent } from '../../agent/agent.js';
import { ship } from '../../agent/shipping/ship.js';
import { size } from '../../core/units.js';
import { Daemon } from '../../dataplane/daemon.js';
import { bootId } from '../../orchestrator/fleet/boot-id.js';
import type { Registration } from '../../orchestrator/fleet/entries.js';
import { fleetKeys } from '../../orchestrator/fleet/keys.js';
import type { Orders } from '../../orchestrator/fleet/orders.js';
import { defineCommand } from '../command.js';
import { addEtcdOptions, type EtcdOptionValues, requireEtcdClient } from '../etcd-options.js';
import { parseFleetName } from '../fleet/fleet-access.js';
import { aborted } from '../serve-arguments.js';

interface AgentOptions extends EtcdOptionValues {
  name: string;
  label: Record<string, string>;
  host: string;
  environment: string;
  state?: string;
  keep?: number;
  allowExec?: true;
  json?: true;
}

/** `512MiB`. */
function parseKeep(text: string): number {
  const parsed = size({ minBytes: 1 }).safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError(parsed.error.issues[0]?.message ?? 'expected a size');
  return parsed.data;
}

/** `zone=b`, several times. */
function parseLabel(text: string, all: Record<string, string>): Record<string, string> {
  const [, key, value] = /^([A-Za-z0-9][\w.-]*)=(.+)$/.exec(text) ?? [];
  if (key === undefined || value === undefined) throw new InvalidArgumentError('expected KEY=VALUE, like zone=b');
  return { ...all, [key]: value };
}

export const agent = defineCommand({
  name: 'agent',
  summary: 'Join the fleet: carry links and process faults of this host for runs that are steered through etcd.',
  example: 'faultlab agent --etcd https://10.0.0.1:2379,https://10.0.0.2:2379 --name host-7 --label zone=b --host 10.0.1.7',
  configure: (command, context) => {
    addEtcdOptions(command)
      .option('--name <name>', 'unique in the fleet; the host’s own if omitted', parseFleetName, hostname())
      .option('--label <key=value>', 'zone, rack or whatever plans choose agents by; may be repeated', parseLabel, {})
      .option('--host <address>', 'where other hosts reach the services and links of this one', '127.0.0.1')
      .option('--environment <name>', 'plans must name the same one', parseFleetName, 'local')
      .option('--state <folder>', 'for observations that wait, and for output and data of services that runs start here')
      .option('--keep <size>', 'disk for observations that wait, 512MiB if omitted; what is beyond it is lost, and counted', parseKeep)
      .option('--allow-exec', 'let runs start the programs of their plans on this host')
      .option('--json', 'say what happens as JSON lines')
      .action(async (options: AgentOptions) => {
        const { clock, version, labFolder, interrupted } = context;
        const { name, label: labels, host, environment } = options;
        await using client = requireEtcdClient(clock, options);
        await using daemon = new Daemon({ clock, environment });
        const folder = options.state ?? join(tmpdir(), `faultlab-agent-${name}-${process.pid}`);
        const capabilities = ['processes'];
        const startedWallMs = clock.wallMs();
        const registration: Registration = { name, labels, host, version, pid: process.pid, bootId: bootId(), startedWallMs, capabilities };
        const say = (line: string): void => context.say(options.json ? JSON.stringify({ agent: name, line }) : line);
        const ports = {
          clock,
          client,
          keys: fleetKeys(environment),
          daemon,
          registration,
          folder,
          labFolder,
          allowsExec: options.allowExec === true,
          say,
        };
        const shipping = {
          ship: (orders: Orders, place: string) => ship({ clock, daemon, agent: name, bytesMax: options.keep, say }, orders, place),
        };
        await using _agent = await Agent.start({ ...ports, ...shipping }, interrupted);
        if (options.json) context.say(JSON.stringify({ agent: name, environment, pid: process.pid, state: 'ready' }));
        else context.say(`faultlab agent ${name} of environment "${environment}" is ready`);
        await aborted(interrupted);
      });
  },
});
