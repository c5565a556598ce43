/** `method:` — the steps. What a step does stands behind the key of its kind, which comes from the catalog of step kinds. */
import { z } from 'zod';
import { listed } from '../../core/suggest.js';
import type { Catalogs } from '../catalogs.js';
import { name, oneOrMore } from './words.js';

export interface StepText {
  name: string;
  startAfter: string[];
  /** A member of the catalog of step kinds. */
  kind: string;
  /** What stands behind its key, as the kind's schema understands it. */
  given: unknown;
}

const common = {
  name: name().meta({ description: 'unique among the steps' }),
  startAfter: oneOrMore(z.string()).default([]).meta({ description: 'steps that must have ended first; omitted: starts with the method' }),
};

export function stepSchema(catalogs: Catalogs) {
  const kinds = catalogs.steps.all.map((kind) => [kind.name, kind.schema(catalogs).optional()] as const);
  const kindOf = (given: Readonly<Record<string, unknown>>) => catalogs.steps.names.filter((kind) => given[kind] !== undefined);
  return z
    .strictObject({ ...common, ...Object.fromEntries(kinds) })
    .refine((given) => kindOf(given).length === 1, `expected exactly one of ${listed(catalogs.steps.names)}`)
    .transform((given): StepText => {
      const [kind = ''] = kindOf(given);
      const { name: stepName, startAfter } = given as { name: string; startAfter: string[] };
      return { name: stepName, startAfter, kind, given: (given as Readonly<Record<string, unknown>>)[kind] };
    });
}
