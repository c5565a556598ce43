/** `faultlab validate`: says everything that is wrong with an experiment, with line and column, and starts nothing. */
import { defineCommand } from '../command.js';
import { collectVariable, expandPaths, planFile, type Variables } from '../experiment-files.js';

export const validate = defineCommand({
  name: 'validate',
  summary: 'Check experiments without running them.',
  example: 'faultlab validate experiments/',
  configure: (command, context) => {
    command
      .argument('<files...>', 'experiments, or folders of them')
      .option('--var <name=value>', 'value of an input; may be repeated', collectVariable, {})
      .action(async (paths: string[], options: { var: Variables }) => {
        for (const file of await expandPaths(paths)) {
          const { recorded } = await planFile(file, { variables: options.var });
          context.say(
            `${recorded.file}: valid: ${recorded.steps.length} steps, ${recorded.checks.length} checks, ${recorded.links.length} links`,
          );
        }
      });
  },
});
