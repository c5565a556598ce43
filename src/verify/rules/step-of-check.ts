/** Which fault step a check is about, by the words that checks have for it: `during`, `after`, `step`. */
import type { RecordedPlan } from '../../journal/events.js';

/** Undefined for a check on the whole run. Of several steps, the first. */
export function stepOfCheck({ checks, steps }: RecordedPlan, { name, check }: { name: string; check: string }): string | undefined {
  const params = checks.find((planned) => planned.name === name && planned.check === check)?.params;
  if (typeof params !== 'object' || params === null) return undefined;
  const { during, after, step } = params as Record<string, unknown>;
  const named = [during, after, step].flat();
  return steps.find((planned) => planned.fault !== undefined && named.includes(planned.name))?.name;
}
