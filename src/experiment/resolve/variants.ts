/** What each variant promises. A promise that is to break has to be one of the plan's checks, those that stand in every plan among them. */
import { didYouMean } from '../../core/suggest.js';
import type { RecordedCheck } from '../../journal/events.js';
import type { PlannedVariant } from '../plan.js';
import type { Known } from './references.js';

export function resolveVariants(
  { experiment, complain }: Pick<Known, 'experiment' | 'complain'>,
  checks: readonly RecordedCheck[],
): Readonly<Record<string, PlannedVariant>> {
  const names = checks.map(({ name }) => name);
  const planned = Object.entries(experiment.variants).map(([variant, { expect, failing = [] }]): [string, PlannedVariant] => {
    for (const [i, name] of failing.entries())
      if (!names.includes(name)) complain(['variants', variant, 'failing', i], `no promise is named "${name}"${didYouMean(name, names)}`);
    return [variant, { expect, failing }];
  });
  return Object.fromEntries(planned);
}
