/** JSON of other tools, checked against the part of their format that we read. */
import { type ParseError, parse } from 'jsonc-parser';
import { ZodError, type z } from 'zod';
import { LabError, reasonOf } from '../core/errors.js';
import { explainInLine } from '../core/explain.js';

/** Characters of one file. HAR files of an afternoon have tens of millions. */
const TEXT_LENGTH_MAX = 256 * 1024 * 1024;

/** Throws IMPORT_INVALID with the places that are not as expected. */
export function readJson<S extends z.ZodType>(text: string, { file, schema }: { file: string; schema: S }): z.output<S> {
  if (text.length > TEXT_LENGTH_MAX)
    throw new LabError('IMPORT_INVALID', { file, problems: `expected at most ${TEXT_LENGTH_MAX} characters` });
  let data: unknown;
  try {
    data = JSON.parse(text);
    return schema.parse(data);
  } catch (error) {
    const problems =
      error instanceof ZodError ? explainInLine(error, { schema, data }) : `expected JSON, found at ${placeOf(text)}: ${reasonOf(error)}`;
    throw new LabError('IMPORT_INVALID', { file, problems }, { cause: error });
  }
}

/** Line and column of the first thing that is not as JSON has it. */
function placeOf(text: string): string {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowEmptyContent: false });
  const before = text.slice(0, errors[0]?.offset ?? text.length).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

/** The value, or undefined where the text is no JSON; for a look at what it may be. */
export function peekJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
