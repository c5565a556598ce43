/** One plan carried out, said and stored: what `run` and `replay` have in common, and their options. */
import type { Command } from 'commander';
import { EXIT, LabError, reasonOf } from '../core/errors.js';
import type { Plan } from '../experiment/plan.js';
import { summaryOf } from '../history/run-summary.js';
import { requirePrograms } from '../orchestrator/services/installed.js';
import { reporters } from '../reports/catalog.js';
import type { Report } from '../reports/reporter.js';
import { renderFindings } from '../reports/text.js';
import { worstExit } from '../verify/judge.js';
import { compareWithBaseline } from './baseline.js';
import type { CliContext } from './command.js';
import { parseUrl, readToken } from './connection.js';
import { addEtcdOptions, type EtcdOptionValues, etcdClientOf } from './etcd-options.js';
import { type Executed, type ExecuteOptions, execute } from './execute.js';
import { refuseForeign } from './foreign-permission.js';
import { brief, type DayPlace, retrospect } from './game-day.js';
import { type StoreChoice, withStore } from './history/store-options.js';
import { Onlookers } from './onlookers.js';
import { sayError } from './say-error.js';
import { parseFormats, writeReports } from './verdict.js';

export interface RunOptions extends EtcdOptionValues {
  out: string;
  report?: readonly string[];
  connect?: string;
  fleetHost?: string;
  tokenFile?: string;
  allowExec?: true;
  allowSignals?: true;
  yes?: true;
  json?: true;
  store?: string;
  webhook?: readonly string[];
  otlp?: string;
  /** No option: the caller begins again with the inputs that an answer to a gate has set. */
  beginsAgain?: true;
}

/** Options of every command that carries out plans. */
export function addRunOptions(command: Command): Command {
  return addEtcdOptions(command)
    .option('--fleet-host <address>', 'where the agents of a fleet reach this machine', LOOPBACK)
    .option('--out <folder>', 'where run folders are made', 'runs')
    .option('--report <formats>', `${reporters.names.join(', ')}, separated by commas; the plan’s own if omitted`, parseFormats)
    .option('--connect <url>', 'use a daemon that already runs', parseUrl)
    .option('--token-file <file>', 'file that holds that daemon’s token')
    .option('--allow-exec', 'let probes run the programs that the experiments name')
    .option('--allow-signals', 'let faults pause processes that the run has not started')
    .option('--yes', 'begin game days without asking, and leave their questions open')
    .option('--json', 'journal events as JSON lines, and the report last')
    .option('--store <store>', 'a run store to write the result to as well, like postgres://… for a team’s')
    .option(
      '--webhook <where>',
      'who is told at start, early stop and verdict: a URL, env:NAME or file:PATH that holds it, slack=… for its shape; may be repeated',
      (value: string, all: readonly string[]) => [...all, value],
      [],
    )
    .option('--otlp <url>', 'a collector to send the run to as a trace, by OTLP/HTTP; OTEL_EXPORTER_OTLP_ENDPOINT if omitted');
}

export interface PlanRun {
  exitCode: number;
  /** Who confirmed the briefing. */
  briefedBy?: string | undefined;
  /** Left out when there is not even a journal. */
  report?: Report;
}

const LOOPBACK = '127.0.0.1';

const ALONE: DayPlace = { questions: [] };

/** Exit codes of runs that came to their end, and left nothing behind; after any other a game day of several ends. */
const CARRIED_THROUGH: ReadonlySet<number> = new Set([EXIT.pass, EXIT.fail, EXIT.inconclusive]);
export function isCarriedThrough(exitCode: number): boolean {
  return CARRIED_THROUGH.has(exitCode);
}

/** Never rejects: what goes wrong is said, and is in the exit code. */
export async function runPlan(context: CliContext, plan: Plan, options: RunOptions, day = ALONE): Promise<PlanRun> {
  try {
    const lever = await context.home.lever();
    if (lever !== undefined) throw new LabError('HALTED', { ...lever });
    if (!options.allowSignals) refuseForeign(plan);
    requirePrograms(plan, process.env['PATH'] ?? '');
    await using onlookers = await Onlookers.open(context, plan, { ...options, env: process.env });
    const briefedBy = await brief(context, plan, { ...options, ...day });
    const executed = await execute(context, plan, {
      out: options.out,
      connect: options.connect === undefined ? undefined : { url: options.connect, token: readToken(options.tokenFile) },
      etcd: fleetOf(context, plan, options),
      briefedBy,
      beginsAgain: options.beginsAgain,
      json: options.json === true,
      onlookers,
    });
    onlookers.judged(executed.report);
    if (executed.error !== undefined) sayError(context, executed.error);
    return { ...(await conclude(context, plan, { executed, options, day })), briefedBy };
  } catch (error) {
    return { exitCode: sayError(context, error) };
  }
}

/** Throws USAGE where there is an etcd and the plan has no use for it, or the other way round. */
function fleetOf({ clock }: CliContext, plan: Plan, options: RunOptions): ExecuteOptions['etcd'] {
  const client = etcdClientOf(clock, options);
  if (client === undefined && plan.proxies.driver === 'fleet')
    throw new LabError('USAGE', { problem: 'the plan is for a fleet: expected --etcd URL[,URL], where its agents are found' });
  if (client === undefined) return undefined;
  if (plan.proxies.driver !== 'fleet')
    throw new LabError('USAGE', {
      problem: '--etcd is for plans whose links agents carry: expected `topology.proxies: {driver: fleet}` in the plan',
    });
  return { client, host: options.fleetHost ?? LOOPBACK, env: process.env };
}

/** What comes after a run may fail too: that is said, and takes nothing back of what the run has shown. */
async function conclude(
  context: CliContext,
  plan: Plan,
  { executed, options, day }: { executed: Executed; options: RunOptions; day: DayPlace },
): Promise<PlanRun> {
  const codes = [executed.report.exit.code];
  const insteadOf =
    <T>(result: T) =>
    (error: unknown): T => {
      codes.push(sayError(context, error));
      return result;
    };
  if (!options.json) sayFindings(context, executed);
  const more = isCarriedThrough(executed.report.exit.code) ? [] : day.questions;
  const report = await retrospect(context, executed, { ...options, more }).catch(insteadOf(executed.report));
  const formats = options.report ?? plan.report.formats;
  const reports = await writeReports(executed.folder, report, formats).catch(insteadOf<readonly string[]>([]));
  if (options.json) sayJson(context, report, reports);
  else for (const path of reports) context.say(`report: ${path}`);
  if (plan.report.baseline !== undefined) await compareWithBaseline(context, report, options).catch(insteadOf(undefined));
  sayLateSignal(context, report);
  if (options.store !== undefined) await remember(context, report, { out: options.out, store: options.store });
  return { exitCode: worstExit(codes), report };
}

/** Whoever stops a run that has ended is to know what became of it: a signal from teardown on cuts nothing short. */
function sayLateSignal({ interrupted, warn }: CliContext, { record: { status, cleanup } }: Report): void {
  if (!interrupted.aborted || status === 'interrupted') return;
  const healed = cleanup === 'confirmed' ? 'every fault was confirmed gone, ' : '';
  warn(`${String(interrupted.reason)} came when the run was over: ${healed}it was judged and reported all the same`);
}

/** The journal has it all: a store that cannot be reached changes nothing about the run. */
async function remember(context: CliContext, report: Report, choice: StoreChoice): Promise<void> {
  await withStore(context, choice, (store) => store.put(summaryOf(report))).catch((error: unknown) =>
    context.warn(`not stored: ${reasonOf(error)}`),
  );
}

function sayFindings(context: CliContext, { report, error }: Executed): void {
  context.say('');
  // What nobody could see is not worth a table.
  if (error === undefined) context.say(renderFindings(report, { colour: context.colour, columns: context.width }));
}

function sayJson(context: CliContext, { record: { run }, verdict, findings, exit }: Report, reports: readonly string[]): void {
  context.say(JSON.stringify({ type: 'report', run, verdict, exit, findings, reports }));
}
