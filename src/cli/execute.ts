/** One plan from start to report. What goes wrong inside the run is in its journal; what comes back is the report and the exit code. */
import { randomBytes } from 'node:crypto';
import { LabError } from '../core/errors.js';
import type { Plan } from '../experiment/plan.js';
import { planDurationMs } from '../experiment/timeline.js';
import { RunFolder, runId } from '../journal/store.js';
import { JournalWriter } from '../journal/writer.js';
import { cleanLeftovers, type Leftover } from '../orchestrator/leftovers.js';
import { run } from '../orchestrator/run.js';
import type { Report } from '../reports/reporter.js';
import type { CliContext } from './command.js';
import { Progress } from './progress.js';
import { judgeFolder, writeReports } from './verdict.js';

export interface ExecuteOptions {
  /** Folder that holds the run folders. */
  out: string;
  connect: { url: string; token?: string | undefined } | undefined;
  /** Formats beyond or instead of the plan's own; undefined: the plan's. */
  formats?: readonly string[] | undefined;
  /** Events as JSON lines instead of progress. */
  json: boolean;
}

export interface Executed {
  folder: RunFolder;
  report: Report;
  reports: readonly string[];
  exitCode: number;
}

/** Rejects with what kept the run from starting: nothing was injected then. */
export async function execute(context: CliContext, plan: Plan, options: ExecuteOptions): Promise<Executed> {
  const { clock, version, self, labFolder, interrupted } = context;
  const leftovers = await cleanLeftovers(clock, options.out);
  if (!options.json) for (const leftover of leftovers) context.say(sayLeftover(leftover));
  const suffix = randomBytes(3).toString('hex');
  const folder = new RunFolder(options.out, runId({ wallMs: clock.wallMs(), title: plan.recorded.title, suffix }));
  await folder.create();
  let error: unknown;
  {
    await using journal = await JournalWriter.create(folder.journal, clock);
    using progress = new Progress(context, { plannedMs: planDurationMs(plan), json: options.json });
    journal.onEvent((event) => progress.show(event));
    const daemonArgv = [...self, 'serve', '--port', '0', '--json', '--end-with-parent', '--environment', plan.recorded.environment];
    const end = await run({
      clock,
      plan,
      folder,
      journal,
      version,
      leftovers,
      daemonArgv,
      connect: options.connect,
      labFolder,
      operator: interrupted,
    });
    error = end.error;
  }
  const report = await judgeFolder(folder);
  const reports = await writeReports(folder, report, options.formats ?? plan.report.formats);
  if (error !== undefined && report.exit.code !== 5) throw withFolder(error, folder);
  return { folder, report, reports, exitCode: report.exit.code };
}

function sayLeftover({ run, what }: Leftover): string {
  return `found of an earlier run: ${run}: ${what}`;
}

/** The failure as it was; a bug of ours keeps its stack. */
function withFolder(error: unknown, folder: RunFolder): unknown {
  if (error instanceof LabError && error.hint === undefined) return Object.assign(error, { hint: `the journal is ${folder.journal}` });
  return error;
}
