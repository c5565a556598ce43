/** `faultlab validate`: says everything that is wrong with an experiment, with line and column, and starts nothing. */
import { defineCommand } from '../command.js';
import { collectVariable, planFiles, type Variables } from '../experiment-files.js';

export const validate = defineCommand({
  name: 'validate',
  summary: 'Check experiments without running them.',
  example: 'faultlab validate experiments/',
  configure: (command, context) => {
    command
      .argument('<files...>', 'experiments, folders of them, or game days that name several')
      .option('--var <name=value>', 'value of an input; may be repeated', collectVariable, {})
      .option('--variant <name>', 'one of the experiment’s variants')
      .action(async (paths: string[], options: { var: Variables; variant?: string }) => {
        for (const { plan } of await planFiles(paths, { variables: options.var, variant: options.variant })) {
          const { recorded } = plan;
          context.say(
            `${recorded.file}: valid: ${recorded.steps.length} steps, ${recorded.checks.length} checks, ${recorded.links.length} links`,
          );
        }
      });
  },
});
