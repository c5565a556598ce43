/** The language as JSON Schema, for editors: what may be written, with every description and unit. Built from the same schema that files are checked by. */
import { z } from 'zod';
import { schemaBehind } from '../core/written.js';
import { type Catalogs, shippedCatalogs } from './catalogs.js';
import { experimentSchema } from './schema/experiment.js';
import { shareParts } from './shared-parts.js';

/** Draft 2020-12, of the input side: quantities are strings with a unit, defaults may be left out. */
export function experimentJsonSchema(catalogs: Catalogs = shippedCatalogs): z.core.JSONSchema.BaseSchema {
  const parts: Parts = new Map();
  const whole = toJsonSchema(experimentSchema(catalogs), parts);
  return shareParts({ ...whole, $defs: Object.fromEntries(parts) });
}

/** Parts that are written once, by their title: a step may be made of steps. */
type Parts = Map<string, z.core.JSONSchema.BaseSchema>;

function toJsonSchema(schema: z.ZodType, parts: Parts): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const inner = schemaBehind(zodSchema);
      if (inner === undefined) return;
      const title = inner.meta()?.title;
      Object.assign(jsonSchema, title === undefined ? described(inner, parts) : { $ref: `#/$defs/${title}` });
      if (title === undefined || parts.has(title)) return;
      parts.set(title, {});
      parts.set(title, described(inner, parts));
    },
  });
}

function described(schema: z.ZodType, parts: Parts): z.core.JSONSchema.BaseSchema {
  const { $schema: _draft, ...rest } = toJsonSchema(schema, parts);
  return rest;
}
