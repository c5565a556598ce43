/**
 * `faultlab fault …`: faults by hand on a running daemon. A fault added by hand has no orchestrator to renew it, so it lives for its lease, or
 * until it is removed if that is what was asked for.
 */
import type { Command } from 'commander';
import { LabError } from '../../core/errors.js';
import { formatMs } from '../../core/units.js';
import type { FaultStatus } from '../../dataplane/daemon.js';
import { faultSpecSchema } from '../../dataplane/faults/spec.js';
import { addChangeCommand, parseYaml } from '../change-fault.js';
import { type CliContext, defineCommand } from '../command.js';
import { addConnectOptions, type ConnectOptions, connectDaemon } from '../connection.js';
import { type Attributes, addAttribute, addLastingFault, addUpdateCommand, removeLastingFault } from '../lasting-fault.js';
import { renderTable } from '../table.js';

interface AddOptions extends ConnectOptions {
  id?: string;
  value?: unknown;
  percentage: string;
  direction?: string;
  lease: string;
  source?: string[];
  ramp?: unknown;
  pulse?: unknown;
  untilRemoved?: true;
  attribute?: Attributes;
  json?: true;
}

export const fault = defineCommand({
  name: 'fault',
  summary: 'List, add, change or remove faults on a running daemon.',
  example: 'faultlab fault add payments abort --value "{status: 503}" --percentage 40 --lease 60s',
  configure: (command, context) => {
    addListCommand(command, context);
    addAddCommand(command, context);
    addChangeCommand(command, context);
    addUpdateCommand(command, context);
    addRemoveCommand(command, context);
  },
});

function addListCommand(command: Command, context: CliContext): void {
  addConnectOptions(command.command('list').description('Show the faults that are on.'))
    .option('--json', 'as JSON')
    .action(async (options: ConnectOptions & { json?: true }) => {
      const faults = await connectDaemon(options).faults();
      if (options.json) context.say(JSON.stringify(faults, null, 2));
      else if (faults.length === 0) context.say('no fault is on');
      else {
        const endOf = ({ endsInMs }: FaultStatus): string => (endsInMs === null ? 'until removed' : formatMs(endsInMs));
        const shareOf = ({ isOn, percentage }: FaultStatus): string => (isOn ? `${percentage} %` : 'off');
        const rows = faults.map((f) => [f.id, f.type, f.proxies.join(' '), shareOf(f), endOf(f), f.matched, f.applied]);
        context.say(renderTable(['fault', 'type', 'proxies', 'share', 'ends in', 'matched', 'applied'], rows));
      }
    });
}

function addAddCommand(command: Command, context: CliContext): void {
  addConnectOptions(command.command('add').description('Add one fault to a proxy; it ends by itself after its lease.'))
    .argument('<proxy>', 'name of the proxy')
    .argument('<type>', 'fault type, see `faultlab catalog faults`')
    .option('--id <name>', 'name of the fault; TYPE-PROXY if omitted')
    .option('--value <yaml>', 'parameters of the type', parseYaml)
    .option('--percentage <number>', 'share of what matches', '100')
    .option('--direction <way>', 'up, down or both')
    .option('--lease <duration>', 'how long it lives', '60s')
    .option('--source <networks...>', 'only callers of these addresses or networks')
    .option('--ramp <yaml>', 'a percentage that grows, like "{from: 0, to: 50, step: 10, every: 30s}"', parseYaml)
    .option('--pulse <yaml>', 'on and off in turn, like "{active: 5s, dormant: 10s}"', parseYaml)
    .option('--until-removed', 'it has no lease; types and attributes may be Toxiproxy’s')
    .option('--attribute <name=value>', 'one parameter of such a fault; may be repeated', addAttribute)
    .option('--json', 'as JSON')
    .action(async (proxy: string, type: string, options: AddOptions) => {
      if (options.untilRemoved) {
        const attributes = { ...(options.value as Attributes | undefined), ...options.attribute };
        const given = { name: options.id, type, direction: options.direction, percentage: Number(options.percentage), attributes };
        const added = await addLastingFault(options, proxy, given);
        context.say(options.json ? JSON.stringify(added, null, 2) : `${added.name} is on ${proxy} until it is removed`);
        return;
      }
      const { id = `${type}-${proxy}`, value, percentage, direction, lease, source, ramp, pulse } = options;
      const spec = faultSpecSchema.safeParse({
        id,
        type,
        proxies: [proxy],
        percentage,
        lease,
        duration: lease,
        ...(value !== undefined && { value }),
        ...(direction && { direction }),
        ...(source && { source }),
        ...(ramp !== undefined && { ramp }),
        ...(pulse !== undefined && { pulse }),
      });
      if (!spec.success)
        throw new LabError('USAGE', { problem: spec.error.issues.map((i) => `--${i.path.join('.')}: ${i.message}`).join('; ') });
      await connectDaemon(options).inject([spec.data]);
      context.say(
        options.json ? JSON.stringify({ id, lease }) : `${id} is on for ${lease}; \`faultlab fault remove ${id}\` ends it earlier`,
      );
    });
}

function addRemoveCommand(command: Command, context: CliContext): void {
  addConnectOptions(command.command('remove').description('End faults: the ones named, or all.'))
    .argument('[ids...]', 'names of the faults; all if omitted')
    .option('--proxy <name>', 'the names are those of faults that live on this proxy until they are removed')
    .option('--json', 'as JSON')
    .action(async (ids: string[], options: ConnectOptions & { proxy?: string; json?: true }) => {
      if (options.proxy !== undefined) {
        for (const name of ids) await removeLastingFault(options, { proxy: options.proxy, name });
        context.say(options.json ? JSON.stringify({ removed: ids }) : `removed: ${ids.join(', ')}`);
        return;
      }
      const ended = await connectDaemon(options).endFaults(ids);
      if (options.json) context.say(JSON.stringify(ended, null, 2));
      else context.say(ended.length === 0 ? 'no such fault was on' : `ended: ${ended.map((f) => f.id).join(', ')}`);
    });
}
