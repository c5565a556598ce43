/** The language as JSON Schema, for editors: what may be written, with every description and unit. Built from the same schema that files are checked by. */
import { z } from 'zod';
import { schemaBehind } from '../core/written.js';
import { type Catalogs, shippedCatalogs } from './catalogs.js';
import { agendaSchema } from './schema/agenda.js';
import { experimentSchema } from './schema/experiment.js';
import { shareParts } from './shared-parts.js';

/** An experiment, or a game day that names several. Draft 2020-12, of the input side: quantities are strings with a unit, defaults may be left out. */
export function experimentJsonSchema(catalogs: Catalogs = shippedCatalogs): z.core.JSONSchema.BaseSchema {
  const parts: Parts = new Map();
  const { $schema: draft, ...experiment } = toJsonSchema(experimentSchema(catalogs), parts);
  const agenda = described(agendaSchema, parts);
  return shareParts({
    ...(draft !== undefined && { $schema: draft }),
    title: 'faultlab',
    // Not `anyOf`: an editor is to say what is wrong with what was meant, not that it is neither.
    if: { type: 'object', required: ['experiments'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema, in what nobody awaits
    then: { $ref: '#/$defs/agenda' },
    else: { $ref: '#/$defs/experiment' },
    $defs: { ...Object.fromEntries(parts), agenda, experiment },
  });
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
