/**
 * `faultlab fault …`: faults by hand on a running daemon. A fault added by hand has no orchestrator to renew it, so it lives for its lease, or
 * until it is removed if that is what was asked for.
 */
import type { Command } from 'commander';
import { LabError } from '../../core/errors.js';
import { listed } from '../../core/suggest.js';
import { formatMs } from '../../core/units.js';
import type { FaultStatus } from '../../dataplane/fault-status.js';
import { addAddCommand } from '../add-fault.js';
import { addChangeCommand } from '../change-fault.js';
import { type CliContext, defineCommand } from '../command.js';
import { type ConnectOptions, connectDaemon } from '../connection.js';
import { addDaemonCommand } from '../daemon-command.js';
import { addUpdateCommand, removeLastingFault } from '../lasting-fault.js';
import { addReleaseCommand } from '../release-fault.js';
import { renderTable } from '../table.js';

export const fault = defineCommand({
  name: 'fault',
  summary: 'List, add, change, release or remove faults on a running daemon.',
  example: 'faultlab fault add payments abort --value "{status: 503}" --percentage 40 --lease 60s',
  configure: (command, context) => {
    addListCommand(command, context);
    addAddCommand(command, context);
    addChangeCommand(command, context);
    addUpdateCommand(command, context);
    addReleaseCommand(command, context);
    addRemoveCommand(command, context);
  },
});

function addListCommand(command: Command, context: CliContext): void {
  addDaemonCommand(command, {
    name: 'list',
    summary: 'Show the faults that are on.',
    example: 'faultlab fault list --json',
    aliases: ['ls'],
  })
    .option('--json', 'as JSON')
    .action(async (options: ConnectOptions & { json?: true }) => {
      const faults = await connectDaemon(options).faults();
      if (options.json) context.say(JSON.stringify(faults, null, 2));
      else if (faults.length === 0) context.say('no fault is on');
      else {
        const endOf = ({ endsInMs }: FaultStatus): string => (endsInMs === null ? 'until removed' : formatMs(endsInMs));
        const shareOf = ({ isOn, percentage }: FaultStatus): string => (isOn ? `${percentage} %` : 'off');
        const rows = faults.map((f) => [
          f.id,
          f.type,
          f.proxies.join(' '),
          shareOf(f),
          endOf(f),
          f.matched,
          f.applied,
          f.overflow,
          f.unread,
          f.held,
        ]);
        context.say(
          renderTable(['fault', 'type', 'proxies', 'share', 'ends in', 'matched', 'applied', 'overflow', 'unread', 'held'], rows),
        );
      }
    });
}

function addRemoveCommand(command: Command, context: CliContext): void {
  addDaemonCommand(command, {
    name: 'remove',
    summary: 'End faults: the ones named, or all.',
    example: 'faultlab fault remove latency-payments',
    aliases: ['delete', 'r'],
  })
    .argument('[ids...]', 'names of the faults; all if omitted')
    .option('--proxy <name>', 'the names are those of faults that live on this proxy until they are removed')
    .option('--json', 'as JSON')
    .action(async (ids: string[], options: ConnectOptions & { proxy?: string; json?: true }) => {
      if (options.proxy !== undefined) {
        for (const name of ids) await removeLastingFault(options, { proxy: options.proxy, name });
        context.say(options.json ? JSON.stringify({ removed: ids }) : `removed: ${ids.join(', ')}`);
        return;
      }
      const daemon = connectDaemon(options);
      const ended = await daemon.endFaults(ids);
      if (options.json) context.say(JSON.stringify(ended, null, 2));
      else if (ended.length > 0) context.say(`ended: ${ended.map((f) => f.id).join(', ')}`);
      else if (ids.length === 0) context.say('no fault was on');
      const unknown = ids.find((id) => !ended.some((f) => f.id === id));
      if (unknown === undefined) return;
      const known = (await daemon.faults()).map((f) => f.id);
      throw new LabError('FAULT_UNKNOWN', { fault: unknown, known: known.length === 0 ? 'none' : listed(known) });
    });
}
