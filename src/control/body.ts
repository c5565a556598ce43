/** Reads a JSON body or a query through a schema; what is wrong with it is said field by field. */
import type { Context } from 'hono';
import type { z } from 'zod';
import { LabError } from '../core/errors.js';
import { explainInLine } from '../core/explain.js';

export async function readBody<S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S>> {
  let json: unknown;
  try {
    const text = await c.req.text();
    json = text === '' ? {} : JSON.parse(text);
  } catch {
    throw new LabError('REQUEST_INVALID', { problems: 'the body is not JSON' });
  }
  return parse(schema, json, 'body');
}

/** Reads the query through a schema, likewise. */
export function readQuery<S extends z.ZodType>(c: Context, schema: S): z.output<S> {
  return parse(schema, c.req.query(), 'query');
}

function parse<S extends z.ZodType>(schema: S, given: unknown, what: string): z.output<S> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new LabError('REQUEST_INVALID', { problems: explainInLine(parsed.error, { schema, data: given, what }) });
}
