/**
 * A field of which both forms are needed: as written (the daemon's API takes faults in the words of the plan, and people read `250ms`, not 250)
 * and as its own schema understands it.
 */
import { z } from 'zod';

export interface Written {
  written: unknown;
  params: unknown;
}

/** Which schema stands behind a `written` field: zod itself sees only `unknown` and a transform. */
const behind = new WeakMap<z.core.$ZodType, z.ZodType>();

export function written(schema: z.ZodType): z.ZodType<Written, unknown> {
  const input = z.unknown();
  behind.set(input, schema);
  return input.transform((value, context): Written => {
    const result = schema.safeParse(value);
    if (result.success) return { written: value, params: result.data };
    for (const issue of result.error.issues) context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
    return z.NEVER;
  });
}

/** The schema that a `written` field is checked by, found from the input side of that field; undefined for every other schema. */
export function schemaBehind(schema: z.core.$ZodType): z.ZodType | undefined {
  return behind.get(schema);
}
