/** `faultlab verify`: judges a stored run again from its journal alone, or requests of a log that somebody else has written. */

import { InvalidArgumentError } from 'commander';
import { LabError } from '../../core/errors.js';
import { reporters } from '../../reports/catalog.js';
import type { Report } from '../../reports/reporter.js';
import { renderFindings } from '../../reports/text.js';
import { defineCommand } from '../command.js';
import { judgeLog, type LogFile, renderServices } from '../log-verdict.js';
import { findRun } from '../run-argument.js';
import { judgeFolder } from '../verdict.js';

interface VerifyOptions {
  out: string;
  har?: string;
  accessLog?: string;
  check: readonly string[];
  json?: true;
}

/** Promises in one command line. */
const PROMISES_MAX = 100;

export const verify = defineCommand({
  name: 'verify',
  summary: 'Judge a stored run again, from its journal alone; or the requests of a HAR or an access log.',
  example: 'faultlab verify last',
  configure: (command, context) => {
    command
      .argument('[run]', 'a run’s id or the beginning of it, `last`, or its folder')
      .option('--out <folder>', 'where run folders are', 'runs')
      .option('--har <file>', 'judge the requests of this HTTP Archive')
      .option('--access-log <file>', 'judge the requests of this access log: common, combined, HAProxy’s httplog, or JSON lines')
      .option('--check <promise>', 'of a log, like "latency: {to: server, metric: p99, max: 300ms}"; may be repeated', collect, [])
      .option('--json', 'the report as JSON')
      .action(async (run: string | undefined, options: VerifyOptions) => {
        const log = logOf(run, options);
        const report =
          log === undefined ? await judgeFolder(await findRun(run ?? 'last', options.out)) : await judgeLog(log, options.check);
        if (options.json) context.say(reporters.get('json')?.render(report) ?? '');
        else context.say(inWords(report, { colour: context.colour, columns: context.width }));
        context.exit(report.exit.code);
      });
  },
});

/** Undefined: a run is meant. */
function logOf(run: string | undefined, { har, accessLog, check }: VerifyOptions): LogFile | undefined {
  const named = [run, har, accessLog].filter((one) => one !== undefined).length;
  if (named !== 1)
    throw new LabError('USAGE', {
      problem: `expected a run (like \`last\`), --har or --access-log, found ${named === 0 ? 'none' : named}`,
    });
  if (har !== undefined) return { kind: 'har', file: har };
  if (accessLog !== undefined) return { kind: 'accessLog', file: accessLog };
  if (check.length > 0) throw new LabError('USAGE', { problem: '--check is for logs: a run is judged by the promises of its plan' });
  return undefined;
}

function inWords(report: Report, options: { colour: boolean; columns: number }): string {
  const findings = renderFindings(report, options);
  return report.record.plan.log === undefined ? findings : `${renderServices(report)}\n\n${findings}`;
}

function collect(promise: string, promises: readonly string[]): readonly string[] {
  if (promises.length >= PROMISES_MAX) throw new InvalidArgumentError(`expected at most ${PROMISES_MAX} checks`);
  return [...promises, promise];
}
