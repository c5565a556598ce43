/**
 * `faultlab lab run`: every experiment of the lab, with its defence and without, as real runs, a few at a time. It asks whether each did what it is
 * there to show; that an undefended system breaks is success here.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { EXIT, LabError, reasonOf } from '../../core/errors.js';
import { grouped } from '../../core/grouped.js';
import { formatMs } from '../../core/units.js';
import { missingPrograms, wordsOf } from '../../orchestrator/services/installed.js';
import { printable } from '../../reports/printable.js';
import { plural } from '../../reports/wording.js';
import type { CliContext } from '../command.js';
import { refuseExec } from '../exec-permission.js';
import { parseSeed, planFile } from '../experiment-files.js';
import { runPlan } from '../run-plan.js';
import { sayError } from '../say-error.js';
import { type LabCase, labCases, type Selection } from './cases.js';
import { type LabRow, labRow } from './outcome.js';
import { mergeResults, renderResults, renderRow, type StoredResults, storedResults, tallyOf } from './results.js';

interface LabRunOptions extends Selection {
  jobs: number;
  out: string;
  allowExec?: true;
  json?: true;
  write?: string;
}

const JOBS_MAX = 16;
const SEEDS_MAX = 1_000;
/** Folders of the shipped experiments that need nothing but Node. */
const SHIPPED = ['taxonomy', 'incidents'];

export function addExperimentsCommand(command: Command, context: CliContext): void {
  command
    .command('run')
    .description('Run experiments in all their variants, and say of each whether it ended as it is expected to.')
    .argument('[files...]', 'experiments, or folders of them; those of the lab if omitted')
    .option('--only <name>', 'this experiment alone; may be repeated', (name: string, names: readonly string[]) => [...names, name], [])
    .option('--variant <name>', 'this variant alone, of those that have it')
    .option('--seed <number>', 'the first seed; the file’s own if omitted', parseSeed)
    .option('--seeds <n>', 'run each with so many seeds, and say whether the verdicts agree', parseCount('--seeds', SEEDS_MAX), 1)
    .option('--jobs <n>', 'how many runs at once', parseCount('--jobs', JOBS_MAX), 2)
    .option('--out <folder>', 'where run folders are made', 'runs')
    .option('--allow-exec', 'let probes run the programs that the experiments name')
    .option('--json', 'a JSON line as each run ends, and a summary last')
    .option('--write <file>', 'store the results in this file, beside what it holds of others')
    .addHelpText(
      'after',
      '\nExample:\n  faultlab lab run experiments/taxonomy --seeds 3\n\nExit codes: 0 all as expected, 1 not, 4 ended early, 5 healing not confirmed.',
    )
    .action((files: string[], options: LabRunOptions) => runLab(context, files.length > 0 ? files : shipped(context), options));
}

function shipped({ labFolder }: CliContext): readonly string[] {
  return SHIPPED.map((folder) => join(labFolder, '..', '..', 'experiments', folder)).filter((folder) => existsSync(folder));
}

async function runLab(context: CliContext, paths: readonly string[], options: LabRunOptions): Promise<void> {
  const known = readResults(options.write);
  const all = await labCases(paths, options);
  const skipped = skippedOf(all);
  const cases = all.filter(({ file }) => !skipped.some((one) => one.file === file));
  if (!options.allowExec) await refusePrograms(cases);
  for (const { experiment, why } of skipped)
    context.say(options.json ? JSON.stringify({ type: 'skipped', experiment, why }) : printable(`- ${experiment}: skipped, ${why}`));
  if (!options.json) context.say(announce(cases, options));
  const rows = await runAll(context, cases, options);
  if (options.write !== undefined && rows.length > 0)
    writeFileSync(options.write, `${JSON.stringify(mergeResults(known, rows), null, 2)}\n`);
  if (options.json) context.say(JSON.stringify({ type: 'summary', ...tallyOf(rows), runs: rows.length, planned: cases.length }));
  else context.say(`\n${renderResults(rows, skipped.length)}`);
  context.exit(cases.length === 0 && skipped.length > 0 ? EXIT.pass : exitOf(rows, context.interrupted.aborted));
  if (context.interrupted.aborted) context.warn(ending(context, rows, cases.length));
}

/** Throws EXEC_NOT_ALLOWED. The seeds of a variant run the same programs. */
async function refusePrograms(cases: readonly LabCase[]): Promise<void> {
  const variants = grouped(cases, ({ file, variant }) => JSON.stringify([file, variant]));
  for (const [first] of variants.values())
    if (first !== undefined) refuseExec(await planFile(first.file, { variables: {}, variant: first.variant }));
}

interface Skipped extends Pick<LabCase, 'experiment' | 'file'> {
  why: string;
}

/** Experiments on programs that this machine has not got. */
function skippedOf(cases: readonly LabCase[]): readonly Skipped[] {
  return [...new Map(cases.map((one) => [one.file, one])).values()].flatMap(({ experiment, file, requires }) => {
    const missing = missingPrograms({ requires }, process.env['PATH'] ?? '');
    if (missing.length === 0) return [];
    const { programs, packages } = wordsOf(missing);
    return { experiment, file, why: `${programs} not installed: apt-get install ${packages}` };
  });
}

function announce(cases: readonly LabCase[], { jobs }: LabRunOptions): string {
  const experiments = new Set(cases.map(({ file }) => file)).size;
  const longMs = cases.reduce((sum, { plannedMs }) => sum + plannedMs, 0) / jobs;
  return `${plural(cases.length, 'run')} of ${plural(experiments, 'experiment')}, ${jobs} at a time, ${formatMs(Math.round(longMs / 1_000) * 1_000)} or more; Ctrl-C ends and heals them`;
}

/** The longest first, so that none is left running alone in the end. In the order of the cases; without those that nobody came to. */
async function runAll(
  context: CliContext,
  cases: readonly LabCase[],
  { jobs, out, allowExec, json }: LabRunOptions,
): Promise<readonly LabRow[]> {
  const waiting = [...cases].sort((a, b) => b.plannedMs - a.plannedMs);
  const rows = new Map<LabCase, LabRow>();
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && !context.interrupted.aborted; next = waiting.shift()) {
      const row = await runCase(context, next, { out, allowExec });
      rows.set(next, row);
      context.say(json ? JSON.stringify({ type: 'run', ...row }) : renderRow(row));
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return cases.flatMap((one) => rows.get(one) ?? []);
}

/** What a run says as it goes is for its own terminal; what it complains of is kept. */
async function runCase(
  context: CliContext,
  one: LabCase,
  { out, allowExec }: { out: string; allowExec: true | undefined },
): Promise<LabRow> {
  const said: string[] = [];
  const quiet: CliContext = {
    ...context,
    say: () => {},
    warn: (line) => said.push(line),
    exit: () => {},
    terminal: false,
    keyboard: undefined,
  };
  try {
    const plan = await planFile(one.file, { variables: {}, variant: one.variant, seed: one.seed });
    if (!allowExec) refuseExec(plan);
    return labRow(one, await runPlan(quiet, plan, { out, report: [], yes: true }), said);
  } catch (error) {
    // Somebody has changed the file since it was planned, and may have put programs into it; the other runs go on.
    return labRow(one, { exitCode: sayError(quiet, error) }, said);
  }
}

function exitOf(rows: readonly LabRow[], isInterrupted: boolean): number {
  if (rows.some(({ exitCode }) => exitCode === EXIT.dirty)) return EXIT.dirty;
  if (isInterrupted) return EXIT.stopped;
  return rows.length > 0 && rows.every(({ isAsExpected }) => isAsExpected) ? EXIT.pass : EXIT.fail;
}

function ending({ interrupted }: CliContext, rows: readonly LabRow[], planned: number): string {
  const isHealed = rows.every(({ exitCode }) => exitCode !== EXIT.dirty);
  const done = `${rows.length} of ${plural(planned, 'run')} had begun`;
  return `${String(interrupted.reason)}: ended early, ${done}; ${isHealed ? 'every fault is healed, and what the runs had started is gone' : 'healing was not confirmed'}`;
}

/** Throws FILE_UNREADABLE for a file that holds something else: it is not to be written over. */
function readResults(file: string | undefined): StoredResults {
  if (file === undefined || !existsSync(file)) return {};
  try {
    return storedResults.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new LabError('FILE_UNREADABLE', { file, reason: `it holds no results of the lab: ${reasonOf(error)}` }, { cause: error });
  }
}

function parseCount(option: string, max: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (Number.isInteger(count) && count >= 1 && count <= max) return count;
    throw new InvalidArgumentError(`expected ${option} from 1 to ${max}, found ${text}`);
  };
}
