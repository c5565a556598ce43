/** `faultlab plan`: shows what a run would do, with every target resolved, and does nothing. */
import { shippedCatalogs } from '../../experiment/catalogs.js';
import { describePlan } from '../../experiment/describe.js';
import { preflight } from '../../experiment/preflight.js';
import { defineCommand } from '../command.js';
import { collectVariable, parseSeed, planFiles, type Variables } from '../experiment-files.js';

export const plan = defineCommand({
  name: 'plan',
  summary: 'Show what a run would do: resolved targets, timeline, checks.',
  example: 'faultlab plan experiments/gray-failure.yaml',
  configure: (command, context) => {
    command
      .argument('<files...>', 'experiments, folders of them, or game days that name several')
      .option('--var <name=value>', 'value of an input; may be repeated', collectVariable, {})
      .option('--variant <name>', 'one of the experiment’s variants')
      .option('--seed <number>', 'seed of every decision', parseSeed)
      .option('--json', 'the plan as JSON')
      .action(async (paths: string[], options: { var: Variables; variant?: string; seed?: number; json?: true }) => {
        for (const { plan: planned } of await planFiles(paths, { variables: options.var, variant: options.variant, seed: options.seed })) {
          context.say(
            options.json ? JSON.stringify({ ...planned, foreseen: preflight(planned, shippedCatalogs) }, null, 2) : describePlan(planned),
          );
        }
      });
  },
});
