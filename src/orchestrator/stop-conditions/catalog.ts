/** All stop conditions, found by the key that they are written with; and the first of a plan's that says stop. */
import { type Catalog, createCatalog } from '../../core/catalog.js';
import type { PlannedStopCondition } from '../../experiment/plan.js';
import * as registry from './registry.js';
import type { StopCondition, StopFacts } from './stop-condition.js';

// The erasure is safe because a condition's own schema produces the params that its own functions are called with.
export const stopConditions = createCatalog(
  'stop condition',
  registry as unknown as Readonly<Record<string, StopCondition>>,
) as Catalog<StopCondition>;

export interface Tripped {
  condition: string;
  detail: string;
}

/** The first condition that holds, or undefined. */
export function trippedCondition(conditions: readonly PlannedStopCondition[], facts: StopFacts): Tripped | undefined {
  for (const { kind, params, summary } of conditions) {
    const detail = stopConditions.get(kind)?.trips(params, facts);
    if (detail !== undefined) return { condition: summary, detail };
  }
  return undefined;
}
