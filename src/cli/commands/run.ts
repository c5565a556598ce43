/** `faultlab run`: carries out experiments, judges them and writes their reports. The exit code is the worst of theirs. */
import { EXIT, reasonOf } from '../../core/errors.js';
import { describePlan } from '../../experiment/describe.js';
import { summaryOf } from '../../history/run-summary.js';
import { reporters } from '../../reports/catalog.js';
import type { Report } from '../../reports/reporter.js';
import { renderFindings } from '../../reports/text.js';
import { worstExit } from '../../verify/judge.js';
import { type CliContext, defineCommand } from '../command.js';
import { parseUrl, readToken } from '../connection.js';
import { refuseExec } from '../exec-permission.js';
import { type Executed, execute } from '../execute.js';
import { collectVariable, expandPaths, parseSeed, planFile, type Variables } from '../experiment-files.js';
import { type StoreChoice, withStore } from '../history/store-options.js';
import { sayError } from '../say-error.js';
import { parseFormats } from '../verdict.js';

interface RunCommandOptions {
  var: Variables;
  seed?: number;
  out: string;
  report?: readonly string[];
  connect?: string;
  tokenFile?: string;
  dry?: true;
  allowExec?: true;
  json?: true;
  store?: string;
}

export const run = defineCommand({
  name: 'run',
  summary: 'Run experiments: bring up, inject, heal, judge, report.',
  example: 'faultlab run experiments/gray-failure.yaml --var ejection=off',
  configure: (command, context) => {
    command
      .argument('<files...>', 'experiments, or folders of them')
      .option('--var <name=value>', 'value of an input; may be repeated', collectVariable, {})
      .option('--seed <number>', 'seed of every decision; the file’s own if omitted', parseSeed)
      .option('--out <folder>', 'where run folders are made', 'runs')
      .option('--report <formats>', `${reporters.names.join(', ')}, separated by commas; the plan’s own if omitted`, parseFormats)
      .option('--connect <url>', 'use a daemon that already runs', parseUrl)
      .option('--token-file <file>', 'file that holds that daemon’s token')
      .option('--allow-exec', 'let probes run the programs that the experiments name')
      .option('--dry', 'show what would be done, and do nothing')
      .option('--json', 'journal events as JSON lines, and the report last')
      .option('--store <store>', 'a run store to write the result to as well, like postgres://… for a team’s')
      .addHelpText(
        'after',
        '\nExit codes: 0 pass, 1 fail, 2 inconclusive, 3 steady state not met before the method, 4 stopped,\n5 healing not confirmed, 64 bad plan or usage, 69 something needed is unavailable, 70 our own error.',
      )
      .action(async (paths: string[], options: RunCommandOptions) => {
        // All plans are made before the first is run: a mistake in the last one costs nothing then.
        const plans = [];
        for (const file of await expandPaths(paths)) plans.push(await planFile(file, { variables: options.var, seed: options.seed }));
        if (options.dry) {
          for (const plan of plans) context.say(describePlan(plan));
          return;
        }
        if (!options.allowExec) for (const plan of plans) refuseExec(plan);
        const codes: number[] = [];
        for (const plan of plans) {
          codes.push(await runOne(context, { plan, options }));
          if (context.interrupted.aborted) break;
        }
        context.exit(worstExit(codes));
        if (plans.length > 1)
          context.say(`${codes.length} of ${plans.length} experiments run, ${codes.filter((c) => c === EXIT.pass).length} passed`);
      });
  },
});

type PlanOfFile = Awaited<ReturnType<typeof planFile>>;

async function runOne(context: CliContext, { plan, options }: { plan: PlanOfFile; options: RunCommandOptions }): Promise<number> {
  try {
    const executed = await execute(context, plan, {
      out: options.out,
      connect: options.connect === undefined ? undefined : { url: options.connect, token: readToken(options.tokenFile) },
      formats: options.report,
      json: options.json === true,
    });
    sayResult(context, executed, options.json === true);
    if (options.store !== undefined) await remember(context, executed.report, { out: options.out, store: options.store });
    return executed.report.exit.code;
  } catch (error) {
    return sayError(context, error);
  }
}

/** The journal has it all: a store that cannot be reached changes nothing about the run. */
async function remember(context: CliContext, report: Report, choice: StoreChoice): Promise<void> {
  await withStore(context, choice, (store) => store.put(summaryOf(report))).catch((error: unknown) =>
    context.warn(`not stored: ${reasonOf(error)}`),
  );
}

function sayResult(context: CliContext, { report, reports, error }: Executed, json: boolean): void {
  if (error !== undefined) sayError(context, error);
  if (json) {
    const { verdict, findings, exit } = report;
    context.say(JSON.stringify({ type: 'report', run: report.record.run, verdict, exit, findings, reports }));
    return;
  }
  context.say('');
  // What nobody could see is not worth a table.
  if (error === undefined) context.say(renderFindings(report, { colour: context.colour, columns: context.width }));
  for (const path of reports) context.say(`report: ${path}`);
}
