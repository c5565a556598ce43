/** `faultlab replay RUN`: the same plan with the same seed once more, held against what it was; or the fewest of its faults that still break a promise. */
import { LabError } from '../../core/errors.js';
import { didYouMean } from '../../core/suggest.js';
import { onlyFaults } from '../../experiment/only-faults.js';
import type { Plan } from '../../experiment/plan.js';
import { agreementOf } from '../../history/decisions.js';
import { summaryOf } from '../../history/run-summary.js';
import { printable } from '../../reports/printable.js';
import type { Report } from '../../reports/reporter.js';
import { type CliContext, defineCommand } from '../command.js';
import { refuseExec } from '../exec-permission.js';
import { sayComparison } from '../history/comparison.js';
import { findRun } from '../run-argument.js';
import { addRunOptions, type RunOptions, runPlan } from '../run-plan.js';
import { shrink } from '../shrink.js';
import { readPlan } from '../stored-plan.js';
import { renderTable } from '../table.js';
import { judgeFolder } from '../verdict.js';

interface ReplayOptions extends RunOptions {
  only?: readonly string[];
  shrink?: true;
}

export const replay = defineCommand({
  name: 'replay',
  summary: 'Run a stored run’s plan again with the same seed, and compare; or shrink it to the faults that matter.',
  example: 'faultlab replay last',
  configure: (command, context) => {
    addRunOptions(command)
      .argument('<run>', 'a run’s id or the beginning of it, `last`, or its folder')
      .option('--only <steps...>', 'with the faults of these steps alone; the others wait for as long')
      .option('--shrink', 'run it with fewer and fewer faults, to a smallest set that still breaks a promise')
      .action(async (name: string, options: ReplayOptions) => {
        const folder = await findRun(name, options.out);
        const plan = await readPlan(folder);
        if (!options.allowExec) refuseExec(plan);
        const before = await judgeFolder(folder);
        if (options.shrink) await shrink(context, { plan, before, options });
        else await again(context, { plan, before, options });
      });
  },
});

async function again(context: CliContext, given: { plan: Plan; before: Report; options: ReplayOptions }): Promise<void> {
  const { before, options } = given;
  const plan = options.only === undefined ? given.plan : onlyFaults(given.plan, known(options.only, given.plan));
  const { exitCode, report } = await runPlan(context, plan, options);
  context.exit(exitCode);
  if (report === undefined || options.json) return;
  context.say('');
  sayComparison(context, summaryOf(before), summaryOf(report));
  const agreements = agreementOf(before.record, report.record);
  if (agreements.length === 0) return;
  const rows = agreements.map(({ step, compared, same, unmatched }) => [printable(step), compared, same, unmatched]);
  context.say('');
  context.say(renderTable(['fault', 'decisions of both runs', 'the same', 'of one run only'], rows));
}

/** Throws USAGE for a name that no fault step has. */
function known(steps: readonly string[], plan: Plan): readonly string[] {
  const names = plan.steps.filter(({ fault }) => fault !== undefined).map(({ name }) => name);
  const unknown = steps.find((step) => !names.includes(step));
  if (unknown !== undefined)
    throw new LabError('USAGE', { problem: `--only ${unknown}: no fault step of that name${didYouMean(unknown, names)}` });
  return steps;
}
