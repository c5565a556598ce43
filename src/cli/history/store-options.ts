/** What all of `faultlab history …` have in common: which runs, and where their summaries are kept. */
import { type Command, InvalidArgumentError } from 'commander';
import type { RunStore } from '../../history/run-store.js';
import { type RunSummary, summaryOf } from '../../history/run-summary.js';
import type { CliContext } from '../command.js';
import { unknownRun } from '../run-argument.js';
import { judgeFolder } from '../verdict.js';

export interface StoreChoice {
  out: string;
  store?: string;
}

export function addStoreOptions(command: Command): Command {
  return command
    .option('--out <folder>', 'where run folders are', 'runs')
    .option('--store <store>', 'postgres://…, sqlite:FILE or journals; history.db in the folder of the runs if omitted');
}

/** Opens it for as long as `use` needs it. The databases' libraries are a quarter of all that a run loads, and it wants them when it is over. */
export async function withStore<T>(
  context: Pick<CliContext, 'warn'>,
  { out, store }: StoreChoice,
  use: (store: RunStore) => Promise<T>,
): Promise<T> {
  const { openRunStore } = await import('../../history/open-store.js');
  await using opened = await openRunStore({
    store,
    folder: out,
    summarise: async (run) => summaryOf(await judgeFolder(run)),
    warn: (sentence) => context.warn(sentence),
  });
  return await use(opened);
}

/** `--limit N`. */
export function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isSafeInteger(limit) || limit < 1) throw new InvalidArgumentError('expected a whole number from 1 up');
  return limit;
}

/** The run that a person means: its id, a unique beginning of it, `last`, or `last-pass`. Throws RUN_UNKNOWN. */
export function pickRun(runs: readonly RunSummary[], name: string, { out }: StoreChoice): RunSummary {
  const found = matching(runs, name);
  const [only] = found;
  if (only === undefined || found.length > 1) throw unknownRun(name, { folder: out, found: found.map(({ run }) => run) });
  return only;
}

function matching(runs: readonly RunSummary[], name: string): readonly RunSummary[] {
  if (name === 'last') return runs.slice(0, 1);
  if (name === 'last-pass') return runs.filter(({ verdict }) => verdict === 'pass').slice(0, 1);
  const exact = runs.filter(({ run }) => run === name);
  return exact.length > 0 ? exact : runs.filter(({ run }) => run.startsWith(name));
}
