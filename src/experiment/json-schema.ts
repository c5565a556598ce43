/** The language as JSON Schema, for editors: what may be written, with every description and unit. Built from the same schema that files are checked by. */
import { z } from 'zod';
import { schemaBehind } from '../core/written.js';
import { type Catalogs, shippedCatalogs } from './catalogs.js';
import { agendaSchema } from './schema/agenda.js';
import { experimentSchema } from './schema/experiment.js';
import type { Schema } from './schema-parts.js';
import { shareParts } from './shared-parts.js';
import { withTemplates } from './template-schema.js';

const IS_AGENDA: Schema = { type: 'object', required: ['experiments'] };

/** An experiment, or a game day that names several. Draft 2020-12, of the input side: quantities are strings with a unit, defaults may be left out. */
export function experimentJsonSchema(catalogs: Catalogs = shippedCatalogs): Schema {
  const parts: Parts = new Map();
  const { $schema: draft, ...experiment } = toJsonSchema(experimentSchema(catalogs), parts);
  const agenda = described(agendaSchema, parts);
  const whole: Schema = {
    ...(draft !== undefined && { $schema: draft }),
    title: 'faultlab',
    // Not `anyOf`: an editor is to say what is wrong with what was meant, not that it is neither. And no `then`, which would make a promise of it.
    allOf: [
      { if: IS_AGENDA, else: { $ref: '#/$defs/experiment' } },
      { if: { not: IS_AGENDA }, else: { $ref: '#/$defs/agenda' } },
    ],
    $defs: { ...Object.fromEntries(parts), agenda, experiment },
  };
  return shareParts(withTemplates(whole));
}

/** Of one part of the language alone: the parameters of a fault, say. */
export function partJsonSchema(schema: z.ZodType): Schema {
  const parts: Parts = new Map();
  const part = described(schema, parts);
  return parts.size === 0 ? part : { ...part, $defs: Object.fromEntries(parts) };
}

/** Parts that are written once, by their title: a step may be made of steps. */
type Parts = Map<string, Schema>;

function toJsonSchema(schema: z.ZodType, parts: Parts): Schema {
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

function described(schema: z.ZodType, parts: Parts): Schema {
  const { $schema: _draft, ...rest } = toJsonSchema(schema, parts);
  return rest;
}
