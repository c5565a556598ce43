/** The parts of a JSON Schema, and what is made of them. What a reader gets wrong: a map of schemas, like `properties`, is no schema itself. */
import type { z } from 'zod';
import { isMap } from '../core/is-map.js';

export type Schema = z.core.JSONSchema.BaseSchema;

const MAPS = new Set(['properties', 'patternProperties', '$defs']);
const LISTS = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
const SINGLE = new Set(['items', 'additionalProperties', 'propertyNames', 'not', 'if', 'then', 'else']);

/** The schema with each schema directly in it changed. `place`: the key under which a part stands, or `schema` does. */
export function mapParts(schema: Schema, place: string, change: (part: Schema, place: string) => Schema): Schema {
  const entries = Object.entries(schema).map(([keyword, value]) => {
    // `true` and `false` are schemas too, and have no parts.
    if (SINGLE.has(keyword) && isMap(value)) return [keyword, change(value, place)];
    if (LISTS.has(keyword) && Array.isArray(value)) return [keyword, value.map((part: Schema) => change(part, place))];
    if (!MAPS.has(keyword) || !isMap(value)) return [keyword, value];
    return [keyword, Object.fromEntries(Object.entries(value).map(([key, part]) => [key, change(part as Schema, key)]))];
  });
  return Object.fromEntries(entries) as Schema;
}
