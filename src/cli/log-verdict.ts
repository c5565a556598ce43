/**
 * Somebody's log → a verdict: what the checks can say of requests that no proxy of ours has seen. Whatever needs more than requests is inconclusive,
 * and says why.
 */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { LabError, reasonOf } from '../core/errors.js';
import { explainInLine } from '../core/explain.js';
import { didYouMean } from '../core/suggest.js';
import { formatMs } from '../core/units.js';
import { verifySchema } from '../experiment/schema/verify.js';
import { readAccessLog } from '../interchange/logs/access-log.js';
import { readHar } from '../interchange/logs/har.js';
import { journalOfLog } from '../interchange/logs/log-journal.js';
import type { RecordedCheck } from '../journal/events.js';
import { LOAD } from '../journal/observations.js';
import { foldJournal } from '../journal/record.js';
import { flowsOf } from '../reports/flow.js';
import type { Report } from '../reports/reporter.js';
import { figuresOf } from '../reports/series.js';
import { checks } from '../verify/checks/catalog.js';
import { renderTable } from './table.js';
import { judgeRecord } from './verdict.js';

const READERS = { har: readHar, accessLog: readAccessLog } as const;

export interface LogFile {
  kind: keyof typeof READERS;
  file: string;
}

/** `promises` as `--check` has them. Throws FILE_UNREADABLE, IMPORT_INVALID, and USAGE for a promise that is none. */
export async function judgeLog({ kind, file }: LogFile, promises: readonly string[]): Promise<Report> {
  const recorded = promises.map(readPromise);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new LabError('FILE_UNREADABLE', { file, reason: reasonOf(error) }, { cause: error });
  });
  const log = READERS[kind](text, file);
  const gaps = log.unread === 0 ? [] : [`${log.unread} lines of the log could not be read`];
  const record = foldJournal(journalOfLog(log, { file, checks: recorded }), gaps);
  const services = record.plan.services.map(({ name }) => name);
  for (const [i, { params }] of recorded.entries()) refuseUnknown(params, { text: promises[i] ?? '', services });
  return judgeRecord(record);
}

/** Throws USAGE for a service that nothing in the log was asked of, and for a caller: a log does not say who asked. */
function refuseUnknown(params: unknown, { text, services }: { text: string; services: readonly string[] }): void {
  const { from = LOAD, to } = params as { from?: unknown; to?: unknown };
  const [name, known] = from === LOAD ? [to, services] : [from, [LOAD]];
  if (typeof name === 'string' && !known.includes(name)) throw problemOf(text, `unknown service "${name}"${didYouMean(name, known)}`);
}

/** `latency: {to: server, metric: p99, max: 300ms}`: an entry of `verify:`. */
function readPromise(text: string, i: number): RecordedCheck {
  let entry: unknown;
  try {
    entry = parse(text);
  } catch (error) {
    throw problemOf(text, reasonOf(error));
  }
  const schema = verifySchema(checks);
  const result = schema.safeParse(entry);
  if (!result.success) {
    throw problemOf(text, explainInLine(result.error, { schema, data: entry, what: 'expected one check with its parameters' }));
  }
  const { name, check, severity, params } = result.data;
  return { name: name ?? (i === 0 ? check : `${check}-${i + 1}`), check, severity, params };
}

function problemOf(text: string, reason: string): LabError {
  return new LabError('USAGE', { problem: `--check ${JSON.stringify(text)}: ${reason}` });
}

/** What there was, by the names that `to` of a check takes. */
export function renderServices({ record }: Report): string {
  const hasTimes = record.plan.log?.hasTimes !== false;
  const time = (ms: number | null): string => (hasTimes && ms !== null ? formatMs(ms) : '-');
  const rows = flowsOf(record).map((flow) => {
    const { count, failed, ratePerSecond, p50Ms, p99Ms } = figuresOf(flow, { fromMs: record.fromMs, toMs: record.toMs + 1 });
    return [flow.to, count, failed, ratePerSecond.toFixed(1), time(p50Ms), time(p99Ms)];
  });
  return renderTable(['service', 'requests', 'failed', 'a second', 'p50', 'p99'], rows);
}
