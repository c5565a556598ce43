/** `faultlab verify RUN`: judges a stored run again, from its journal alone. */

import { reporters } from '../../reports/catalog.js';
import { renderFindings } from '../../reports/text.js';
import { defineCommand } from '../command.js';
import { findRun } from '../run-argument.js';
import { judgeFolder } from '../verdict.js';

export const verify = defineCommand({
  name: 'verify',
  summary: 'Judge a stored run again, from its journal alone.',
  example: 'faultlab verify last',
  configure: (command, context) => {
    command
      .argument('<run>', 'a run’s id or the beginning of it, `last`, or its folder')
      .option('--out <folder>', 'where run folders are', 'runs')
      .option('--json', 'the report as JSON')
      .action(async (name: string, options: { out: string; json?: true }) => {
        const report = await judgeFolder(await findRun(name, options.out));
        context.say(
          options.json
            ? (reporters.get('json')?.render(report) ?? '')
            : renderFindings(report, { colour: context.colour, columns: context.width }),
        );
        context.exit(report.exit.code);
      });
  },
});
