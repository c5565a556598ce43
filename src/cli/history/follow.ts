/** `history trend`, `coverage`, `prune`: runs over time. */
import { rm } from 'node:fs/promises';
import { plot } from 'asciichart';
import { type Command, InvalidArgumentError } from 'commander';
import { LabError } from '../../core/errors.js';
import { coverageOf } from '../../history/coverage.js';
import type { RunStore } from '../../history/run-store.js';
import type { RunSummary } from '../../history/run-summary.js';
import { figureNames, type Trend, trendOf } from '../../history/trend.js';
import { listRuns, RunFolder } from '../../journal/store.js';
import { printable } from '../../reports/printable.js';
import type { CliContext } from '../command.js';
import { renderTable } from '../table.js';
import { figure } from './comparison.js';
import { addStoreOptions, parseLimit, type StoreChoice, withStore } from './store-options.js';

const DAY_MS = 86_400e3;
const CHART_ROWS = 8;

interface FollowOptions extends StoreChoice {
  title?: string;
  limit: number;
  json?: true;
}

export function addFollowCommands(command: Command, context: CliContext): void {
  addStoreOptions(command.command('trend').description('Follow one figure over the runs of an experiment, as a picture and a table.'))
    .argument('[figure]', 'its name, like "load->gateway: p99"; the names are listed if omitted')
    .option('--title <title>', 'of this experiment only')
    .option('--limit <number>', 'how many runs, newest first', parseLimit, 30)
    .option('--json', 'as JSON')
    .action((name: string | undefined, options: FollowOptions) =>
      withStore(context, options, async (store) => trend(context, await store.list(options), { ...options, name })),
    );
  addStoreOptions(
    command.command('coverage').description('Show which faults were tried on which edge, what came of it, and what is stale.'),
  )
    .option('--expire-days <days>', 'a verdict counts for so long', parseDays, 30)
    .option('--json', 'as JSON')
    .action((options: StoreChoice & { expireDays: number; json?: true }) =>
      withStore(context, options, async (store) => coverage(context, await store.list(), options)),
    );
  addStoreOptions(command.command('prune').description('Remove old runs, journals included; the latest pass of each experiment stays.'))
    .requiredOption('--keep <number>', 'the newest so many runs of each experiment stay', parseLimit)
    .option('--yes', 'remove them; without it they are only listed')
    .action((options: StoreChoice & { keep: number; yes?: true }) =>
      withStore(context, options, (store) => prune(context, store, options)),
    );
}

/** `--expire-days N`. */
function parseDays(text: string): number {
  const days = Number(text);
  if (!(days > 0 && days <= 36_500)) throw new InvalidArgumentError('expected a number of days, like 30');
  return days;
}

function trend(context: CliContext, runs: readonly RunSummary[], { name, json }: FollowOptions & { name: string | undefined }): void {
  if (name === undefined) {
    const names = figureNames(runs);
    context.say(json ? JSON.stringify(names, null, 2) : names.map(printable).join('\n'));
    const [first] = names;
    if (!json && first !== undefined) context.warn(printable(`name one: faultlab history trend "${first}"`));
    return;
  }
  const found = trendOf(runs, name);
  if (found === undefined)
    throw new LabError('USAGE', { problem: `no run tells a figure "${name}"; \`faultlab history trend\` lists their names` });
  if (json) {
    context.say(JSON.stringify(found, null, 2));
    return;
  }
  for (const line of picture(found)) context.say(line);
  const rows = found.points.map(({ run, verdict, value }) => [run, verdict, figure(value, found.unit)]);
  context.say(renderTable(['run', 'verdict', printable(found.figure)], rows));
}

/** Runs that tell nothing of it leave no gap, because a chart of text has none; the table below names them. */
function picture({ points, unit }: Trend): readonly string[] {
  const values = points.flatMap(({ value }) => (value === null ? [] : [value]));
  if (values.length < 2) return [];
  const width = Math.max(...values.map((value) => figure(value, unit).length));
  return [plot(values, { height: CHART_ROWS, format: (value) => figure(value, unit).padStart(width) }), ''];
}

function coverage(context: CliContext, runs: readonly RunSummary[], { expireDays, json }: { expireDays: number; json?: true }): void {
  const cells = coverageOf(runs, { nowWallMs: context.clock.wallMs(), expireMs: expireDays * DAY_MS });
  if (json) {
    context.say(JSON.stringify(cells, null, 2));
    return;
  }
  if (cells.length === 0) {
    context.say('nothing is covered: no run had a check on a fault step');
    return;
  }
  const staleWords = { age: 'stale: too old', changed: 'stale: the plan has changed' };
  const rows = cells.map(({ edge, fault, check, verdict, run, ageMs, stale }) => [
    printable(edge),
    printable(fault),
    check,
    verdict,
    stale === undefined ? '' : staleWords[stale],
    `${(ageMs / DAY_MS).toFixed(0)} d`,
    run,
  ]);
  context.say(renderTable(['edge', 'fault', 'check', 'verdict', '', 'age', 'run'], rows));
}

async function prune(context: CliContext, store: RunStore, { keep, yes, out }: StoreChoice & { keep: number; yes?: true }): Promise<void> {
  // A store that several machines share names runs of others, and nothing that it names may lead out of our folder.
  const ours = new Set(await listRuns(out));
  const doomed = prunable(await store.list({ limit: Number.MAX_SAFE_INTEGER }), keep).filter((run) => ours.has(run));
  for (const run of doomed) {
    if (yes) {
      await rm(new RunFolder(out, run).path, { recursive: true, force: true });
      await store.remove(run);
    }
    context.say(`${yes ? 'removed' : 'would remove'} ${run}`);
  }
  if (doomed.length === 0) context.say('nothing to remove');
  else if (!yes) context.say('nothing was removed; --yes removes them');
}

/** `runs` newest first. */
function prunable(runs: readonly RunSummary[], keep: number): readonly string[] {
  const counts = new Map<string, number>();
  const passed = new Set<string>();
  return runs.flatMap(({ run, title, verdict }) => {
    const count = (counts.get(title) ?? 0) + 1;
    counts.set(title, count);
    const isLatestPass = verdict === 'pass' && !passed.has(title);
    if (isLatestPass) passed.add(title);
    return count > keep && !isLatestPass ? [run] : [];
  });
}
