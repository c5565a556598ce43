/**
 * Places in JSON, by RFC 9535. The JSON is a caller's and may be made to hurt: its depth is bounded where a path descends, and the functions `match`
 * and `search` use expressions that take linear time, also when the expression comes out of the body.
 */
import { FunctionExpressionType, JSONPathEnvironment, type JSONPathQuery } from 'json-p3';
import { RE2JS } from 're2js';
import { z } from 'zod';

const PATH_CHARACTERS_MAX = 1_000;
/** Levels that `..` goes down; deeper, a path finds nothing. */
const DEPTH_MAX = 100;
const PATTERN_CHARACTERS_MAX = 1_000;

type Test = (regex: RE2JS, text: string) => boolean;

/** A function of filters on (text, expression); false for whatever is not both. */
function filterFunction(test: Test) {
  const { ValueType, LogicalType } = FunctionExpressionType;
  const call = (text: unknown, pattern: unknown): boolean => {
    if (typeof text !== 'string' || typeof pattern !== 'string' || pattern.length > PATTERN_CHARACTERS_MAX) return false;
    try {
      return test(RE2JS.compile(pattern), text);
    } catch {
      // RFC 9535 §2.4.6: an expression that is none matches nothing.
      return false;
    }
  };
  return { argTypes: [ValueType, ValueType], returnType: LogicalType, call };
}

const environment = new JSONPathEnvironment({ maxRecursionDepth: DEPTH_MAX });
environment.functionRegister.set(
  'match',
  filterFunction((regex, text) => regex.matches(text)),
);
environment.functionRegister.set(
  'search',
  filterFunction((regex, text) => regex.test(text)),
);

export const jsonPathSchema = z
  .string()
  .max(PATH_CHARACTERS_MAX)
  .superRefine((path, context) => {
    const problem = problemOf(path);
    if (problem !== undefined)
      context.addIssue({ code: 'custom', message: `expected a JSONPath of RFC 9535, like $.customer.tier; ${problem}` });
  });

/** What keeps it from being a path. */
export function problemOf(path: string): string | undefined {
  try {
    environment.compile(path);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The values at a place as text, one after the other: a string is itself, all else is its JSON. */
export type JsonTexts = (value: unknown) => Iterable<string>;

export function compileJsonPath(path: string): JsonTexts {
  const query = environment.compile(path);
  return (value) => textsOf(query, value);
}

function* textsOf(query: JSONPathQuery, value: unknown): Generator<string> {
  try {
    // The value is what JSON.parse has made of the body.
    for (const node of query.lazyQuery(value as Parameters<JSONPathQuery['lazyQuery']>[0])) {
      yield typeof node.value === 'string' ? node.value : JSON.stringify(node.value);
    }
  } catch {
    // Too deep to go down or to write out again: nothing is found there.
  }
}
