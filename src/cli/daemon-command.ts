/** A sub-command that speaks to a running daemon: what all of them have, an example in the help among it. */
import type { Command } from 'commander';
import { addConnectOptions } from './connection.js';

interface Given {
  name: string;
  /** A sentence. */
  summary: string;
  /** A line that can be pasted. */
  example: string;
  /** Other names of it: those of toxiproxy-cli, where that has the like. */
  aliases?: readonly string[];
}

export function addDaemonCommand(parent: Command, { name, summary, example, aliases = [] }: Given): Command {
  const command = parent.command(name).description(summary).aliases(aliases).addHelpText('after', `\nExample:\n  $ ${example}`);
  return addConnectOptions(command);
}
