/**
 * The command line as a whole: the commands of the catalog under one program, and every failure as one message with its hint and its exit code.
 * A command brings all rooms that it needs; all of them together take longer to load than most commands to run, so only the one that is named is.
 */
import { readdirSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { EXIT } from '../core/errors.js';
import type { CliCommand, CliContext } from './command.js';
import { fromGoFlags } from './go-flags.js';
import { sayError } from './say-error.js';

/** The command of that name alone; all of them where the words name none, because then the help is what is wanted. */
async function commandsFor(name: string | undefined): Promise<readonly CliCommand[]> {
  if (name === '--version' || name === '-V') return [];
  // Compiled, each command is a file of its own name; where tests run the source itself there is none such, and all are loaded.
  const isAlone = name !== undefined && readdirSync(new URL('commands', import.meta.url)).includes(`${name}.js`);
  if (!isAlone) return Object.values(await import('./registry.js'));
  // Outside of import(), or a bundler that sees the template looks for files of its own choice.
  const path = `./commands/${name}.js`;
  return Object.values((await import(path)) as Readonly<Record<string, CliCommand>>);
}

export function createProgram(commands: readonly CliCommand[], context: CliContext): Command {
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

function asGiven(argv: readonly string[], commands: readonly CliCommand[], program: Command): readonly string[] {
  const definition = commands.find(({ name }) => name === argv[0]);
  const command = program.commands.find((c) => c.name() === argv[0]);
  return definition?.takesGoFlags && command ? fromGoFlags(argv, command) : argv;
}

/** Runs one command line. Never rejects: what went wrong is said, and becomes the exit code. */
export async function main(argv: readonly string[], context: CliContext): Promise<void> {
  try {
    const commands = await commandsFor(argv[0]);
    const program = createProgram(commands, context);
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync([...asGiven(argv, commands, program)], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0) context.exit(EXIT.usage);
      return;
    }
    context.exit(sayError(context, error));
  }
}
