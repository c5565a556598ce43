/**
 * `faultlab lab play NAME`: a system of the lab that a person tries things on by himself, in the browser, until he has seen enough. It is a run like any other,
 * whose method is to wait for him; what was promised is judged in the end, whatever he did. Where he wants it begun again with another input, the run ends as
 * if he had seen enough, and the next one begins in the same daemon, so that his page stays.
 */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { LabError } from '../../core/errors.js';
import { didYouMean, listed } from '../../core/suggest.js';
import type { GateInputs } from '../../journal/observations.js';
import type { Report } from '../../reports/reporter.js';
import type { CliContext } from '../command.js';
import { collectVariable, parseSeed, planFile, type Variables } from '../experiment-files.js';
import { PageDaemon } from '../page-daemon.js';
import { isCarriedThrough, runPlan } from '../run-plan.js';

interface PlayOptions {
  var: Variables;
  seed?: number;
  out: string;
}

export function addPlayCommand(command: Command, context: CliContext): void {
  command
    .command('play')
    .description('Bring up a system of the lab, and let people crash, pause, cut and heal it in the browser.')
    .argument('<name>', 'quorum, lease …; one that there is not is answered with those that there are')
    .option('--var <name=value>', 'value of an input, like fencing=off; may be repeated', collectVariable, {})
    .option('--seed <number>', 'seed of every decision; the file’s own if omitted', parseSeed)
    .option('--out <folder>', 'where run folders are made', 'runs')
    .addHelpText('after', '\nExample:\n  faultlab lab play quorum --var majority=off')
    .action((name: string, options: PlayOptions) => play(context, name, options));
}

async function play(context: CliContext, name: string, { var: variables, seed, out }: PlayOptions): Promise<void> {
  const file = await fileOf(context, name);
  let plan = await planFile(file, { variables, seed });
  await using page = await PageDaemon.start(context, [plan], { out });
  context.say(`play at ${page.url}/ui/#/play; it goes on until somebody there has seen enough, or Ctrl-C`);
  for (let set = variables; ; ) {
    const { exitCode, report } = await runPlan(context, plan, { out, connect: page.url, beginsAgain: true });
    context.exit(exitCode);
    const again = inputsSet(report);
    if (again === undefined || !isCarriedThrough(exitCode) || context.interrupted.aborted) return;
    set = { ...set, ...again };
    plan = await planFile(file, { variables: set, seed });
    context.say(`\nbeginning again with ${listed(Object.entries(again).map(([input, value]) => `${input}=${value}`))}`);
  }
}

/** What somebody wants it to be begun again with; undefined if he has seen enough. */
function inputsSet(report: Report | undefined): GateInputs | undefined {
  return report?.record.events.findLast((event) => event.type === 'gateClosed')?.inputs;
}

/** Rejects with USAGE for a system that there is not. */
async function fileOf({ labFolder }: CliContext, name: string): Promise<string> {
  const folder = join(labFolder, '..', '..', 'experiments', 'play');
  const names = existsSync(folder) ? (await readdir(folder)).flatMap((file) => /^([\w-]+)\.yaml$/.exec(file)?.[1] ?? []) : [];
  if (!names.includes(name)) throw new LabError('USAGE', { problem: `lab play ${name}: no system of that name${didYouMean(name, names)}` });
  return join(folder, `${name}.yaml`);
}
