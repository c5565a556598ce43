/** `faultlab fault release`: what a fault holds goes on; the fault stays, and holds what comes next. */
import { type Command, InvalidArgumentError } from 'commander';
import type { CliContext } from './command.js';
import { type ConnectOptions, connectDaemon } from './connection.js';
import { addDaemonCommand } from './daemon-command.js';

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new InvalidArgumentError('expected a whole number from 1');
}

export function addReleaseCommand(command: Command, context: CliContext): void {
  addDaemonCommand(command, {
    name: 'release',
    summary: 'Let go on what a fault holds; the fault stays on.',
    example: 'faultlab fault release hold-payments --count 1',
  })
    .argument('<id>', 'name of the fault')
    .option('--count <number>', 'so many, those held longest; all if omitted', parseCount)
    .option('--json', 'as JSON')
    .action(async (id: string, options: ConnectOptions & { count?: number; json?: true }) => {
      const { count, json } = options;
      const { released, held } = await connectDaemon(options).releaseHeld(id, { count });
      context.say(json ? JSON.stringify({ released, held }) : `released: ${released}, still held: ${held}`);
    });
}
