/**
 * The shape of a preset: one product, its settings in its own words with its own defaults, and the models of its defences that follow from them. A plan
 * that says `preset: envoy` holds the wire against these instead of repeating what the product's manual says.
 */
import type { z } from 'zod';
import type { Definition } from '../../core/catalog.js';
import type { Models } from './models.js';

export interface Preset<S extends z.ZodType = z.ZodType> extends Definition {
  /** The product's settings; everything has the product's default. */
  readonly schema: S;
  readonly example: z.input<S>;
  models(settings: z.output<S>): Models;
}

/** Keeps the schema's type for `models`; the erased form is what the catalog holds. */
export function definePreset<S extends z.ZodType>(preset: Preset<S>): Preset<S> {
  return preset;
}
