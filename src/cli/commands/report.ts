/** `faultlab report RUN`: writes the reports of a stored run again, from its journal alone. */
import { reporters } from '../../reports/catalog.js';
import { defineCommand } from '../command.js';
import { findRun } from '../run-argument.js';
import { judgeFolder, parseFormats, writeReports } from '../verdict.js';

export const report = defineCommand({
  name: 'report',
  summary: 'Write the reports of a stored run again.',
  example: 'faultlab report last --format html,json',
  configure: (command, context) => {
    command
      .argument('<run>', 'a run’s id or the beginning of it, `last`, or its folder')
      .option('--format <formats>', `${reporters.names.join(', ')}, separated by commas`, parseFormats, ['html'])
      .option('--out <folder>', 'where run folders are', 'runs')
      .action(async (name: string, options: { format: readonly string[]; out: string }) => {
        const folder = await findRun(name, options.out);
        for (const path of await writeReports(folder, await judgeFolder(folder), options.format)) context.say(path);
      });
  },
});
