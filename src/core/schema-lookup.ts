/** Finds the part of a schema that describes a path of the data: what zod's issues leave out and good messages need, the known keys and the description. */
import { z } from 'zod';
import type { Path } from './document-path.js';
import { schemaBehind } from './written.js';

/** The schemas behind wrappers: optional, default, transform, union. Of a discriminated union only the option that the data chose. */
function unwrap(schema: z.core.$ZodType, data: unknown): readonly z.core.$ZodType[] {
  const inner = schemaBehind(schema);
  if (inner !== undefined) return unwrap(inner, data);
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
      return unwrap(def.innerType, data);
    case 'pipe':
      return unwrap(def.in, data);
    case 'union': {
      const options = def.options.filter((option) => fitsDiscriminator(option, def, data));
      return options.flatMap((option) => unwrap(option, data));
    }
    default:
      return [schema];
  }
}

function fitsDiscriminator(option: z.core.$ZodType, def: object, data: unknown): boolean {
  if (!('discriminator' in def) || typeof def.discriminator !== 'string') return true;
  const allowed = option._zod.propValues?.[def.discriminator];
  return allowed?.has(property(data, def.discriminator) as z.core.util.Primitive) ?? true;
}

function child(schema: z.core.$ZodType, segment: string | number): readonly z.core.$ZodType[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'object') return Object.hasOwn(def.shape, segment) ? [def.shape[segment] as z.core.$ZodType] : [];
  if (def.type === 'array') return [def.element];
  if (def.type === 'record') return [def.valueType];
  return [];
}

function schemasAt(root: z.ZodType, data: unknown, path: Path): readonly z.core.$ZodType[] {
  let schemas: readonly z.core.$ZodType[] = [root];
  let value = data;
  for (const segment of path) {
    schemas = schemas.flatMap((schema) => unwrap(schema, value)).flatMap((schema) => child(schema, segment));
    value = property(value, segment);
  }
  return schemas;
}

/** Keys that a map at this path may have; of alternatives all. */
export function knownKeys(root: z.ZodType, data: unknown, path: Path): readonly string[] {
  const here = valueAt(data, path);
  const keys = schemasAt(root, data, path)
    .flatMap((schema) => unwrap(schema, here))
    .flatMap((schema) => {
      const { def } = (schema as z.core.$ZodTypes)._zod;
      return def.type === 'object' ? Object.keys(def.shape) : [];
    });
  return [...new Set(keys)];
}

/** What the schema says about this path, if it says it once. */
export function descriptionAt(root: z.ZodType, data: unknown, path: Path): string | undefined {
  for (const schema of schemasAt(root, data, path)) {
    const description = z.globalRegistry.get(schema)?.description;
    if (description !== undefined) return description;
  }
  return undefined;
}

export function valueAt(data: unknown, path: Path): unknown {
  return path.reduce(property, data);
}

function property(value: unknown, segment: string | number): unknown {
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, segment)) return undefined;
  return (value as Readonly<Record<string | number, unknown>>)[segment];
}
