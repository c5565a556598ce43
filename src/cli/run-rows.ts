/** What became of several plans, one row each: for people as a table, for programs as one JSON line. A plan that did not come to a journal has a row, too. */
import { EXIT } from '../core/errors.js';
import { formatMs } from '../core/units.js';
import type { RecordedPlan } from '../journal/events.js';
import { printable } from '../reports/printable.js';
import { plural, VERDICT_WORDS } from '../reports/wording.js';
import type { Verdict } from '../verify/check.js';
import type { PlanRun } from './run-plan.js';
import { renderTable } from './table.js';

export interface RunRow {
  title: string;
  file: string;
  /** Left out when there is not even a journal. */
  run?: string;
  verdict: Verdict;
  exit: { code: number; reason: string };
  tookMs?: number;
  promises: { kept: number; all: number };
  /** Names of the promises that were not kept, warnings left out. */
  notKept: readonly string[];
}

export function rowOf({ title, file }: Pick<RecordedPlan, 'title' | 'file'>, { exitCode, report }: PlanRun): RunRow {
  if (report === undefined) {
    const nothing = { promises: { kept: 0, all: 0 }, notKept: [] };
    return { title, file, verdict: 'error', exit: { code: exitCode, reason: 'there is nothing to judge by' }, ...nothing };
  }
  const { record, findings, verdict, exit } = report;
  const promises = findings.filter(({ severity }) => severity === 'fail');
  const notKept = promises.filter((finding) => finding.verdict !== 'pass').map(({ name }) => name);
  return {
    title,
    file,
    run: record.run,
    verdict,
    exit,
    tookMs: record.toMs - record.fromMs,
    promises: { kept: promises.length - notKept.length, all: promises.length },
    notKept,
  };
}

/** `planned`: how many there were to run; fewer rows mean that somebody ended it. */
export function renderRows(rows: readonly RunRow[], planned: number): string {
  const table = renderTable(
    ['experiment', 'verdict', 'exit', 'took', 'promises kept', 'not kept'],
    rows.map(({ title, verdict, exit, tookMs, promises, notKept }) => [
      printable(title),
      `${VERDICT_WORDS[verdict].sign} ${VERDICT_WORDS[verdict].word}`,
      exit.code,
      tookMs === undefined ? '' : formatMs(tookMs),
      `${promises.kept} of ${promises.all}`,
      printable(notKept.join(', ')),
    ]),
  );
  const passed = rows.filter(({ exit }) => exit.code === EXIT.pass).length;
  return `${table}\n\n${rows.length} of ${plural(planned, 'experiment')} run, ${passed} passed`;
}

/** One line, the last of `run --json` on several files. */
export function jsonRows(rows: readonly RunRow[], { planned, exitCode }: { planned: number; exitCode: number }): string {
  return JSON.stringify({ type: 'summary', planned, exit: { code: exitCode }, runs: rows });
}
