/**
 * JSON Schema in which what stands in several places is written once, under `$defs`. By what it says, not by which object it came from: the same
 * words are built anew for each fault and check. What a reader gets wrong: a map of schemas, like `properties`, is no schema itself.
 */
import type { z } from 'zod';

type Schema = z.core.JSONSchema.BaseSchema;

/** Shorter parts are easier to read where they stand than by a reference. */
const LENGTH_MIN = 120;

const MAPS = new Set(['properties', 'patternProperties', '$defs']);
const LISTS = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
const SINGLE = new Set(['items', 'additionalProperties', 'propertyNames', 'not', 'if', 'then', 'else']);

/** Means the same as `whole`, and is shorter. Names come from the key under which a part stands first. */
export function shareParts(whole: Schema): Schema {
  const repeated = repeatedIn(whole);
  const defs: Record<string, Schema> = {};
  const references = new Map<string, string>();
  const rewrite = (schema: Schema, place: string): Schema => {
    const text = JSON.stringify(schema);
    if (!repeated.has(text)) return withParts(schema, place, rewrite);
    const known = references.get(text);
    if (known !== undefined) return { $ref: known };
    const name = freeName(place, { ...whole.$defs, ...defs });
    references.set(text, `#/$defs/${name}`);
    defs[name] = {};
    defs[name] = withParts(schema, place, rewrite);
    return { $ref: `#/$defs/${name}` };
  };
  const { $defs: own = {}, ...rest } = whole;
  const titled = Object.entries(own).map(([name, schema]) => [name, withParts(schema, name, rewrite)] as const);
  return { ...withParts(rest, '', rewrite), $defs: { ...Object.fromEntries(titled), ...defs } };
}

/** Texts of the parts that are met again; what is only within such a part counts once. */
function repeatedIn(whole: Schema): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  const visit = (schema: Schema): Schema => {
    const text = JSON.stringify(schema);
    if (seen.has(text)) repeated.add(text);
    else if (text.length >= LENGTH_MIN) seen.add(text);
    if (!repeated.has(text)) withParts(schema, '', visit);
    return schema;
  };
  visit(whole);
  return repeated;
}

/** The schema with each schema directly in it changed. */
function withParts(schema: Schema, place: string, change: (part: Schema, place: string) => Schema): Schema {
  const entries = Object.entries(schema).map(([keyword, value]) => {
    if (SINGLE.has(keyword) && isSchema(value)) return [keyword, change(value, place)];
    if (LISTS.has(keyword) && Array.isArray(value)) return [keyword, value.map((part: Schema) => change(part, place))];
    if (!MAPS.has(keyword) || !isSchema(value)) return [keyword, value];
    return [keyword, Object.fromEntries(Object.entries(value).map(([key, part]) => [key, change(part as Schema, key)]))];
  });
  return Object.fromEntries(entries) as Schema;
}

/** `true` and `false` are schemas too, and have no parts. */
function isSchema(value: unknown): value is Schema {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function freeName(wanted: string, taken: Readonly<Record<string, unknown>>): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}${number}`;
    if (!Object.hasOwn(taken, name)) return name;
  }
}
