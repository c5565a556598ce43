/** One plan from start to verdict. What goes wrong inside the run is in its journal; what comes back is the report and the exit code. */
import { randomBytes } from 'node:crypto';
import { EXIT, LabError, reasonOf } from '../core/errors.js';
import { describeForeseen } from '../experiment/describe.js';
import type { Plan } from '../experiment/plan.js';
import { planDurationMs } from '../experiment/timeline.js';
import { RunFolder, runId } from '../journal/store.js';
import { JournalWriter } from '../journal/writer.js';
import { cleanLeftovers, type Leftover } from '../orchestrator/leftovers.js';
import type { PlanePorts } from '../orchestrator/planes/plane.js';
import { type RunEnd, run } from '../orchestrator/run.js';
import { RunTeller } from '../orchestrator/run-teller.js';
import { finalVerdicts, verdictsSoFar } from '../orchestrator/verdict-news.js';
import type { Report } from '../reports/reporter.js';
import type { CliContext } from './command.js';
import { LiveVerdicts } from './live-verdicts.js';
import type { Onlookers } from './onlookers.js';
import { Progress } from './progress.js';
import { storePlan } from './stored-plan.js';
import { thisMachine } from './this-machine.js';
import { judgeFolder } from './verdict.js';

export interface ExecuteOptions {
  /** Folder that holds the run folders. */
  out: string;
  connect: { url: string; token?: string | undefined } | undefined;
  /** The fleet that the plan’s instances are placed on. */
  etcd?: PlanePorts['etcd'];
  /** Who has read the briefing and let it begin. */
  briefedBy?: string | undefined;
  /** Whoever answers a gate may say with which inputs the caller is to begin again. */
  beginsAgain?: true | undefined;
  /** Events as JSON lines instead of progress. */
  json: boolean;
  /** Who else follows the run. */
  onlookers: Onlookers;
}

export interface Executed {
  folder: RunFolder;
  report: Report;
  /** In its journal. */
  events: number;
  /** What ended the run before its plan did. */
  error?: unknown;
}

/**
 * Rejects only with what kept the journal from being written or read back, and with HEALING_UNCONFIRMED where that is worse; what went wrong in the run is in
 * `error`, in the journal, and in the exit code.
 */
export async function execute(context: CliContext, plan: Plan, options: ExecuteOptions): Promise<Executed> {
  const { clock } = context;
  const leftovers = await cleanLeftovers({ clock, token: options.connect?.token }, options.out);
  if (!options.json) for (const leftover of leftovers) context.say(sayLeftover(leftover));
  // A briefing has told it already.
  const foreseen = options.json || plan.recorded.gameDay !== undefined ? [] : describeForeseen(plan);
  for (const line of foreseen) context.say(`foreseen: ${line}`);
  const suffix = randomBytes(3).toString('hex');
  const folder = new RunFolder(options.out, runId({ wallMs: clock.wallMs(), title: plan.recorded.title, suffix }));
  await folder.create();
  await storePlan(folder, plan);
  await using teller = new RunTeller(clock);
  const { events, end, unwritten } = await carryOut(context, plan, { ...options, folder, leftovers, teller });
  const judged = await judgeFolder(folder).catch((error: unknown) => {
    throw unjudged(end, error);
  });
  teller.verdicts(finalVerdicts(judged, clock.nowMs()));
  const report = unwritten === undefined ? judged : { ...judged, exit: exitWithoutJournal(end, unwritten) };
  const error = end.error ?? unwritten;
  return { folder, report, events, ...(error !== undefined && { error }) };
}

/** A journal that breaks off cannot say whether healing was confirmed; who healed can. */
function exitWithoutJournal({ cleanup }: RunEnd, { message }: Error): Report['exit'] {
  if (cleanup === 'dirty') return { code: EXIT.dirty, reason: 'healing was not confirmed' };
  return { code: EXIT.internal, reason: message };
}

/** Without a report the exit code is that of what is thrown, and a fault that may still be on outranks every other. */
export function unjudged({ cleanup }: Pick<RunEnd, 'cleanup'>, error: unknown): unknown {
  if (cleanup !== 'dirty') return error;
  return new LabError('HEALING_UNCONFIRMED', { reason: `nor can the run be judged: ${reasonOf(error)}` }, { cause: error });
}

/** Never rejects: what was not written to the end is told beside the run's end, which is not to be lost with it. */
export async function closed(journal: Pick<JournalWriter, 'close' | 'failure' | 'path'>): Promise<Error | undefined> {
  try {
    await journal.close();
  } catch (error) {
    return journal.failure ?? new LabError('JOURNAL_FAILED', { file: journal.path, reason: reasonOf(error) }, { cause: error });
  }
  return journal.failure;
}

/** After it has returned the journal is closed, and whole unless `unwritten` says why it is not. */
async function carryOut(
  context: CliContext,
  plan: Plan,
  {
    json,
    connect,
    etcd,
    briefedBy,
    beginsAgain,
    onlookers,
    folder,
    leftovers,
    teller,
  }: ExecuteOptions & { folder: RunFolder; leftovers: readonly Leftover[]; teller: RunTeller },
): Promise<{ events: number; end: RunEnd; unwritten: Error | undefined }> {
  const { clock, version, self, labFolder, interrupted } = context;
  const journal = await JournalWriter.create(folder.journal, clock);
  try {
    using progress = new Progress(context, {
      plannedMs: planDurationMs(plan),
      json,
      onNote: (note) => journal.append({ type: 'note', ...note }),
    });
    using verdicts = watchVerdicts(context, journal, { progress, teller });
    onlookers.follow(journal);
    journal.onEvent((event) => {
      progress.show(event);
      verdicts.heed(event);
      teller.heed(event);
    });
    const daemonArgv = [...self, 'serve', '--port', '0', '--json', '--end-with-parent', '--environment', plan.recorded.environment];
    const end = await run({
      clock,
      plan,
      folder,
      journal,
      version,
      machine: thisMachine(),
      leftovers,
      daemonArgv,
      connect,
      etcd,
      labFolder,
      briefedBy,
      beginsAgain,
      person: progress.person,
      operator: interrupted,
      teller,
    });
    const unwritten = await closed(journal);
    return { events: journal.count, end, unwritten };
  } finally {
    await closed(journal);
  }
}

function watchVerdicts(
  { clock }: CliContext,
  journal: JournalWriter,
  { progress, teller }: { progress: Progress; teller: RunTeller },
): LiveVerdicts {
  return new LiveVerdicts({
    clock,
    journal: journal.path,
    isWatched: () => progress.showsVerdicts || teller.isHeard,
    onVerdicts: (judged) => {
      if (progress.showsVerdicts) progress.showVerdicts(judged.soFar);
      if (teller.isHeard) teller.verdicts(verdictsSoFar(judged, clock.nowMs()));
    },
  });
}

function sayLeftover({ run, what }: Leftover): string {
  return `found of an earlier run: ${run}: ${what}`;
}
