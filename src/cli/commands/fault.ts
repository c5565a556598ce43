/** `faultlab fault list|add|remove`: faults by hand on a running daemon. A fault added by hand has no orchestrator to renew it, so it lives for its lease. */
import { InvalidArgumentError } from 'commander';
import { parse } from 'yaml';
import { LabError } from '../../core/errors.js';
import { formatMs } from '../../core/units.js';
import { faultSpecSchema } from '../../dataplane/faults/spec.js';
import { defineCommand } from '../command.js';
import { addConnectOptions, type ConnectOptions, connectDaemon } from '../connection.js';
import { renderTable } from '../table.js';

interface AddOptions extends ConnectOptions {
  id?: string;
  value?: unknown;
  percentage: string;
  direction?: string;
  lease: string;
}

function parseValue(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    throw new InvalidArgumentError('expected YAML or JSON, like "{status: 503}"');
  }
}

export const fault = defineCommand({
  name: 'fault',
  summary: 'List, add or remove faults on a running daemon.',
  example: 'faultlab fault add payments abort --value "{status: 503}" --percentage 40 --lease 60s',
  configure: (command, context) => {
    addConnectOptions(command.command('list').description('Show the faults that are on.'))
      .option('--json', 'as JSON')
      .action(async (options: ConnectOptions & { json?: true }) => {
        const faults = await connectDaemon(options).faults();
        if (options.json) context.say(JSON.stringify(faults, null, 2));
        else if (faults.length === 0) context.say('no fault is on');
        else {
          const rows = faults.map((f) => [
            f.id,
            f.type,
            f.proxies.join(' '),
            `${f.percentage} %`,
            f.endsInMs === null ? 'until removed' : formatMs(f.endsInMs),
            f.matched,
            f.applied,
          ]);
          context.say(renderTable(['fault', 'type', 'proxies', 'share', 'ends in', 'matched', 'applied'], rows));
        }
      });
    addConnectOptions(command.command('add').description('Add one fault to a proxy; it ends by itself after its lease.'))
      .argument('<proxy>', 'name of the proxy')
      .argument('<type>', 'fault type, see `faultlab catalog faults`')
      .option('--id <name>', 'name of the fault; TYPE-PROXY if omitted')
      .option('--value <yaml>', 'parameters of the type', parseValue)
      .option('--percentage <number>', 'share of what matches', '100')
      .option('--direction <way>', 'up, down or both')
      .option('--lease <duration>', 'how long it lives', '60s')
      .action(async (proxy: string, type: string, options: AddOptions) => {
        const { id = `${type}-${proxy}`, value, percentage, direction, lease } = options;
        const spec = faultSpecSchema.safeParse({
          id,
          type,
          proxies: [proxy],
          percentage,
          lease,
          duration: lease,
          ...(value !== undefined && { value }),
          ...(direction && { direction }),
        });
        if (!spec.success)
          throw new LabError('USAGE', { problem: spec.error.issues.map((i) => `--${i.path.join('.')}: ${i.message}`).join('; ') });
        await connectDaemon(options).inject([spec.data]);
        context.say(`${id} is on for ${lease}; \`faultlab fault remove ${id}\` ends it earlier`);
      });
    addConnectOptions(command.command('remove').description('End faults: the ones named, or all.'))
      .argument('[ids...]', 'names of the faults; all if omitted')
      .action(async (ids: string[], options: ConnectOptions) => {
        const ended = await connectDaemon(options).endFaults(ids);
        context.say(ended.length === 0 ? 'no such fault was on' : `ended: ${ended.map((f) => f.id).join(', ')}`);
      });
  },
});
