/** A product that a policy or a check names: by its name alone, which means its defaults, or with settings in its own words. */
import { z } from 'zod';
import { presets } from './catalog.js';
import type { Models } from './models.js';

/** Its settings, filled in with its defaults, by its name: there is exactly one. */
export type Product = Readonly<Record<string, unknown>>;

const names = presets.names as readonly [string, ...string[]];
const byName = Object.fromEntries(presets.all.map(({ name, schema, summary }) => [name, schema.optional().meta({ description: summary })]));

const settings = z
  .strictObject(byName)
  .refine((given) => Object.values(given).filter((each) => each !== undefined).length === 1, { error: 'expected one product' });

export const productSchema = z
  .union([z.enum(names), settings])
  .transform((given): Product => (typeof given === 'string' ? { [given]: presets.get(given)?.schema.parse({}) } : given));

/** Empty where none is named. */
export function modelsOfProduct(product: Product = {}): Models {
  const [found] = Object.entries(product).filter(([, given]) => given !== undefined);
  if (found === undefined) return {};
  // What was recorded under a preset's name was made by that preset's schema.
  return presets.get(found[0])?.models(found[1] as never) ?? {};
}
