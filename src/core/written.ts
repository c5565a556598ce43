/**
 * Fields that are read by code of their own before a schema sees what is in them. zod sees only `unknown` and a transform there; who explains errors
 * or draws up JSON Schema finds the schema behind.
 */
import { z } from 'zod';

export interface Written {
  written: unknown;
  params: unknown;
}

const behind = new WeakMap<z.core.$ZodType, () => z.ZodType>();

/** What `read` makes of the value; `schema` is what it is described and explained by. A schema may stand behind a part of itself. */
export function readBy<O>(schema: () => z.ZodType, read: (value: unknown, context: z.core.$RefinementCtx) => O): z.ZodType<O, unknown> {
  const input = z.unknown();
  behind.set(input, schema);
  return input.transform(read);
}

/** Parses with the schema behind; its issues become the field's own. */
export function parseInto<S extends z.ZodType>(schema: S, value: unknown, context: z.core.$RefinementCtx): z.output<S> | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
  return undefined;
}

/**
 * A field of which both forms are needed: as written (the daemon's API takes faults in the words of the plan, and people read `250ms`, not 250)
 * and as its own schema understands it.
 */
export function written(schema: z.ZodType): z.ZodType<Written, unknown> {
  return readBy(
    () => schema,
    (value, context): Written => {
      const params = parseInto(schema, value, context);
      return context.issues.length > 0 ? z.NEVER : { written: value, params };
    },
  );
}

/** The schema that such a field is checked by, found from its input side; undefined for every other schema. */
export function schemaBehind(schema: z.core.$ZodType): z.ZodType | undefined {
  return behind.get(schema)?.();
}
