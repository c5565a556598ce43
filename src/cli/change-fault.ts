/** `faultlab fault change`: another percentage or other parameters for a fault with a lease, on live connections too. */
import { type Command, InvalidArgumentError } from 'commander';
import { parse } from 'yaml';
import { LabError } from '../core/errors.js';
import { percentage } from '../core/units.js';
import type { CliContext } from './command.js';
import { type ConnectOptions, connectDaemon } from './connection.js';
import { addDaemonCommand } from './daemon-command.js';

/** Parameters as they stand in an experiment. */
export function parseYaml(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    throw new InvalidArgumentError('expected YAML or JSON, like "{status: 503}"');
  }
}

/** `40` or `40%`. */
export function parsePercentage(text: string): number {
  const parsed = percentage().safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(parsed.error.issues[0]?.message ?? '');
}

export function addChangeCommand(command: Command, context: CliContext): void {
  addDaemonCommand(command, {
    name: 'change',
    summary: 'Change a fault that has a lease; who is hit at 10 % is among those hit at 20 %.',
    example: 'faultlab fault change latency-payments --percentage 20',
  })
    .argument('<id>', 'name of the fault')
    .option('--percentage <number>', 'share of what matches; ends a ramp', parsePercentage)
    .option('--value <yaml>', 'parameters of the type, all of them', parseYaml)
    .option('--json', 'as JSON')
    .action(async (id: string, options: ConnectOptions & { percentage?: number; value?: unknown; json?: true }) => {
      const { percentage: share, value, json } = options;
      if (share === undefined && value === undefined) throw new LabError('USAGE', { problem: 'give --percentage, --value or both' });
      const changed = await connectDaemon(options).change(id, { percentage: share, value });
      context.say(json ? JSON.stringify(changed, null, 2) : `${id} is changed: ${changed.percentage} % of what matches`);
    });
}
