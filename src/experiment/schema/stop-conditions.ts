/** `stopConditions:` — when to stop early. Each is a map with the name of a condition as a key, or that name alone. */
import { z } from 'zod';
import type { Catalog } from '../../core/catalog.js';
import type { StopCondition } from '../../orchestrator/stop-conditions/stop-condition.js';

export interface StopConditionText {
  /** A member of the catalog. */
  kind: string;
  /** As its schema understands it. */
  params: unknown;
}

export function stopConditionsSchema(conditions: Catalog<StopCondition>) {
  const variants = conditions.all.map(({ name, schema, summary }) =>
    schema.transform((params): StopConditionText => ({ kind: name, params })).meta({ description: summary }),
  );
  return z.array(z.union(variants)).max(100).default([]);
}
