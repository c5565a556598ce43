/** The language as JSON Schema, for editors: what may be written, with every description and unit. Built from the same schema that files are checked by. */
import { z } from 'zod';
import { schemaBehind } from '../core/written.js';
import { type Catalogs, shippedCatalogs } from './catalogs.js';
import { experimentSchema } from './schema/experiment.js';

/** Draft 2020-12, of the input side: quantities are strings with a unit, defaults may be left out. */
export function experimentJsonSchema(catalogs: Catalogs = shippedCatalogs): z.core.JSONSchema.BaseSchema {
  return toJsonSchema(experimentSchema(catalogs));
}

function toJsonSchema(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const inner = schemaBehind(zodSchema);
      if (inner === undefined) return;
      const { $schema: _draft, ...described } = toJsonSchema(inner);
      Object.assign(jsonSchema, described);
    },
  });
}
