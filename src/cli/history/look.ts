/** `history list`, `show`, `compare`, `export`: what is known of runs. */
import { type Command, Option } from 'commander';
import { LabError } from '../../core/errors.js';
import { didYouMean } from '../../core/suggest.js';
import { formatMs } from '../../core/units.js';
import { compareRuns } from '../../history/compare.js';
import type { RunSummary } from '../../history/run-summary.js';
import { printable } from '../../reports/printable.js';
import type { CliContext } from '../command.js';
import { renderTable } from '../table.js';
import { sayComparison } from './comparison.js';
import { addStoreOptions, parseLimit, pickRun, type StoreChoice, withStore } from './store-options.js';

interface ListOptions extends StoreChoice {
  title?: string;
  verdict?: RunSummary['verdict'];
  limit: number;
  json?: true;
}

export function addLookCommands(command: Command, context: CliContext): void {
  addStoreOptions(command.command('list', { isDefault: true }).description('List runs, newest first, with their verdicts.'))
    .option('--title <title>', 'of this experiment only')
    .addOption(new Option('--verdict <verdict>', 'of this verdict only').choices(['pass', 'fail', 'inconclusive', 'error']))
    .option('--limit <number>', 'how many, newest first', parseLimit, 20)
    .option('--json', 'as JSON')
    // A word that is no command comes here, to the default, as an argument.
    .allowExcessArguments()
    .action((options: ListOptions, { args: [word] }: Command) => {
      if (word !== undefined) throw unknownCommand(word, command);
      return withStore(context, options, async (store) => list(context, await store.list(options), options));
    });
  addStoreOptions(command.command('show').description('Show one run: its promises, faults and figures.'))
    .argument('<run>', 'a run’s id or the beginning of it, last, or last-pass')
    .option('--json', 'as JSON')
    .action((name: string, options: ListOptions) =>
      withStore(context, options, async (store) => show(context, pickRun(await store.list(), name, options), options)),
    );
  addStoreOptions(command.command('compare').description('Compare two runs: promises first, then figures that moved.'))
    .argument('<before>', 'a run’s id or the beginning of it, last, or last-pass')
    .argument('[after]', 'the other one', 'last')
    .option('--json', 'as JSON')
    .action((before: string, after: string, options: ListOptions) =>
      withStore(context, options, async (store) => {
        const runs = await store.list();
        const later = pickRun(runs, after, options);
        // A baseline is a run before the one that is held against it.
        const earlier = pickRun(before === 'last-pass' ? runs.slice(runs.indexOf(later) + 1) : runs, before, options);
        compare(context, earlier, later, options);
      }),
    );
  addStoreOptions(command.command('export').description('Write all that is known of the runs as JSON lines, oldest first.'))
    .option('--title <title>', 'of this experiment only')
    .action((options: ListOptions) =>
      withStore(context, options, async (store) => {
        const runs = await store.list({ title: options.title, limit: Number.MAX_SAFE_INTEGER });
        for (const run of runs.toReversed()) context.say(JSON.stringify(run));
      }),
    );
}

function unknownCommand(word: string, command: Command): LabError {
  const known = command.commands.map((one) => one.name());
  return new LabError('USAGE', { problem: `history ${word}: there is no such command${didYouMean(word, known)}` });
}

function list(context: CliContext, runs: readonly RunSummary[], { out, json }: ListOptions): void {
  if (json) context.say(JSON.stringify(runs.map(headOf), null, 2));
  else if (runs.length === 0) context.say(`no run under ${out}`);
  else {
    const rows = runs.map(headOf).map(({ run, verdict, status, exit, durationMs }) => [run, verdict, status, exit, tookOf(durationMs)]);
    context.say(renderTable(['run', 'verdict', 'status', 'exit', 'took'], rows));
  }
}

function headOf({ run, title, verdict, status, exitCode: exit, durationMs, startedWallMs }: RunSummary) {
  return { run, title: printable(title), verdict, status, exit, durationMs, startedWallMs };
}

function tookOf(durationMs: number | null): string {
  return durationMs === null ? '–' : formatMs(durationMs);
}

function show(context: CliContext, run: RunSummary, { json }: ListOptions): void {
  if (json) {
    context.say(JSON.stringify(run, null, 2));
    return;
  }
  context.say(printable(`${run.title}  ${run.run}`));
  context.say(
    printable(
      `${run.verdict}: ${run.exitReason} (exit code ${run.exitCode}), ${tookOf(run.durationMs)}, environment ${run.environment}, seed ${run.seed}`,
    ),
  );
  context.say('');
  context.say(
    renderTable(
      ['promise', 'verdict', 'what was seen'],
      run.findings.map(({ name, verdict, summary }) => [name, verdict, summary].map(printable)),
    ),
  );
  if (run.faults.length > 0) {
    context.say('');
    const rows = run.faults.map(({ step, type, edges, matched, applied }) => [
      printable(step),
      printable(type),
      printable(edges.join(' ')),
      matched,
      applied,
    ]);
    context.say(renderTable(['fault', 'type', 'on', 'met it', 'faulted'], rows));
  }
}

function compare(context: CliContext, before: RunSummary, after: RunSummary, { json }: ListOptions): void {
  if (json) context.say(JSON.stringify({ before: before.run, after: after.run, ...compareRuns(before, after) }, null, 2));
  else sayComparison(context, before, after);
}
