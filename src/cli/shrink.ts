/** `replay --shrink`: which of a failed run's faults it takes to break the promise. Every trial is a real run with a folder of its own. */
import { EXIT, LabError } from '../core/errors.js';
import { formatMs } from '../core/units.js';
import { onlyFaults } from '../experiment/only-faults.js';
import type { Plan } from '../experiment/plan.js';
import { planDurationMs } from '../experiment/timeline.js';
import { printable } from '../reports/printable.js';
import type { Report } from '../reports/reporter.js';
import type { CliContext } from './command.js';
import { type RunOptions, runPlan } from './run-plan.js';
import { smallestFailing } from './smallest.js';

interface Trial {
  faults: readonly string[];
  run: string;
  isFailing: boolean;
}

/** Throws USAGE when the run broke no promise. */
export async function shrink(context: CliContext, given: { plan: Plan; before: Report; options: RunOptions }): Promise<void> {
  const { plan, before, options } = given;
  const broken = before.findings.filter(({ verdict, severity }) => verdict === 'fail' && severity === 'fail').map(({ name }) => name);
  if (broken.length === 0) {
    throw new LabError('USAGE', {
      problem: `run ${before.record.run} broke no promise: there is nothing to shrink; its verdict is ${before.verdict}`,
    });
  }
  const faults = plan.steps.filter(({ fault }) => fault !== undefined).map(({ name }) => name);
  const say = (line: string): void => (options.json ? undefined : context.say(printable(line)));
  say(`to break: ${broken.join(', ')}; ${faults.length} faults, ${formatMs(planDurationMs(plan))} a trial`);
  const trials: Trial[] = [];
  const smallest = await smallestFailing(faults, async (part) => {
    const { report } = await runPlan(context, onlyFaults(plan, part), { ...options, yes: true });
    context.interrupted.throwIfAborted();
    if (report === undefined || report.exit.code === EXIT.dirty || report.record.status === 'error') {
      throw new LabError('RUN_UNREPEATABLE', { run: before.record.run, reason: `a trial with ${worded(part)} could not be carried out` });
    }
    const isFailing = report.findings.some(({ name, verdict }) => verdict === 'fail' && broken.includes(name));
    trials.push({ faults: part, run: report.record.run, isFailing });
    say(`trial ${trials.length}, with ${worded(part)}: ${isFailing ? 'still broken' : 'kept'}`);
    return isFailing;
  });
  const proof = trials.findLast((trial) => trial.isFailing)?.run ?? before.record.run;
  if (options.json) context.say(JSON.stringify({ type: 'shrunk', faults: smallest, run: proof, trials }));
  else say(`it takes ${worded(smallest)}, of ${faults.length}, to break it; \`faultlab replay ${proof}\` does that again`);
  context.exit(EXIT.fail);
}

function worded(faults: readonly string[]): string {
  return faults.length === 0 ? 'no fault at all' : faults.join(', ');
}
