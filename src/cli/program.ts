/** The command line as a whole: every command of the catalog under one program, and every failure as one message with its hint and its exit code. */
import { Command, CommanderError } from 'commander';
import { EXIT } from '../core/errors.js';
import type { CliCommand, CliContext } from './command.js';
import { fromGoFlags } from './go-flags.js';
import * as registry from './registry.js';
import { sayError } from './say-error.js';

export const commands: readonly CliCommand[] = Object.values(registry);

export function createProgram(context: CliContext): Command {
  const program = new Command('faultlab')
    .description('Chaos-injection proxy and fault lab: faults on the wire between real services, verdicts judged from what crossed it.')
    .version(context.version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => context.say(text.trimEnd()), writeErr: (text) => context.warn(text.trimEnd()) })
    .showHelpAfterError('(faultlab --help shows every command, faultlab COMMAND --help an example)');
  for (const definition of commands) {
    const command = program
      .command(definition.name)
      .summary(definition.summary)
      .description(definition.summary)
      .addHelpText('after', `\nExample:\n  $ ${definition.example}`);
    definition.configure(command, context);
  }
  program.addHelpText('after', '\nExample:\n  $ faultlab run experiments/gray-failure.yaml');
  return program;
}

function asGiven(program: Command, argv: readonly string[]): readonly string[] {
  const definition = commands.find(({ name }) => name === argv[0]);
  const command = program.commands.find((c) => c.name() === argv[0]);
  return definition?.takesGoFlags && command ? fromGoFlags(argv, command) : argv;
}

/** Runs one command line. Never rejects: what went wrong is said, and becomes the exit code. */
export async function main(argv: readonly string[], context: CliContext): Promise<void> {
  const program = createProgram(context);
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync([...asGiven(program, argv)], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0) context.exit(EXIT.usage);
      return;
    }
    context.exit(sayError(context, error));
  }
}
