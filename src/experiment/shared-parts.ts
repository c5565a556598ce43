/**
 * JSON Schema in which what stands in several places is written once, under `$defs`. By what it says, not by which object it came from: the same
 * words are built anew for each fault and check.
 */
import { mapParts, type Schema } from './schema-parts.js';

/** Shorter parts are easier to read where they stand than by a reference. */
const LENGTH_MIN = 120;

/** Means the same as `whole`, and is shorter. Names come from the key under which a part stands first. */
export function shareParts(whole: Schema): Schema {
  const repeated = repeatedIn(whole);
  const defs: Record<string, Schema> = {};
  const references = new Map<string, string>();
  const rewrite = (schema: Schema, place: string): Schema => {
    const text = JSON.stringify(schema);
    if (!repeated.has(text)) return mapParts(schema, place, rewrite);
    const known = references.get(text);
    if (known !== undefined) return { $ref: known };
    const name = freeName(place, { ...whole.$defs, ...defs });
    references.set(text, `#/$defs/${name}`);
    defs[name] = {};
    defs[name] = mapParts(schema, place, rewrite);
    return { $ref: `#/$defs/${name}` };
  };
  const { $defs: own = {}, ...rest } = whole;
  const titled = Object.entries(own).map(([name, schema]) => [name, mapParts(schema, name, rewrite)] as const);
  return { ...mapParts(rest, '', rewrite), $defs: { ...Object.fromEntries(titled), ...defs } };
}

/** Texts of the parts that are met again; what is only within such a part counts once. */
function repeatedIn(whole: Schema): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  const visit = (schema: Schema): Schema => {
    const text = JSON.stringify(schema);
    if (seen.has(text)) repeated.add(text);
    else if (text.length >= LENGTH_MIN) seen.add(text);
    if (!repeated.has(text)) mapParts(schema, '', visit);
    return schema;
  };
  visit(whole);
  return repeated;
}

function freeName(wanted: string, taken: Readonly<Record<string, unknown>>): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}${number}`;
    if (!Object.hasOwn(taken, name)) return name;
  }
}
