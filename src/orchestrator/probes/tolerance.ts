/**
 * What an answer may be, in the forms that probes share: a value, `in`, `range`, `regex`, `jsonpath` with `expect`. Plain values and ranges
 * judge the figure of an answer (status, exit code, sample), `regex` and `jsonpath` its text. Texts are hostile: expressions take linear time.
 */
import { z } from 'zod';
import { compileJsonPath, jsonPathSchema } from '../../dataplane/faults/json-path.js';
import { compileRegex, regexSchema } from '../../dataplane/faults/text-test.js';

/** What was measured. */
export interface Measured {
  figure: number;
  /** Body or output; judged by the forms that look into text. */
  text: string;
}

const range = z
  .strictObject({ range: z.tuple([z.number(), z.number()]).meta({ description: 'lowest and highest that will do' }) })
  .refine(({ range: [low, high] }) => low <= high, { error: 'expected the lower end of the range first' });
const pattern = z.strictObject({ regex: regexSchema.meta({ description: 'RE2, found anywhere in the text' }) });

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const expectation = z.union([scalar, z.strictObject({ in: z.array(scalar).min(1).max(1_000) }), range, pattern]);
type Expectation = z.output<typeof expectation>;

/** Of a figure alone. */
export const figureTolerance = (figure: z.ZodType<number> = z.number()) =>
  z.union([figure, z.strictObject({ in: z.array(figure).min(1).max(1_000) }), range]);
/** Of a text alone. */
export const textTolerance = () =>
  z.union([
    pattern,
    z.strictObject({
      jsonpath: jsonPathSchema.meta({ description: 'a place in the JSON, by RFC 9535' }),
      expect: expectation.meta({ description: 'what every value there must be; no value is not met' }),
    }),
  ]);
/** Of a figure, or of the text that came with it. */
export const answerTolerance = (figure?: z.ZodType<number>) => z.union([...figureTolerance(figure).options, ...textTolerance().options]);
export type Tolerance = z.output<ReturnType<typeof answerTolerance>>;

/** True if the answer is among those that will do. Text that should be JSON and is not will not do. */
export function tolerates(tolerance: Tolerance, { figure, text }: Measured): boolean {
  if (typeof tolerance === 'number' || 'in' in tolerance || 'range' in tolerance) return matches(tolerance, String(figure));
  if ('regex' in tolerance) return matches(tolerance, text);
  const values = valuesAt(tolerance.jsonpath, text);
  return values.length > 0 && values.every((value) => matches(tolerance.expect, value));
}

/** It looks into the text, so the text has to be read. */
export function needsText(tolerance: Tolerance): boolean {
  return typeof tolerance === 'object' && ('regex' in tolerance || 'jsonpath' in tolerance);
}

/** `200`, `200 or 204`, `1 to 5`, `/ok/`, `$.state = ready`. */
export function toleranceWords(tolerance: Expectation | Tolerance): string {
  if (tolerance === null || typeof tolerance !== 'object') return String(tolerance);
  if ('in' in tolerance) return tolerance.in.join(' or ');
  if ('range' in tolerance) return tolerance.range.join(' to ');
  if ('regex' in tolerance) return `/${tolerance.regex}/`;
  return `${tolerance.jsonpath} = ${toleranceWords(tolerance.expect)}`;
}

/** By text: YAML's `5` and `"5"` are the same to whoever wrote them. */
function matches(expected: Expectation, value: string): boolean {
  if (expected === null || typeof expected !== 'object') return String(expected) === value;
  if ('in' in expected) return expected.in.some((one) => String(one) === value);
  if ('regex' in expected) return compileRegex(expected.regex)(value);
  const [low, high] = expected.range;
  const figure = value.trim() === '' ? Number.NaN : Number(value);
  return figure >= low && figure <= high;
}

function valuesAt(path: string, text: string): readonly string[] {
  try {
    return [...compileJsonPath(path)(JSON.parse(text))];
  } catch {
    return [];
  }
}
