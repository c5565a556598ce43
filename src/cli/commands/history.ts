/** `faultlab history`: the runs in a folder, newest first, each with its verdict as its journal gives it now. */
import { InvalidArgumentError } from 'commander';
import { formatMs } from '../../core/units.js';
import { listRuns, RunFolder } from '../../journal/store.js';
import { defineCommand } from '../command.js';
import { renderTable } from '../table.js';
import { judgeFolder } from '../verdict.js';

/** `--limit N`. */
function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isSafeInteger(limit) || limit < 1) throw new InvalidArgumentError('expected a whole number from 1 up');
  return limit;
}

export const history = defineCommand({
  name: 'history',
  summary: 'List the runs in a folder with their verdicts.',
  example: 'faultlab history --limit 5',
  configure: (command, context) => {
    command
      .option('--out <folder>', 'where run folders are', 'runs')
      .option('--limit <number>', 'how many, newest first', parseLimit, 20)
      .option('--json', 'as JSON')
      .action(async (options: { out: string; limit: number; json?: true }) => {
        const rows = [];
        for (const run of (await listRuns(options.out)).slice(0, options.limit)) {
          const { record, verdict, exit } = await judgeFolder(new RunFolder(options.out, run));
          rows.push({ run, verdict, status: record.status, exit: exit.code, durationMs: record.toMs - record.fromMs });
        }
        if (options.json) context.say(JSON.stringify(rows, null, 2));
        else if (rows.length === 0) context.say(`no run under ${options.out}`);
        else {
          const cells = rows.map((row) => [row.run, row.verdict, row.status, row.exit, formatMs(row.durationMs)]);
          context.say(renderTable(['run', 'verdict', 'status', 'exit', 'took'], cells));
        }
      });
  },
});
