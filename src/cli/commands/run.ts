/** `faultlab run`: carries out experiments, judges them and writes their reports. The exit code is the worst of theirs. */
import { EXIT } from '../../core/errors.js';
import { dryPlan } from '../../experiment/dry-plan.js';
import { worstExit } from '../../verify/judge.js';
import { defineCommand } from '../command.js';
import { refuseExec } from '../exec-permission.js';
import { collectVariable, expandPaths, parseSeed, planFile, type Variables } from '../experiment-files.js';
import { addRunOptions, type RunOptions, runPlan } from '../run-plan.js';

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
        const codes: number[] = [];
        for (const plan of plans) {
          const { exitCode } = await runPlan(context, options.dry ? dryPlan(plan) : plan, options);
          codes.push(exitCode);
          if (context.interrupted.aborted) break;
        }
        context.exit(worstExit(codes));
        if (plans.length > 1)
          context.say(`${codes.length} of ${plans.length} experiments run, ${codes.filter((c) => c === EXIT.pass).length} passed`);
      });
  },
});
