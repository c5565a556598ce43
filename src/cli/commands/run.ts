/** `faultlab run`: carries out experiments, judges them and writes their reports. The exit code is the worst of theirs. */
import { EXIT } from '../../core/errors.js';
import { dryPlan } from '../../experiment/dry-plan.js';
import { worstExit } from '../../verify/judge.js';
import { type CliContext, defineCommand } from '../command.js';
import { refuseExec } from '../exec-permission.js';
import { collectVariable, type PlannedFile, parseSeed, planFiles, type Variables } from '../experiment-files.js';
import { PageDaemon } from '../page-daemon.js';
import { addRunOptions, isCarriedThrough, type RunOptions, runPlan } from '../run-plan.js';
import { jsonRows, type RunRow, renderRows, rowOf } from '../run-rows.js';

interface RunCommandOptions extends RunOptions {
  var: Variables;
  variant?: string;
  seed?: number;
  dry?: true;
  ui?: true;
}

export const run = defineCommand({
  name: 'run',
  summary: 'Run experiments: bring up, inject, heal, judge, report.',
  example: 'faultlab run experiments/gray-failure.yaml --var ejection=off',
  configure: (command, context) => {
    addRunOptions(command)
      .argument('<files...>', 'experiments, folders of them, or game days that name several')
      .option('--var <name=value>', 'value of an input; may be repeated', collectVariable, {})
      .option('--variant <name>', 'one of the experiment’s variants; --var wins over what it says')
      .option('--seed <number>', 'seed of every decision; the file’s own if omitted', parseSeed)
      .option('--dry', 'a rehearsal: faults match and count what passes, and change nothing; nothing can pass by it')
      .option('--ui', 'show the runs in a browser while they go on; the page stays until Ctrl-C')
      .addHelpText(
        'after',
        '\nExit codes: 0 pass, 1 fail, 2 inconclusive, 3 steady state not met before the method, 4 stopped,\n5 healing not confirmed, 64 bad plan or usage, 69 something needed is unavailable, 70 our own error.',
      )
      .action(async (paths: string[], options: RunCommandOptions) => {
        const plans = await planFiles(paths, { variables: options.var, variant: options.variant, seed: options.seed });
        if (!options.allowExec) for (const { plan } of plans) refuseExec(plan);
        const all = plans.map(({ plan }) => plan);
        await using page = options.ui ? await PageDaemon.start(context, all, options) : undefined;
        const rows = await runAll(context, plans, page === undefined ? options : { ...options, connect: page.url });
        const planned = plans.length;
        // A signal behind the end of one run takes nothing from that, and the others were not run.
        const cutShort = context.interrupted.aborted && rows.length < planned ? [EXIT.stopped] : [];
        const exitCode = worstExit([...rows.map(({ exit }) => exit.code), ...cutShort]);
        context.exit(exitCode);
        if (planned > 1) context.say(options.json ? jsonRows(rows, { planned, exitCode }) : `\n${renderRows(rows, planned)}`);
        await page?.stay(context, options);
      });
  },
});

/** One after the other. What somebody interrupts ends with it, and a game day with a run that was not carried through. */
async function runAll(context: CliContext, plans: readonly PlannedFile[], options: RunCommandOptions): Promise<readonly RunRow[]> {
  const rows: RunRow[] = [];
  const days = new Map<string, { by: string | undefined; isOver: boolean }>();
  for (const { plan, agenda } of plans) {
    const begun = agenda && days.get(agenda.file);
    if (begun?.isOver) continue;
    const place = agenda && { questions: agenda.questions, ...(begun && { begun }) };
    const ended = await runPlan(context, options.dry ? dryPlan(plan) : plan, options, place);
    rows.push(rowOf(plan.recorded, ended));
    if (context.interrupted.aborted) break;
    if (agenda !== undefined) days.set(agenda.file, { by: begun?.by ?? ended.briefedBy, isOver: !isCarriedThrough(ended.exitCode) });
  }
  return rows;
}
