/** The promises to judge: those of `verify:`, and those that every experiment makes without saying so. */
import type { RecordedCheck } from '../../journal/events.js';
import type { Catalogs } from '../catalogs.js';
import type { PlannedStep } from '../plan.js';
import { promisesOf } from '../schema/game-day.js';
import { checkCheckReferences, type Known, withFaultSteps } from './references.js';
import type { ResolvedMethod } from './steps.js';

/** Implicit: every fault met traffic. A run in which a fault touched nothing says nothing about the system. */
const FAULT_WAS_FELT = 'faultWasFelt';
/** Implicit when there are probes: the steady state held at the start and the end, and was not broken for long. */
const STEADY_STATE = 'steadyState';

export function resolveChecks(method: ResolvedMethod, { catalogs, ...known }: Known & { catalogs: Catalogs }): readonly RecordedCheck[] {
  const promises = promisesOf(known.experiment);
  const written = promises.map(({ text: entry, path }): RecordedCheck => {
    checkCheckReferences(entry.params, [...path, entry.check], known);
    const params = withFaultSteps(entry.params, [...path, entry.check], { method, complain: known.complain });
    return { name: entry.name ?? entry.check, check: entry.check, severity: entry.severity, params };
  });
  const checks = [...written, ...implicitChecks(method.steps, { written, known, catalogs })];
  const seen = new Set<string>();
  for (const [i, { name }] of checks.entries()) {
    if (seen.has(name)) known.complain(promises[i]?.path ?? ['verify'], `two checks are named "${name}"; give one a name of its own`);
    seen.add(name);
  }
  return checks;
}

function implicitChecks(
  steps: readonly PlannedStep[],
  { written, known, catalogs }: { written: readonly RecordedCheck[]; known: Known; catalogs: Catalogs },
): readonly RecordedCheck[] {
  const isWritten = (check: string, step?: string): boolean =>
    written.some((entry) => entry.check === check && (step === undefined || stepOf(entry.params) === step));
  const felt = steps.flatMap(({ name, fault }): RecordedCheck[] => {
    if (fault === undefined || isWritten(FAULT_WAS_FELT, name)) return [];
    const params = { step: name, minMatched: fault.minMatched };
    return [{ name: `${name}-was-felt`, check: FAULT_WAS_FELT, severity: 'fail', params: withDefaults(FAULT_WAS_FELT, params, catalogs) }];
  });
  if (known.experiment.steadyState.probes.length === 0 || isWritten(STEADY_STATE)) return felt;
  return [...felt, { name: 'steady-state', check: STEADY_STATE, severity: 'fail', params: withDefaults(STEADY_STATE, {}, catalogs) }];
}

function withDefaults(check: string, params: unknown, catalogs: Catalogs): unknown {
  return catalogs.checks.get(check)?.schema.parse(params) ?? params;
}

function stepOf(params: unknown): unknown {
  return params !== null && typeof params === 'object' && 'step' in params ? params.step : undefined;
}
