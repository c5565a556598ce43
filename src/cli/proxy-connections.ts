/** `faultlab proxy connections` and `faultlab proxy kill`: what is open on one proxy, and the end of one of them. */
import { type Command, InvalidArgumentError } from 'commander';
import { formatMs } from '../core/units.js';
import type { ConnectionStatus } from '../dataplane/proxy.js';
import type { CliContext } from './command.js';
import { type ConnectOptions, connectDaemon } from './connection.js';
import { addDaemonCommand } from './daemon-command.js';
import { renderTable } from './table.js';

function parseNumber(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('expected the number of a connection, like 7');
  return Number(text);
}

function rowOf({ connection, source, ageMs, bytesUp, bytesDown, heldBytes, faults }: ConnectionStatus): readonly (string | number)[] {
  return [connection, source ?? 'local', formatMs(ageMs), bytesUp, bytesDown, heldBytes, faults.join(' ') || '–'];
}

export function addProxyConnectionCommands(command: Command, context: CliContext): void {
  addDaemonCommand(command, {
    name: 'connections',
    summary: 'Show the open connections of a proxy, oldest first.',
    example: 'faultlab proxy connections payments',
  })
    .argument('<name>', 'name of the proxy')
    .option('--after <number>', 'only those with a larger number: the next page of a long list', parseNumber)
    .option('--json', 'as JSON')
    .action(async (name: string, options: ConnectOptions & { after?: number; json?: true }) => {
      const { connections, open } = await connectDaemon(options).connections(name, options);
      if (options.json) {
        context.say(JSON.stringify({ connections, open }, null, 2));
        return;
      }
      if (connections.length === 0) context.say('no open connection');
      else context.say(renderTable(['connection', 'from', 'age', 'bytes up', 'bytes down', 'held', 'faults'], connections.map(rowOf)));
      const last = connections.at(-1)?.connection;
      if (last !== undefined && connections.length < open) context.say(`${open} are open; the next ones: --after ${last}`);
    });
  addDaemonCommand(command, {
    name: 'kill',
    summary: 'Reset one connection of a proxy on both sides.',
    example: 'faultlab proxy kill payments 7',
  })
    .argument('<name>', 'name of the proxy')
    .argument('<connection>', 'its number, see `faultlab proxy connections`', parseNumber)
    .option('--json', 'as JSON')
    .action(async (name: string, connection: number, options: ConnectOptions & { json?: true }) => {
      await connectDaemon(options).kill(name, connection);
      context.say(options.json ? JSON.stringify({ killed: connection }) : `killed: ${name} ${connection}`);
    });
}
