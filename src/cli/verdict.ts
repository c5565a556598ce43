/** From a journal on disk to a verdict and its reports: the same for a run that has just ended and for one of last week. */
import { writeFile } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import { LabError, reasonOf } from '../core/errors.js';
import { readRecord } from '../journal/reader.js';
import type { RunRecord } from '../journal/record.js';
import type { RunFolder } from '../journal/store.js';
import { reporters } from '../reports/catalog.js';
import type { Report } from '../reports/reporter.js';
import { exitOf, judge } from '../verify/judge.js';

/** Reads the journal back and judges it; nothing but the file is asked. */
export async function judgeFolder(folder: RunFolder): Promise<Report> {
  const record = await readRecord(folder.journal);
  // A journal that lost its beginning does not say whose it is; its folder does.
  const isNamed = record.events.some(({ type }) => type === 'runStarted');
  return judgeRecord(isNamed ? record : { ...record, run: folder.run });
}

export function judgeRecord(record: RunRecord): Report {
  const { findings, verdict } = judge(record);
  return { record, findings, verdict, exit: exitOf({ record, verdict }) };
}

/** `--report html,json`: throws for a format that there is none of, before anything is started. */
export function parseFormats(text: string): readonly string[] {
  const formats = text.split(',');
  const unknown = formats.find((format) => reporters.get(format) === undefined);
  if (unknown !== undefined) throw new InvalidArgumentError(`"${unknown}" is no format; expected ${reporters.names.join(', ')}`);
  return formats;
}

/** Writes the report in each format into the run's folder and returns the paths. Rejects with REPORT_FAILED. */
export async function writeReports(folder: RunFolder, report: Report, formats: readonly string[]): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const format of formats) {
    const reporter = reporters.get(format);
    if (reporter === undefined) continue;
    const path = folder.report(reporter.extension);
    await writeFile(path, reporter.render(report)).catch((error: unknown) => {
      throw new LabError('REPORT_FAILED', { file: path, reason: reasonOf(error), run: folder.run }, { cause: error });
    });
    paths.push(path);
  }
  return paths;
}
