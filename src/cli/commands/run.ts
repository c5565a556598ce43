/** `faultlab run`: carries out experiments, judges them and writes their reports. The exit code is the worst of theirs. */
import { dryPlan } from '../../experiment/dry-plan.js';
import { worstExit } from '../../verify/judge.js';
import { defineCommand } from '../command.js';
import { refuseExec } from '../exec-permission.js';
import { collectVariable, expandPaths, parseSeed, planFile, type Variables } from '../experiment-files.js';
import { addRunOptions, type RunOptions, runPlan } from '../run-plan.js';
import { jsonRows, type RunRow, renderRows, rowOf } from '../run-rows.js';

interface RunCommandOptions extends RunOptions {
  var: Variables;
  seed?: number;
  dry?: true;
}

export const run = defineCommand({
  name: 'run',
  summary: 'Run experiments: bring up, inject, heal, judge, report.',
  example: 'faultlab run experiments/gray-failure.yaml --var ejection=off',
  configure: (command, context) => {
    addRunOptions(command)
      .argument('<files...>', 'experiments, or folders of them')
      .option('--var <name=value>', 'value of an input; may be repeated', collectVariable, {})
      .option('--seed <number>', 'seed of every decision; the file’s own if omitted', parseSeed)
      .option('--dry', 'a rehearsal: faults match and count what passes, and change nothing; nothing can pass by it')
      .addHelpText(
        'after',
        '\nExit codes: 0 pass, 1 fail, 2 inconclusive, 3 steady state not met before the method, 4 stopped,\n5 healing not confirmed, 64 bad plan or usage, 69 something needed is unavailable, 70 our own error.',
      )
      .action(async (paths: string[], options: RunCommandOptions) => {
        // All plans are made before the first is run: a mistake in the last one costs nothing then.
        const plans = [];
        for (const file of await expandPaths(paths)) plans.push(await planFile(file, { variables: options.var, seed: options.seed }));
        if (!options.allowExec) for (const plan of plans) refuseExec(plan);
        const rows: RunRow[] = [];
        for (const plan of plans) {
          rows.push(rowOf(plan.recorded, await runPlan(context, options.dry ? dryPlan(plan) : plan, options)));
          if (context.interrupted.aborted) break;
        }
        const exitCode = worstExit(rows.map(({ exit }) => exit.code));
        context.exit(exitCode);
        const planned = plans.length;
        if (planned > 1) context.say(options.json ? jsonRows(rows, { planned, exitCode }) : `\n${renderRows(rows, planned)}`);
      });
  },
});
