/** A run beside the last one of its experiment that passed. What a reader gets wrong: this is told and judges nothing; the verdict is by the promises alone. */
import { reasonOf } from '../core/errors.js';
import { compareRuns } from '../history/compare.js';
import { summaryOf } from '../history/run-summary.js';
import type { Report } from '../reports/reporter.js';
import type { CliContext } from './command.js';
import { sayComparison } from './history/comparison.js';
import { withStore } from './history/store-options.js';

export interface BaselineOptions {
  /** Folder that holds the run folders. */
  out: string;
  json?: true;
}

/** Never rejects: a history that cannot be read changes nothing about the run. */
export async function compareWithBaseline(context: CliContext, report: Report, { out, json }: BaselineOptions): Promise<void> {
  const after = summaryOf(report);
  try {
    await withStore(context, { out }, async (store) => {
      const [before] = await store.list({ title: after.title, verdict: 'pass', beforeWallMs: after.startedWallMs, limit: 1 });
      if (json) {
        const compared = before === undefined ? {} : { before: before.run, ...compareRuns(before, after) };
        context.say(JSON.stringify({ type: 'comparison', after: after.run, ...compared }));
      } else if (before === undefined) context.say('\nno earlier run of this experiment has passed: there is nothing to compare with');
      else {
        context.say('\ncompared with the last run that passed:');
        sayComparison(context, before, after);
      }
    });
  } catch (error) {
    context.warn(`not compared: ${reasonOf(error)}`);
  }
}
