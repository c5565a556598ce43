/** One plan from start to report. What goes wrong inside the run is in its journal; what comes back is the report and the exit code. */
import { randomBytes } from 'node:crypto';
import { describeForeseen } from '../experiment/describe.js';
import type { Plan } from '../experiment/plan.js';
import { planDurationMs } from '../experiment/timeline.js';
import { RunFolder, runId } from '../journal/store.js';
import { JournalWriter } from '../journal/writer.js';
import { cleanLeftovers, type Leftover } from '../orchestrator/leftovers.js';
import { run } from '../orchestrator/run.js';
import type { Report } from '../reports/reporter.js';
import type { CliContext } from './command.js';
import { Progress } from './progress.js';
import { storePlan } from './stored-plan.js';
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
  report: Report;
  /** Paths of the reports written. */
  reports: readonly string[];
  /** What ended the run before its plan did. */
  error?: unknown;
}

/** Rejects only with what kept the journal from being written; what went wrong in the run is in `error`, in the journal, and in the exit code. */
export async function execute(context: CliContext, plan: Plan, options: ExecuteOptions): Promise<Executed> {
  const { clock, version, self, labFolder, interrupted } = context;
  const leftovers = await cleanLeftovers({ clock, token: options.connect?.token }, options.out);
  if (!options.json) for (const leftover of leftovers) context.say(sayLeftover(leftover));
  if (!options.json) for (const line of describeForeseen(plan)) context.say(`foreseen: ${line}`);
  const suffix = randomBytes(3).toString('hex');
  const folder = new RunFolder(options.out, runId({ wallMs: clock.wallMs(), title: plan.recorded.title, suffix }));
  await folder.create();
  await storePlan(folder, plan);
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
  return { report, reports, ...(error !== undefined && { error }) };
}

function sayLeftover({ run, what }: Leftover): string {
  return `found of an earlier run: ${run}: ${what}`;
}
