/** `topology.policies` — the defences that callers are said to have, with their settings: the contract that checks and preflight hold the system to. */
import { z } from 'zod';
import type { Catalog } from '../../core/catalog.js';
import { listed } from '../../core/suggest.js';
import { type Written, written } from '../../core/written.js';
import type { Mechanism } from '../../verify/mechanisms/mechanism.js';
import { productSchema } from '../../verify/presets/product.js';
import { name } from './words.js';

export interface PolicyText {
  name: string;
  from: string;
  to: string;
  /** The product whose defences these are; its settings may be left to its defaults. */
  preset?: Written | undefined;
  /** By the name of the mechanism; at least one, where no product is named. */
  mechanisms: Readonly<Record<string, Written>>;
}

/** Policies of one experiment. */
const POLICIES_MAX = 1_000;

export function policiesSchema(mechanisms: Catalog<Mechanism>) {
  const byName = Object.fromEntries(
    mechanisms.all.map((mechanism) => [mechanism.name, written(mechanism.schema).optional().meta({ description: mechanism.summary })]),
  );
  const policy = z
    .strictObject({
      name: name().meta({ description: 'how checks refer to it; unique among the policies' }),
      from: z.string().meta({ description: 'the service that has these defences' }),
      to: z.string().meta({ description: 'the service that it calls behind them' }),
      preset: written(productSchema)
        .optional()
        .meta({ description: 'the product that has them, or that with its settings; mechanisms said beside it count more' }),
      ...byName,
    })
    .transform(({ name, from, to, preset, ...rest }, context): PolicyText => {
      const given = Object.entries(rest).filter((entry): entry is [string, Written] => entry[1] !== undefined);
      if (given.length === 0 && preset === undefined)
        context.addIssue({ code: 'custom', message: `expected at least one of ${listed(['preset', ...mechanisms.names])}; found none` });
      return { name, from, to, preset, mechanisms: Object.fromEntries(given) };
    });
  return z.array(policy).max(POLICIES_MAX).default([]).meta({ description: 'defences as they are configured, with their settings' });
}
