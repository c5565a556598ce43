/** Experiments may stop processes that somebody else has started; whoever starts the run has to agree, because they may be in use. */
import { LabError } from '../core/errors.js';
import { listed } from '../core/suggest.js';
import type { Plan } from '../experiment/plan.js';

/** Throws SIGNALS_NOT_ALLOWED, naming the first step that signals such a process. */
export function refuseForeign({ recorded, steps }: Pick<Plan, 'recorded' | 'steps'>): void {
  for (const { name, fault } of steps) {
    if (fault?.foreign === undefined) continue;
    throw new LabError('SIGNALS_NOT_ALLOWED', { file: recorded.file, step: name, type: fault.type, whom: listed(fault.foreign) });
  }
}
